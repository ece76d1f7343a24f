"""The watch over the loop, in virtual time: what the loop does not get to do while it is held up counts as late."""

from __future__ import annotations

import asyncio

import pytest

from bot.call.admission import LOOK_S, watched_loop
from bot.rehearsal import virtual_time

pytestmark = pytest.mark.unit


def test_a_loop_that_only_waits_is_in_time() -> None:
    async def wait() -> tuple[float, bool]:
        async with watched_loop(100) as lateness:
            await asyncio.sleep(60)
            return lateness.smoothed_s, lateness.overloaded

    smoothed_s, overloaded = virtual_time.run(wait())
    assert smoothed_s == pytest.approx(0, abs=1e-6)
    assert not overloaded


def test_a_loop_that_is_held_up_again_and_again_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    async def wait() -> tuple[bool, bool]:
        loop = asyncio.get_running_loop()
        held_up, clock = 0.0, loop.time
        monkeypatch.setattr(loop, "time", lambda: clock() + held_up)
        async with watched_loop(100) as lateness:
            for _ in range(40):
                await asyncio.sleep(LOOK_S / 2)
                held_up += 0.3  # all that time something else had the processor
            late = lateness.overloaded
            await asyncio.sleep(60)
            return late, lateness.overloaded

    assert virtual_time.run(wait()) == (True, False)
