"""What is sent when, and what is said to have been heard, held against a module that plays it: in virtual time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony_bridge.frame_queue import FRAME_MS, FRAME_SAMPLES, MAX_CATCH_UP_S, FrameQueue
from telephony_bridge.leg import LegEvent, PlayoutEnded, PlayoutStarted
from telephony_bridge.simulated.signals import BinaryPlayback
from telephony_bridge.simulated.wire import FromServer

pytestmark = pytest.mark.unit

AHEAD_MS = 60
FORK = BinaryPlayback(8000, 80, 40)
TICK_S = FRAME_MS / 1000


def speech(frames: float, value: int = 1000) -> bytes:
    return np.full(round(frames * FRAME_SAMPLES), value, dtype="<i2").tobytes()


class Talk:
    """A queue, and a module that plays each 20 ms what has come by then."""

    def __init__(self, ahead_ms: int = AHEAD_MS, playback: BinaryPlayback = FORK) -> None:
        self.queue = FrameQueue(ahead_ms)
        self.module = FromServer(playback)
        self.now = 0.0
        self.told: list[LegEvent] = []
        self.sent: list[float] = []
        self.heard: list[int] = []
        self._ticks = 0

    def wake(self) -> None:
        """Send what is due, as the shell does."""
        self.told += self.queue.events(self.now)
        while (data := self.queue.next_frame(self.now)) is not None:
            self.module.feed(data)
            self.sent.append(round(self.now, 6))
            self.queue.sent()
            self.told += self.queue.events(self.now)

    def run(self, seconds: float, stalled: bool = False) -> None:
        """Time passes; `stalled`: the sender does not get to run in it."""
        until = self.now + seconds
        while True:
            wait = None if stalled else self.queue.wait(self.now)
            tick = (self._ticks + 1) * TICK_S
            at = min(tick, until, self.now + wait if wait is not None else until)
            self.now = at
            if not stalled:
                self.wake()
            if at >= tick - 1e-9:
                self._ticks += 1
                self.heard += self.module.take().tolist()
            if at >= until - 1e-9:
                return

    def stop(self) -> None:
        self.told += self.queue.stop(self.now, flushed=True)
        self.module.drop()

    @property
    def sound(self) -> int:
        return int(np.count_nonzero(self.heard))


def test_a_talk_begins_with_what_the_module_keeps_in_hand_and_then_keeps_step() -> None:
    talk = Talk()
    talk.queue.add("a", speech(50))
    talk.wake()
    assert talk.sent == [0.0] * 4
    talk.run(0.1)
    assert talk.sent == [0.0] * 4 + [0.02, 0.04, 0.06, 0.08, 0.1]
    talk.run(2.0)
    assert talk.told == [PlayoutStarted("a"), PlayoutEnded("a", 50 * 160, completed=True)]
    assert (talk.sound, talk.module.underruns) == (50 * 160, 0)


@pytest.mark.parametrize("frames", [1, 3, 4, 5, 6, 7.5])
def test_the_end_of_a_talk_does_not_stay_in_the_module(frames: float) -> None:
    talk = Talk()
    for name in ("a", "b"):  # the second talk finds the module as the first left it
        talk.queue.add(name, speech(frames))
        talk.wake()
        talk.run(1.0)
    samples = round(frames * 160)
    assert talk.told == [
        PlayoutStarted("a"),
        PlayoutEnded("a", samples, completed=True),
        PlayoutStarted("b"),
        PlayoutEnded("b", samples, completed=True),
    ]
    assert talk.sound == 2 * samples


def test_two_playouts_follow_each_other_without_a_gap() -> None:
    talk = Talk()
    talk.queue.add("a", speech(5, 1))
    talk.queue.add("b", speech(5, 2))
    talk.wake()
    talk.run(1.0)
    assert [value for value in talk.heard if value] == [1] * 800 + [2] * 800
    first = next(place for place, value in enumerate(talk.heard) if value)
    assert all(talk.heard[first : first + 1600])


def test_ten_minutes_of_frames_do_not_drift() -> None:
    queue = FrameQueue(AHEAD_MS)
    queue.add("a", speech(600 * 50))
    now = 0.0
    while queue.next_frame(now) is not None:  # the burst at the beginning
        queue.sent()
    queue.events(now)
    for frame in range(1, 600 * 50 - 3):
        wait = queue.wait(now)
        assert wait is not None
        now += wait + 0.003  # every wait is 3 ms too long
        queue.events(now)
        assert queue.next_frame(now) is not None
        queue.sent()
        assert queue.next_frame(now) is None
        assert now == pytest.approx(frame * TICK_S + 0.003)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(0.0, 0.3), st.floats(0.0, 0.5)), max_size=8))
def test_no_stall_makes_a_burst_loses_a_sample_or_counts_as_heard_what_was_not(
    stalls: list[tuple[float, float]],
) -> None:
    talk = Talk()
    talk.queue.add("a", speech(100))
    talk.wake()
    for run, stall in stalls:
        talk.run(run)
        talk.run(stall, stalled=True)
        before = len(talk.sent)
        talk.wake()
        assert len(talk.sent) - before <= MAX_CATCH_UP_S / TICK_S + 2
    while not talk.queue.empty:
        talk.run(0.1)
    talk.run(0.1)
    assert talk.told == [PlayoutStarted("a"), PlayoutEnded("a", 16000, completed=True)]
    assert talk.sound == 16000


@settings(max_examples=50, deadline=None)
@given(st.floats(0.0, 2.5), st.floats(0.0, 0.06))
def test_a_stop_tells_what_was_heard_and_nothing_is_heard_after_it(at: float, stall: float) -> None:
    talk = Talk()
    talk.queue.add("a", speech(100))
    talk.queue.add("b", speech(100))
    talk.wake()
    talk.run(at / 2)
    talk.run(stall, stalled=True)
    talk.run(at / 2)
    talk.stop()
    heard, sent = talk.sound, len(talk.sent)
    ended = [event for event in talk.told if isinstance(event, PlayoutEnded)]
    assert [event.playout_id for event in ended] == ["a", "b"]
    assert not ended[1].completed
    # A frame counts as heard once it begins to sound: the last one may have begun, and not be over.
    assert ended[0].heard == 16000 if ended[0].completed else ended[1].heard == 0
    told = sum(event.heard for event in ended)
    assert abs(told - heard) <= 2 * FRAME_SAMPLES  # the module's ticks are not ours: they come just before or after
    talk.run(1.0)
    assert (talk.sound, len(talk.sent)) == (heard, sent)
    talk.queue.add("c", speech(10))
    talk.wake()
    talk.run(1.0)
    assert talk.sound == heard + 1600


def test_without_a_flush_the_next_talk_waits_for_what_the_module_still_plays() -> None:
    talk = Talk(playback=BinaryPlayback(8000))
    talk.queue.add("a", speech(100, 1))
    talk.wake()
    talk.run(0.1)
    talk.told += talk.queue.stop(talk.now)
    assert talk.told[-1] == PlayoutEnded("a", 6 * 160, completed=False)
    talk.queue.add("b", speech(10, 2))
    talk.wake()
    talk.run(0.5)
    assert [value for value in talk.heard if value] == [1] * 9 * 160 + [2] * 1600
    assert talk.told[-2:] == [PlayoutStarted("b"), PlayoutEnded("b", 1600, completed=True)]


def test_an_empty_prompt_is_over_at_once() -> None:
    talk = Talk()
    talk.queue.add("a", b"")
    talk.queue.add("b", speech(1))
    talk.wake()
    assert talk.told[:2] == [PlayoutStarted("a"), PlayoutEnded("a", 0, completed=True)]
    talk.run(0.5)
    assert talk.told[2:] == [PlayoutStarted("b"), PlayoutEnded("b", 160, completed=True)]


def test_with_idle_silence_a_frame_goes_every_20_ms_whatever_is_said() -> None:
    queue, now, sent, told = FrameQueue(idle_silence=True, transit_ms=40), 0.0, [], []
    for count in range(30):
        if count == 10:
            queue.add("a", speech(5))
        if count == 20:
            queue.add("b", speech(50))
        if count == 25:
            told += queue.stop(now)
        told += queue.events(now)
        while (data := queue.next_frame(now)) is not None:
            sent.append((round(now, 6), any(data)))
            queue.sent()
        wait = queue.wait(now)
        assert wait is not None
        now = (count + 1) * TICK_S
    assert [at for at, _ in sent] == [round(count * TICK_S, 6) for count in range(30)]
    assert [loud for _, loud in sent] == [10 <= count < 15 or 20 <= count < 25 for count in range(30)]
    assert told == [
        PlayoutStarted("a"),
        PlayoutEnded("a", 5 * FRAME_SAMPLES, completed=True),
        PlayoutStarted("b"),
        PlayoutEnded("b", 4 * FRAME_SAMPLES, completed=False),  # the fifth was on its way
    ]
