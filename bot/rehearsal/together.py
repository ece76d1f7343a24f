"""Several conversations at once: while one waits for the dialogue worker, another computes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

AT_ONCE = 3

T = TypeVar("T")
R = TypeVar("R")


async def together(
    hold: Callable[[T], Awaitable[R]], wanted: Sequence[T], reached: Callable[[int], None], at_once: int = AT_ONCE
) -> list[R]:
    """What `hold` makes of each of `wanted`, in that order, `at_once` at a time; `reached` is told how many are over.

    Raises what `hold` raises; the others are broken off then.
    """
    free, done = asyncio.Semaphore(at_once), 0

    async def one(each: T) -> R:
        nonlocal done
        async with free:
            held = await hold(each)
        done += 1
        reached(done)
        return held

    tasks = [asyncio.ensure_future(one(each)) for each in wanted]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
