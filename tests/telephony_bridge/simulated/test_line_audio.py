"""Sound on a simulated line: files, mixing and rates, customers, and the seat of one that is slow."""

from __future__ import annotations

import asyncio
import threading
import wave
from pathlib import Path

import numpy as np
import pytest

from speech.audio import TELEPHONE, WIDEBAND, Frame, Samples, silence
from telephony_bridge.simulated.customer import Customer, EchoCustomer, Said, ScriptedAudio, SilentCustomer, is_loud
from telephony_bridge.simulated.recording import LineRecording
from telephony_bridge.simulated.seat import BadCustomer, LineSeat, ThreadSeat, checked, seat_for
from telephony_bridge.simulated.signals import BinaryPlayback, Mix, StreamRequest
from telephony_bridge.simulated.sound import NotPlayable, load_sound
from telephony_bridge.simulated.wire import FromServer, ToServer, summed

pytestmark = pytest.mark.unit

QUIET = np.zeros(160, dtype=np.int16)


def constant(value: int, samples: int = 160) -> Samples:
    return np.full(samples, value, dtype=np.int16)


def write_wav(path: Path, samples: Samples, rate: int = 8000, channels: int = 1, width: int = 2) -> Path:
    with wave.open(str(path), "wb") as wav:
        wav.setnchannels(channels)
        wav.setsampwidth(width)
        wav.setframerate(rate)
        wav.writeframes(samples.astype("<i2").tobytes())
    return path


def ticks(customer: Customer, heard: list[Samples]) -> list[Said]:
    return [customer.hear_and_speak(Frame.of(samples, 8000, position * 160)) for position, samples in enumerate(heard)]


@pytest.mark.parametrize(("rate", "expected"), [(8000, 8000), (16000, 8000), (22050, 8000)])
def test_a_second_of_sound_is_8000_samples_at_any_rate(tmp_path: Path, rate: int, expected: int) -> None:
    assert len(load_sound(write_wav(tmp_path / "a.wav", constant(100, rate), rate))) == expected


def test_raw_files_and_stereo_files(tmp_path: Path) -> None:
    (tmp_path / "a.r16").write_bytes(constant(1000, 3200).tobytes())
    assert len(load_sound(tmp_path / "a.r16")) == 1600
    stereo = write_wav(tmp_path / "a.wav", np.tile(np.array([100, 300], dtype=np.int16), 80), channels=2)
    assert set(load_sound(stereo).tolist()) == {200}


