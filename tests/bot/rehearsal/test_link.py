"""The customer's audio in virtual time."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from bot.rehearsal import virtual_time
from bot.rehearsal.link import FRAME, RehearsalLink
from speech.audio import TELEPHONE, Frame, Samples
from telephony_bridge.media import MediaClosed

pytestmark = pytest.mark.unit


def tone(ms: float, height: int = 1000) -> Samples:
    return np.full(TELEPHONE.samples_for_ms(ms), height, dtype=np.int16)


def heard(link_ms: float, *puts: tuple[float, Samples, float]) -> tuple[list[Frame], list[float]]:
    """The frames of a link and when each came, where `puts` are (at ms, samples, in_ms)."""

    async def listen() -> tuple[list[Frame], list[float]]:
        loop = asyncio.get_running_loop()
        link = RehearsalLink("a call")
        for at_ms, samples, in_ms in puts:
            loop.call_later(at_ms / 1000, link.put, samples, in_ms)
        loop.call_later(link_ms / 1000, lambda: asyncio.ensure_future(link.close()))
        frames, times = [], []
        async for frame in link.frames():
            frames.append(frame)
            times.append(loop.time() * 1000)
        return frames, times

    return virtual_time.run(listen())


def whole(frames: list[Frame]) -> Samples:
    return np.concatenate([frame.samples() for frame in frames])


def test_a_quiet_line_is_silence_in_frames_of_20_ms_without_gaps() -> None:
    frames, times = heard(1000)
    assert [frame.position for frame in frames] == [FRAME * number for number in range(len(frames))]
    assert times == pytest.approx([20.0 * (number + 1) for number in range(len(times))])
    assert not whole(frames).any()


def test_positions_do_not_drift_in_a_long_call() -> None:
    frames, times = heard(600_000)
    assert times[-1] == pytest.approx(TELEPHONE.ms_for(frames[-1].end), abs=0.001)


def test_what_is_put_on_the_line_goes_out_from_the_next_frame_on_unchanged() -> None:
    said = np.arange(1, 1 + FRAME * 5 // 2, dtype=np.int16)  # ends within a frame
    line = whole(heard(500, (100.5, said, 0.0))[0])
    assert np.flatnonzero(line)[0] == TELEPHONE.samples_for_ms(100)
    assert np.array_equal(line[800 : 800 + said.size], said)
    assert not line[800 + said.size :].any()


def test_it_can_begin_later_to_the_sample() -> None:
    line = whole(heard(500, (100.5, tone(10), 130.0))[0])
    assert np.flatnonzero(line)[0] == TELEPHONE.samples_for_ms(230)


def test_sounds_at_the_same_time_are_mixed() -> None:
    line = whole(heard(500, (0.5, tone(100, 1000), 0.0), (40.5, tone(100, 500), 0.0))[0])
    levels = [int(line[TELEPHONE.samples_for_ms(ms)]) for ms in (20, 60, 120, 160)]
    assert levels == [1000, 1500, 500, 0]


def test_a_mix_that_is_too_loud_is_clipped_and_does_not_wrap_around() -> None:
    line = whole(heard(200, (0.5, tone(50, 30_000), 0.0), (0.5, tone(50, 30_000), 0.0))[0])
    assert line.max() == 32767
    assert line.min() == 0


def test_the_line_is_one_way() -> None:
    with pytest.raises(MediaClosed, match="one-way"):
        asyncio.run(RehearsalLink("a call").send(Frame.of(tone(20), TELEPHONE.rate)))
