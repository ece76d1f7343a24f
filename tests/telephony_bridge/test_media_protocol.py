"""What comes over a media websocket: metadata, audio of any cut, and the faults that end a link."""

from __future__ import annotations

import base64
import json
import random
from itertools import accumulate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from speech.audio import TELEPHONE, WIDEBAND
from telephony_bridge.media import MediaFault
from telephony_bridge.media_protocol import MAX_MESSAGE_BYTES, MediaProtocol, MediaProtocolError, RateCheck

pytestmark = pytest.mark.unit

METADATA = '{"call_id":"u-1","rate":"8000"}'


def announced(metadata: str = METADATA) -> MediaProtocol:
    protocol = MediaProtocol()
    protocol.receive_text(metadata)
    return protocol


def receive(protocol: MediaProtocol, message: str | bytes) -> None:
    if isinstance(message, str):
        protocol.receive_text(message)
    else:
        protocol.receive_binary(message, 0.0)


def fault_of(protocol: MediaProtocol, message: str | bytes) -> MediaFault:
    with pytest.raises(MediaProtocolError) as failed:
        receive(protocol, message)
    return failed.value.fault


def stream(protocol: MediaProtocol, frame_bytes: int) -> None:
    """Three seconds of messages, one every 20 ms."""
    for frame in range(150):
        protocol.receive_binary(bytes(frame_bytes), frame * 0.02)


def test_metadata_then_frames_counted_from_the_first_sample() -> None:
    protocol = announced()
    assert protocol.metadata == {"call_id": "u-1", "rate": "8000"}
    assert (protocol.format, protocol.two_way) == (TELEPHONE, False)
    first = protocol.receive_binary(b"\1\0" * 160, 0.0)
    second = protocol.receive_binary(b"\2\0" * 320, 0.02)
    assert first is not None
    assert second is not None
    assert (first.position, len(first), second.position, second.end) == (0, 160, 160, 480)


def test_metadata_in_base64_another_rate_and_a_two_way_link() -> None:
    protocol = announced(base64.b64encode(b'{"rate":"16000","two_way":"yes"}').decode())
    assert (protocol.format, protocol.two_way) == (WIDEBAND, True)


def test_later_texts_and_empty_messages_change_nothing() -> None:
    protocol = announced()
    protocol.receive_text("bye")
    assert protocol.receive_binary(b"", 0.0) is None
    assert protocol.metadata["call_id"] == "u-1"


@pytest.mark.parametrize(
    "metadata", ["", "hello", "[]", '{"rate":8000}', '{"rate":"44100"}', '{"rate":"-1"}', "{", "[" * 9000, "YWJj", "0"]
)
def test_metadata_that_is_none_is_malformed(metadata: str) -> None:
    assert fault_of(MediaProtocol(), metadata) is MediaFault.MALFORMED


def test_audio_before_metadata_is_malformed() -> None:
    assert fault_of(MediaProtocol(), b"\0\0") is MediaFault.MALFORMED


def test_half_a_sample_is_malformed() -> None:
    assert fault_of(announced(), b"\0" * 321) is MediaFault.MALFORMED


def test_a_message_above_the_limit_is_oversized() -> None:
    assert fault_of(announced(), bytes(MAX_MESSAGE_BYTES + 2)) is MediaFault.OVERSIZED
    assert fault_of(MediaProtocol(), " " * (MAX_MESSAGE_BYTES + 1)) is MediaFault.OVERSIZED


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
VALUES = st.sampled_from(["8000", "16000", "yes"]) | st.text(max_size=40)
METADATA_LIKE = st.dictionaries(st.sampled_from(["rate", "two_way", "call"]), VALUES)
AS_TEXT = (JSON | METADATA_LIKE).map(json.dumps)
TEXTS = st.text(max_size=50) | AS_TEXT | AS_TEXT.map(lambda text: base64.b64encode(text.encode()).decode())
LIMIT = 100


