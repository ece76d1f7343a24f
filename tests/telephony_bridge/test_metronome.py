"""One timer for all that is paced, in virtual time: who is woken when, and that one's trouble is its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.rehearsal import virtual_time
from telephony_bridge.metronome import TICK_S, metronome

pytestmark = pytest.mark.unit


def test_those_due_within_a_tick_are_woken_together_and_in_order() -> None:
    async def play() -> list[tuple[str, float]]:
        loop, told = asyncio.get_running_loop(), []
        began = loop.time()

        def note(name: str) -> Callable[[], None]:
            return lambda: told.append((name, round(loop.time() - began, 6)))

        for name, after in (("second", 0.012), ("first", 0.0101), ("later", 0.016), ("now", 0.0)):
            metronome().call_at(began + after, note(name))
        await asyncio.sleep(1)
        return told

    told = virtual_time.run(play())
    assert [name for name, _ in told] == ["now", "second", "first", "later"]
    at = dict(told)
    assert at["now"] == 0.0
    assert at["first"] == at["second"]
    for name, due in (("first", 0.012), ("later", 0.016)):
        assert due <= at[name] + 1e-6 < due + TICK_S + 1e-5


def test_frames_of_20_ms_stay_at_one_distance_from_their_tick() -> None:
    async def play() -> list[float]:
        loop, late = asyncio.get_running_loop(), []
        origin = loop.time() + 0.0023

        def act(frame: int) -> None:
            late.append(loop.time() - origin - frame * 0.02)
            if frame < 200:
                metronome().call_at(origin + (frame + 1) * 0.02, lambda: act(frame + 1))

        metronome().call_at(origin, lambda: act(0))
        await asyncio.sleep(10)
        return late

    late = virtual_time.run(play())
    assert len(late) == 201
    assert max(late) - min(late) < 1e-6


def test_what_is_cancelled_is_not_called_and_what_fails_keeps_nobody_waiting() -> None:
    async def play() -> tuple[list[str], list[str]]:
        loop = asyncio.get_running_loop()
        told: list[str] = []
        failures: list[str] = []
        loop.set_exception_handler(lambda _, context: failures.append(str(context["exception"])))

        def fail() -> None:
            raise RuntimeError("broken")

        due = loop.time() + 0.01
        metronome().call_at(due, fail)
        metronome().call_at(due, lambda: told.append("cancelled")).cancel()
        metronome().call_at(loop.time(), lambda: told.append("cancelled too")).cancel()
        metronome().call_at(due, lambda: told.append("called"))
        await asyncio.sleep(1)
        return told, failures

    assert virtual_time.run(play()) == (["called"], ["broken"])
