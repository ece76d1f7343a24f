"""Prompts as paced frames, in virtual time: what is sent when, what was heard, and what a stop leaves."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from speech.audio import TELEPHONE, WIDEBAND, AudioFormat, FormatMismatch, Frame
from telephony_bridge.frame_queue import FrameQueue
from telephony_bridge.leg import LegEvent, PlayoutEnded, PlayoutStarted
from telephony_bridge.media import MediaClosed, MediaFault
from telephony_bridge.metronome import Scheduled
from telephony_bridge.playout import FramePlayout, Pace
from telephony_bridge.wav import BadPrompt, prompt_length, prompt_samples
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.unit


class Time:
    """A clock that moves to what is scheduled, and stops for good at `until`."""

    def __init__(self, until: float = 1000.0) -> None:
        self.now = 0.0
        self.until = until
        self.reached = asyncio.Event()

    def call_at(self, moment: float, callback: Callable[[], None]) -> Scheduled:
        if moment > self.until:
            self.reached.set()
            return asyncio.get_running_loop().call_later(PATIENCE_S, callback)
        return asyncio.get_running_loop().call_soon(self._pass_to, moment, callback)

    def _pass_to(self, moment: float, callback: Callable[[], None]) -> None:
        self.now = max(self.now, moment)
        callback()


class Line:
    """A two-way link that notes what it is sent and when; it breaks after `limit` frames."""

    call_id = "u-1"
    metadata: Mapping[str, str] = {}
    two_way = True
    fault: MediaFault | None = None
    detail = ""

    def __init__(self, time: Time, format: AudioFormat = TELEPHONE, limit: int = 10_000) -> None:
        self.format = format
        self.time = time
        self.limit = limit
        self.slow = False
        self.refusal: Exception | None = None
        self.waited = 0
        self.sent: list[tuple[float, bytes]] = []
        self.texts: list[tuple[float, str]] = []

    async def frames(self) -> AsyncIterator[Frame]:
        return
        yield

    async def send(self, frame: Frame) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.waited += 1
        self.slow = False
        self.offer(frame)

    def offer(self, frame: Frame) -> bool:
        if len(self.sent) == self.limit:
            raise MediaClosed("dropped")
        if self.refusal is not None and not self.slow:
            raise self.refusal
        if not self.slow:
            self.sent.append((round(self.time.now, 6), frame.data))
        return not self.slow

    async def send_text(self, text: str) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.texts.append((round(self.time.now, 6), text))

    async def close(self) -> None:
        self.limit = 0


class Talk:
    """A playout on a line, and the events it told of with their times."""

    def __init__(self, time: Time, line: Line, flush: str | None = None) -> None:
        self.time = time
        self.told: list[tuple[float, LegEvent]] = []
        self.quiet = asyncio.Event()
        self.playout = FramePlayout(line, self.note, flush=flush, clock=lambda: time.now, call_at=time.call_at)

    def note(self, event: LegEvent) -> None:
        self.told.append((round(self.time.now, 6), event))
        if isinstance(event, PlayoutEnded):
            self.quiet.set()

    async def ended(self, count: int) -> None:
        while sum(isinstance(event, PlayoutEnded) for _, event in self.told) < count:
            self.quiet.clear()
            await self.quiet.wait()


def prompt(folder: Path, name: str, samples: int, rate: int = 8000) -> Path:
    path = folder / name
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes([len(name), 0]) * samples)
    return path


async def test_two_prompts_follow_each_other_without_a_gap(tmp_path: Path) -> None:
    time = Time()
    line = Line(time)
    talk = Talk(time, line)
    await talk.playout.play(prompt(tmp_path, "a.wav", 400), "a")
    await talk.playout.play(prompt(tmp_path, "bb.wav", 160), "b")
    await talk.ended(2)
    assert [at for at, _ in line.sent] == [0.0, 0.02, 0.04, 0.06]
    assert all(len(data) == 320 for _, data in line.sent)
    assert line.sent[2][1] == bytes([5, 0]) * 80 + bytes(160)  # the last frame is filled up with silence
    assert talk.told == [
        (0.0, PlayoutStarted("a")),
        (0.06, PlayoutEnded("a", 400, completed=True)),
        (0.06, PlayoutStarted("b")),
        (0.08, PlayoutEnded("b", 160, completed=True)),
    ]


async def test_a_stop_tells_how_much_was_heard_and_drops_the_queue(tmp_path: Path) -> None:
    time = Time(until=0.11)
    talk = Talk(time, Line(time))
    await talk.playout.play(prompt(tmp_path, "a.wav", 8000), "a")
    await talk.playout.play(prompt(tmp_path, "b.wav", 8000), "b")
    await time.reached.wait()
    await talk.playout.stop()
    assert [event for _, event in talk.told] == [
        PlayoutStarted("a"),
        PlayoutEnded("a", 6 * 160, completed=False),
        PlayoutEnded("b", 0, completed=False),
    ]
    time.until = 1000.0
    await talk.playout.play(prompt(tmp_path, "c.wav", 160), "c")
    await talk.ended(3)
    assert talk.told[-1][1] == PlayoutEnded("c", 160, completed=True)


async def test_a_stop_with_nothing_to_stop_says_nothing() -> None:
    time = Time()
    talk = Talk(time, Line(time))
    await talk.playout.stop()
    assert talk.told == []


async def test_a_link_that_breaks_ends_everything_with_the_reason(tmp_path: Path) -> None:
    time = Time()
    talk = Talk(time, Line(time, limit=2))
    await talk.playout.play(prompt(tmp_path, "a.wav", 8000), "a")
    await talk.playout.play(prompt(tmp_path, "b.wav", 8000), "b")
    await talk.ended(2)
    assert [event for _, event in talk.told] == [
        PlayoutStarted("a"),
        PlayoutEnded("a", 320, completed=False, problem="the media link is gone: dropped"),
        PlayoutEnded("b", 0, completed=False, problem="the media link is gone: dropped"),
    ]


@pytest.mark.parametrize("slow", [False, True])
@pytest.mark.parametrize(
    "refusal", [FormatMismatch(WIDEBAND, TELEPHONE, "the media link"), OSError("no buffer space")], ids=type
)
async def test_an_error_that_nobody_foresaw_ends_everything_with_it_and_is_logged(
    tmp_path: Path, refusal: Exception, slow: bool
) -> None:
    problem = f"{type(refusal).__name__}: {refusal}"
    time = Time()
    line = Line(time)
    talk = Talk(time, line)
    line.refusal, line.slow = refusal, slow
    with capture_logs() as logged:
        await talk.playout.play(prompt(tmp_path, "a.wav", 8000), "a")
        await talk.playout.play(prompt(tmp_path, "b.wav", 8000), "b")
        await talk.ended(2)
    assert [event for _, event in talk.told] == [
        PlayoutEnded("a", 0, completed=False, problem=problem),
        PlayoutEnded("b", 0, completed=False, problem=problem),
    ]
    assert [(one["log_level"], one["call_id"], one["error"]) for one in logged] == [("error", "u-1", refusal)]
    line.refusal, line.slow = None, False
    await talk.playout.play(prompt(tmp_path, "c.wav", 160), "c")
    await talk.ended(3)
    assert talk.told[-1][1] == PlayoutEnded("c", 160, completed=True)


@pytest.mark.parametrize("stopped", [False, True])
async def test_a_queue_that_fails_itself_leaves_no_prompt_without_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped: bool
) -> None:
    def broken(queue: FrameQueue, now: float) -> list[LegEvent]:
        raise ArithmeticError("no such frame")

    time = Time(until=0.11)
    talk = Talk(time, Line(time))
    if stopped:
        await talk.playout.play(prompt(tmp_path, "a.wav", 8000), "a")
        await time.reached.wait()
    monkeypatch.setattr(FrameQueue, "events", broken)
    with capture_logs():
        if stopped:
            await talk.playout.stop()
        else:
            await talk.playout.play(prompt(tmp_path, "a.wav", 8000), "a")
        await talk.ended(1)
    ended = PlayoutEnded("a", 0, completed=False, problem="ArithmeticError: no such frame")
    assert [event for _, event in talk.told if isinstance(event, PlayoutEnded)] == [ended]


async def test_a_stop_tells_what_was_heard_though_the_module_cannot_be_told(tmp_path: Path) -> None:
    time = Time(until=0.11)
    line = Line(time)
    talk = Talk(time, line, flush="killAudio")
    await talk.playout.play(prompt(tmp_path, "a.wav", 8000), "a")
    await time.reached.wait()
    line.refusal = OSError("no buffer space")
    with capture_logs() as logged:
        await talk.playout.stop()
    assert talk.told[-1][1] == PlayoutEnded("a", 6 * 160, completed=False)
    assert [one["error"] for one in logged] == [line.refusal]


async def test_a_file_that_is_no_prompt_is_told_as_a_problem(tmp_path: Path) -> None:
    time = Time()
    talk = Talk(time, Line(time))
    (tmp_path / "text.wav").write_text("hello")
    await talk.playout.play(tmp_path / "none.wav", "a")
    await talk.playout.play(tmp_path / "text.wav", "b")
    await talk.playout.play(prompt(tmp_path, "wide.wav", 160, rate=16000), "c")
    problems = [event.problem or "" for _, event in talk.told if isinstance(event, PlayoutEnded)]
    assert all(word in problem for word, problem in zip(["none.wav", "text.wav", "16000 Hz"], problems, strict=True))


async def test_a_wideband_link_is_refused() -> None:
    time = Time()
    with pytest.raises(FormatMismatch):
        Talk(time, Line(time, format=WIDEBAND))


def test_a_prompt_of_the_right_format(tmp_path: Path) -> None:
    path = prompt(tmp_path, "a.wav", 123)
    assert prompt_length(path) == 123
    assert len(prompt_samples(path)) == 246
    for read in (prompt_length, prompt_samples):
        with pytest.raises(BadPrompt, match=r"none\.wav"):
            read(tmp_path / "none.wav")


def test_a_late_frame_is_caught_up_and_a_long_hold_up_is_not() -> None:
    pace = Pace()
    assert pace.wait(0.0) == 0.0
    assert pace.wait(0.005) == pytest.approx(0.015)
    assert pace.wait(0.09) == 0.0  # due at 0.04: late
    assert pace.wait(0.09) == 0.0  # due at 0.06: still late
    assert pace.wait(0.09) == 0.0  # due at 0.08
    assert pace.wait(0.09) == pytest.approx(0.01)  # caught up
    assert pace.wait(5.0) == 0.0  # held up: counts from here
    assert pace.wait(5.0) == pytest.approx(0.02)


async def test_a_peer_that_reads_slowly_is_waited_for_and_then_all_goes_on(tmp_path: Path) -> None:
    time = Time()
    line = Line(time)
    talk = Talk(time, line)
    line.slow = True
    await talk.playout.play(prompt(tmp_path, "a.wav", 800), "a")
    await talk.ended(1)
    assert line.waited == 1
    assert len(line.sent) == 5
    assert talk.told[-1][1] == PlayoutEnded("a", 800, completed=True)