@given(st.lists(st.tuples(TEXTS | st.binary(max_size=120), st.floats(0, 2)), max_size=12))
@example([(json.dumps({"rate": "восемь"}), 0.0)])
def test_arbitrary_messages_raise_nothing_but_a_media_fault(messages: list[tuple[str | bytes, float]]) -> None:
    protocol = MediaProtocol(LIMIT)
    now, position, why = 0.0, 0, ""
    try:
        for message, wait in messages:
            now += wait
            if isinstance(message, str):
                protocol.receive_text(message)
            elif (frame := protocol.receive_binary(message, now)) is not None:
                assert (frame.position, frame.data) == (position, message)
                position = frame.end
            assert len(message) <= LIMIT
            assert protocol.announced
    except MediaProtocolError as error:
        why = str(error)
    assert why.isascii(), "it becomes the reason of a websocket's close, which is counted in bytes"


@given(st.lists(st.binary(max_size=40).map(lambda half: half * 2)))
def test_sound_cut_anyhow_is_the_same_sound(messages: list[bytes]) -> None:
    protocol = announced()
    frames = [frame for message in messages if (frame := protocol.receive_binary(message, 0.0)) is not None]
    assert b"".join(frame.data for frame in frames) == b"".join(messages)
    assert [frame.position for frame in frames] == list(accumulate(map(len, frames), initial=0))[:-1]


def test_twice_the_announced_rate_is_found_within_three_seconds() -> None:
    with pytest.raises(MediaProtocolError, match="about 16000 arrive") as failed:
        stream(announced(), 640)
    assert failed.value.fault is MediaFault.WRONG_RATE


def test_half_the_announced_rate_is_told_and_ends_nothing() -> None:
    protocol = announced('{"rate":"16000"}')
    assert protocol.too_slow is None
    stream(protocol, 320)
    assert protocol.too_slow == pytest.approx(8000, rel=0.05)


def wrong(arrivals: list[tuple[float, int]], rate: int = 8000) -> bool:
    check = RateCheck(rate)
    return any(check.add(samples, now) is not None for now, samples in sorted(arrivals))


def test_the_right_rate_with_the_jitter_of_a_busy_switch_passes() -> None:
    random.seed(7)
    assert not wrong([(frame * 0.02 + random.uniform(0, 0.23), 160) for frame in range(3000)])


def test_frames_of_another_length_and_joined_frames_pass() -> None:
    assert not wrong([(frame * 0.1, 800) for frame in range(300)])
    assert not wrong([(frame * 0.04, 320) for frame in range(300)])


def test_a_stall_and_the_burst_after_it_pass() -> None:
    assert not wrong([(frame * 0.02 if not 100 <= frame < 350 else 7.0, 160) for frame in range(900)])


def test_a_pause_and_a_phone_that_sends_nothing_in_silence_pass() -> None:
    assert not wrong([(frame * 0.02 + (30 if frame > 200 else 0), 160) for frame in range(900)])
    assert not wrong([(second + frame * 0.02, 160) for second in range(20) for frame in range(20)])


def test_what_a_starved_loop_reads_late_and_then_fast_passes() -> None:
    """Half of the audio is read in its time for ten seconds; the rest is caught up with at twice the speed."""
    starved = [(frame * 0.04, 160) for frame in range(250)]
    catching_up = [(10 + frame * 0.01, 160) for frame in range(500)]
    assert not wrong(starved + catching_up + [(15 + frame * 0.02, 160) for frame in range(500)])


def test_twice_the_rate_is_found_in_the_middle_of_a_call_too() -> None:
    right = [(frame * 0.02, 160) for frame in range(3000)]
    assert wrong(right + [(60 + frame * 0.02, 320) for frame in range(150)])


def test_twice_the_rate_is_found_after_any_pause() -> None:
    pause = [(second, 160) for second in range(60)]
    assert wrong(pause + [(60 + frame * 0.02, 320) for frame in range(700)])
