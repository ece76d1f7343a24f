"""The switch's side of a rehearsal: what is played when, and how much of it was heard when it is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np
import pytest

from bot.rehearsal import virtual_time
from bot.rehearsal.leg import QUEUE_MS, RehearsalLeg, SteadyPace
from speech import wav
from speech.audio import TELEPHONE, Frame
from telephony_bridge.leg import Dtmf, HandedOver, HandOverFailed, HungUp, LegEvent, PlayoutEnded, PlayoutStarted
from telephony_bridge.line_status import HandOverFailure, HungUpBy
from telephony_bridge.wav import BadPrompt

pytestmark = pytest.mark.unit

START, STOP = SteadyPace().start_ms, SteadyPace().stop_ms
SECOND = TELEPHONE.rate


def told(
    act: Callable[[RehearsalLeg], Awaitable[None]], hand_over_fails: HandOverFailure | None = None
) -> list[tuple[int, LegEvent]]:
    """What the leg tells until a minute after `act`, each with its millisecond."""

    async def listen() -> list[tuple[int, LegEvent]]:
        leg, events = RehearsalLeg("a call", SteadyPace(hand_over_fails=hand_over_fails)), []
        clock = asyncio.get_running_loop().time

        async def follow() -> None:
            async for event in leg.events():
                events.append((round(clock() * 1000), event))

        following = asyncio.ensure_future(follow())
        await act(leg)
        await asyncio.wait([following], timeout=60)
        following.cancel()
        return events

    return virtual_time.run(listen())


async def wait(ms: float) -> None:
    await asyncio.sleep(ms / 1000)


def test_a_prompt_is_played_for_as_long_as_its_file(tmp_path: Path) -> None:
    path = tmp_path / "prompt.wav"
    wav.write(path, Frame.of(np.zeros(SECOND // 2, dtype=np.int16), SECOND))

    async def act(leg: RehearsalLeg) -> None:
        await leg.play(path, "p1")

    assert told(act) == [
        (START, PlayoutStarted("p1")),
        (START + 500, PlayoutEnded("p1", SECOND // 2, completed=True)),
    ]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadPrompt, match=r"nothing\.wav"):
        asyncio.run(RehearsalLeg("a call").play(tmp_path / "nothing.wav", "p1"))


def test_prompts_follow_each_other_without_a_gap() -> None:
    async def act(leg: RehearsalLeg) -> None:
        leg.say(SECOND, "p1")
        leg.say(SECOND, "p2")
        await wait(START + 500)
        leg.say(SECOND, "p3")

    names = [(ms - START, type(event).__name__, event.playout_id) for ms, event in told(act)]  # type: ignore[union-attr]
    assert names == [
        (0, "PlayoutStarted", "p1"),
        (1000, "PlayoutEnded", "p1"),
        (1000, "PlayoutStarted", "p2"),
        (2000, "PlayoutEnded", "p2"),
        (2000, "PlayoutStarted", "p3"),
        (3000, "PlayoutEnded", "p3"),
    ]


def test_after_a_pause_a_prompt_takes_its_time_to_start_again() -> None:
    async def act(leg: RehearsalLeg) -> None:
        leg.say(SECOND, "p1")
        await wait(5000)
        leg.say(SECOND, "p2")

    assert (5000 + START, PlayoutStarted("p2")) in told(act)


def test_stopping_tells_how_much_was_heard_and_drops_the_queue() -> None:
    async def act(leg: RehearsalLeg) -> None:
        leg.say(SECOND, "p1")
        leg.say(SECOND, "p2")
        await wait(START + 500)
        await leg.stop_playout()
        assert not leg.speaking

    heard = TELEPHONE.samples_for_ms(500 + STOP)
    assert told(act)[1:] == [
        (START + 500 + STOP, PlayoutEnded("p1", heard, completed=False)),
        (START + 500 + STOP, PlayoutEnded("p2", 0, completed=False)),
    ]


def test_what_had_not_begun_was_not_heard() -> None:
    async def act(leg: RehearsalLeg) -> None:
        leg.say(SECOND, "p1")
        await wait(START - STOP - 5)
        await leg.stop_playout()

    assert told(act) == [(START - 5, PlayoutEnded("p1", 0, completed=False))]


def test_what_ends_while_it_is_being_stopped_was_heard_whole() -> None:
    async def act(leg: RehearsalLeg) -> None:
        leg.say(SECOND, "p1")
        await wait(START + 1000 - STOP / 2)
        await leg.stop_playout()

    assert told(act)[1:] == [(START + 1000, PlayoutEnded("p1", SECOND, completed=True))]


def test_after_a_stop_the_next_prompt_is_played() -> None:
    async def act(leg: RehearsalLeg) -> None:
        leg.say(SECOND, "p1")
        await wait(500)
        await leg.stop_playout()
        await wait(0)
        leg.say(SECOND, "p2")

    assert told(act)[-1] == (500 + STOP + START + 1000, PlayoutEnded("p2", SECOND, completed=True))


def test_stopping_a_silent_line_tells_nothing() -> None:
    async def act(leg: RehearsalLeg) -> None:
        await leg.stop_playout()

    assert told(act) == []


def test_keys_and_the_end_are_told_and_the_end_once() -> None:
    async def act(leg: RehearsalLeg) -> None:
        leg.press("5")
        await leg.hang_up()
        leg.gone(HungUpBy.CUSTOMER)

    (_, key), (_, end) = told(act)
    assert key == Dtmf("5")
    assert isinstance(end, HungUp)
    assert end.by is HungUpBy.BOT


@pytest.mark.parametrize("fails", [None, HandOverFailure.UNREACHABLE])
def test_a_queue_takes_the_call_or_tells_why_not(fails: HandOverFailure | None) -> None:
    async def act(leg: RehearsalLeg) -> None:
        await leg.transfer("collections", {"summary": "none"})
        assert (leg.transferred_to, leg.variables) == ("collections", {"summary": "none"})

    became = HandedOver() if fails is None else HandOverFailed(fails)
    assert told(act, fails) == [(QUEUE_MS, became)]
