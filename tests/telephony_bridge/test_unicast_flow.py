"""A call's packets and the ports of all calls, in virtual time: what is heard, filled, broken off, and used again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.audio import Frame
from telephony_bridge.media import MediaFault
from telephony_bridge.media_protocol import MediaProtocolError
from telephony_bridge.unicast_flow import BROKEN_S, FILL_MS, GAP_S, MAX_PACKET_BYTES, REST_S, Ports, UnicastFlow

pytestmark = pytest.mark.unit

PACKET = b"\1\0" * 160
TICK_S = 0.02


def flow_with(packets: int) -> tuple[UnicastFlow, float]:
    """One that has heard so much, and when the next packet is due."""
    flow = UnicastFlow()
    for count in range(packets):
        assert flow.receive(PACKET, count * TICK_S) is not None
    return flow, packets * TICK_S


def test_packets_become_frames_one_after_another() -> None:
    flow = UnicastFlow()
    assert not flow.begun
    frames = [flow.receive(PACKET, count * TICK_S) for count in range(3)]
    assert [(frame.position, frame.data) for frame in frames if frame] == [(0, PACKET), (160, PACKET), (320, PACKET)]
    assert flow.begun
    assert flow.receive(b"", 0.06) is None


@pytest.mark.parametrize(
    ("packet", "fault"), [(b"\0", MediaFault.MALFORMED), (bytes(MAX_PACKET_BYTES + 2), MediaFault.OVERSIZED)]
)
def test_a_packet_that_is_no_audio_ends_it(packet: bytes, fault: MediaFault) -> None:
    flow, now = flow_with(3)
    with pytest.raises(MediaProtocolError) as caught:
        flow.receive(packet, now)
    assert caught.value.fault is fault


def test_a_channel_of_another_rate_is_told_of() -> None:
    flow = UnicastFlow()

    def two_seconds_and_more() -> None:
        for count in range(200):
            flow.receive(PACKET * 2, count * TICK_S)

    with pytest.raises(MediaProtocolError, match="8000 samples a second were announced, about 16000 arrive") as caught:
        two_seconds_and_more()
    assert caught.value.fault is MediaFault.WRONG_RATE


def test_what_was_lost_is_silence_so_that_time_stays_right() -> None:
    flow, now = flow_with(50)
    later = now + 2.5 * FILL_MS / 1000
    assert flow.receive(PACKET, later) is not None
    frames = flow.fill(later)
    assert all(not any(frame.data) for frame in frames)
    assert max(len(frame) for frame in frames) <= FILL_MS * 8
    assert frames[-1].end == pytest.approx(later * 8000, abs=160)
    assert flow.fill(later) == []


def test_a_stall_whose_packets_come_after_it_loses_nothing() -> None:
    flow, now = flow_with(50)
    late = now + 1.0
    for _ in range(50):
        flow.receive(PACKET, late)
    assert flow.fill(late) == []
    assert flow.fill(late + GAP_S) == []


@given(st.lists(st.floats(0, 3), max_size=30))
def test_frames_and_fillings_leave_no_hole_and_never_overlap(pauses: list[float]) -> None:
    flow, now, end = UnicastFlow(), 0.0, 0
    for pause in pauses:
        now += pause
        came: list[Frame | None] = [flow.receive(PACKET, now), *flow.fill(now)]
        for frame in came:
            assert frame is not None
            assert frame.position == end
            end = frame.end


def test_packets_that_stay_away_are_a_break_once_they_had_begun() -> None:
    assert not UnicastFlow().broken(60.0)
    flow, now = flow_with(1)
    assert not flow.broken(now + BROKEN_S - 2 * TICK_S)
    assert flow.broken(now + BROKEN_S)


def test_while_a_colleague_has_the_call_nothing_is_heard_and_nothing_is_missed() -> None:
    flow, now = flow_with(10)
    flow.leave()
    assert flow.receive(PACKET, now) is None
    assert flow.fill(now + 60) == []
    assert not flow.broken(now + 60)
    flow.come_back(now + 60)
    assert not flow.broken(now + 61)
    assert flow.broken(now + 60 + BROKEN_S)
    frame = flow.receive(PACKET, now + 61)
    assert frame is not None
    assert frame.position == 1600, "of what was said meanwhile there is nothing"
    assert sum(len(one) for one in flow.fill(now + 61)) == pytest.approx(61 * 8000, abs=320)


def test_ports_come_in_pairs_and_rest_before_they_are_used_again() -> None:
    ports = Ports(12001, 12005)
    assert [ports.take(0.0), ports.take(0.0), ports.take(0.0)] == [12002, 12004, None]
    ports.give_back(12004, 5.0)
    assert ports.take(5.0 + REST_S / 2) is None
    assert ports.take(5.0 + REST_S) == 12004


@pytest.mark.parametrize(("first", "last"), [(12001, 12002), (12000, 12000), (13000, 12000)])
def test_a_range_without_a_pair_is_refused(first: int, last: int) -> None:
    with pytest.raises(ValueError, match="no pair"):
        Ports(first, last)