def test_what_the_switch_cannot_play(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("not audio")
    (tmp_path / "a.mp3").write_bytes(b"")
    eight_bit = write_wav(tmp_path / "eight.wav", QUIET, width=1)
    for path in (tmp_path / "none.wav", tmp_path / "text.wav", tmp_path / "a.mp3", eight_bit):
        with pytest.raises(NotPlayable, match=path.name):
            load_sound(path)


def test_mono_carries_what_the_customer_says_and_stereo_both() -> None:
    said, heard = constant(10), constant(20)
    (mono,) = ToServer(StreamRequest("", Mix.MONO, 8000)).messages(said, heard)
    (mixed,) = ToServer(StreamRequest("", Mix.MIXED, 8000)).messages(said, heard)
    (stereo,) = ToServer(StreamRequest("", Mix.STEREO, 8000)).messages(said, heard)
    assert np.frombuffer(mono, "<i2").tolist() == [10] * 160
    assert np.frombuffer(mixed, "<i2").tolist() == [30] * 160
    assert np.frombuffer(stereo, "<i2").tolist() == [10, 20] * 160


@pytest.mark.parametrize("rate", [16000, 24000, 48000])
def test_every_tick_of_a_resampled_stream_fills_one_message(rate: int) -> None:
    wire = ToServer(StreamRequest("", Mix.MONO, rate))
    messages = [wire.messages(constant(1000), QUIET) for _ in range(100)]
    assert {len(each) for each in messages} == {1}
    assert {len(each[0]) for each in messages} == {rate // 50 * 2}
    assert np.frombuffer(messages[-1][0], "<i2").mean() == pytest.approx(1000, abs=5)


def test_the_sum_of_two_sides_is_clipped() -> None:
    assert summed(constant(30000), constant(30000))[0] == 32767
    assert summed(constant(-30000), constant(-30000))[0] == -32768


def test_audio_from_the_server_is_taken_tick_by_tick() -> None:
    inbox = FromServer(BinaryPlayback(8000))
    inbox.feed(constant(5, 200).tobytes() + b"\x00")
    assert inbox.take().tolist() == [5] * 160
    assert inbox.take().tolist() == [5] * 40 + [0] * 120
    assert not inbox.take().any()


def test_audio_from_the_server_at_another_rate_keeps_its_length() -> None:
    inbox = FromServer(BinaryPlayback(16000))
    for _ in range(50):
        inbox.feed(constant(1000, 320).tobytes())
    loud = sum(int(np.count_nonzero(inbox.take())) for _ in range(60))
    assert loud == pytest.approx(8000, abs=4)


def test_a_recording_has_both_sides_on_one_timeline(tmp_path: Path) -> None:
    recording = LineRecording(tmp_path / "a.wav")
    recording.write(constant(1), constant(2))
    recording.write(constant(3), constant(4))
    recording.close()
    with wave.open(str(tmp_path / "a.wav"), "rb") as wav:
        frames = np.frombuffer(wav.readframes(320), "<i2").reshape(-1, 2)
    assert frames[0].tolist() == [1, 2]
    assert frames[160].tolist() == [3, 4]
    assert len(frames) == 320


def test_a_silent_customer_leaves_when_patience_ends() -> None:
    said = ticks(SilentCustomer(hang_up_after_ms=60), [constant(5000)] * 4)
    assert [each.hang_up for each in said] == [False, False, True, True]
    assert not any(is_loud(each.audio) for each in said)


def test_an_echo_says_what_it_hears() -> None:
    (said,) = ticks(EchoCustomer(), [constant(77)])
    assert said.audio.samples().tolist() == [77] * 160


def test_what_counts_as_sound() -> None:
    assert is_loud(Frame.of(constant(-300), 8000))
    assert not is_loud(Frame.of(constant(299), 8000))


def test_recordings_wait_for_speech_and_then_quiet(tmp_path: Path) -> None:
    files = [write_wav(tmp_path / f"{level}.wav", constant(level, 200)) for level in (1000, 2000)]
    customer = ScriptedAudio(files, quiet_ms=40)
    before_any_speech = ticks(customer, [QUIET] * 5)
    assert not any(is_loud(each.audio) for each in before_any_speech)
    said = ticks(customer, [constant(5000), QUIET, constant(5000), QUIET, QUIET, QUIET, QUIET, QUIET])
    levels = [int(each.audio.samples()[0]) for each in said]
    assert levels == [0, 0, 0, 0, 1000, 1000, 0, 0]
    assert np.count_nonzero(said[5].audio.samples()) == 40
    said = ticks(customer, [constant(5000), QUIET, QUIET, QUIET, QUIET])
    assert [int(each.audio.samples()[0]) for each in said] == [0, 0, 2000, 2000, 0]
    said = ticks(customer, [constant(5000), QUIET, QUIET])
    assert [each.hang_up for each in said] == [False, False, True]


def test_an_answer_of_another_size_or_rate_is_refused() -> None:
    with pytest.raises(BadCustomer, match="a tick is 160 samples"):
        checked(Said(Frame.of(constant(0, 80), 8000)))
    with pytest.raises(BadCustomer, match="16000 Hz"):
        checked(Said(silence(WIDEBAND, 10)))


class Gate:
    """A blocking customer that answers each frame, once the gate is open, with what it heard."""

    blocking = True

    def __init__(self) -> None:
        self.open = threading.Event()

    def hear_and_speak(self, heard: Frame) -> Said:
        self.open.wait(20)
        return Said(heard)


async def test_a_slow_customer_is_silent_and_then_leaves_its_piled_up_silence_out() -> None:
    customer = Gate()
    seat = seat_for(customer)
    assert isinstance(seat, ThreadSeat)
    heard = [QUIET, constant(500), QUIET, QUIET, QUIET, constant(600)]
    said = [seat.tick(Frame.of(samples, 8000, index * 160)) for index, samples in enumerate(heard)]
    assert not any(any(each.audio.data) for each in said)
    customer.open.set()
    await seat.caught_up()
    later = [int(seat.tick(silence(TELEPHONE, 20)).audio.samples()[0]) for _ in range(2)]
    assert later == [500, 600]
    await seat.close()


class Failing:
    """A blocking customer that fails."""

    blocking = True

    def hear_and_speak(self, heard: Frame) -> Said:
        raise RuntimeError("broken customer")


async def test_a_failure_in_the_thread_reaches_the_line() -> None:
    seat = ThreadSeat(Failing())
    seat.tick(silence(TELEPHONE, 20))
    await asyncio.wait([seat.work])
    with pytest.raises(RuntimeError, match="broken customer"):
        seat.tick(silence(TELEPHONE, 20))
    await seat.close()


async def test_a_quick_customer_answers_in_the_same_tick() -> None:
    seat = seat_for(EchoCustomer())
    assert isinstance(seat, LineSeat)
    assert seat.tick(Frame.of(constant(9), 8000)).audio.samples()[0] == 9
    await seat.close()
