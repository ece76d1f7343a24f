"""How long a test waits for what is bound to come: long enough for a slow machine, and never for ever.

Nothing is measured against it; it only ends a test that would hang, where it can still be said for what it waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

T = TypeVar("T")

PATIENCE_S = 120


async def soon(awaited: Awaitable[T]) -> T:
    return await asyncio.wait_for(awaited, PATIENCE_S)


async def unless_ended(task: asyncio.Task[Any], awaited: Awaitable[T]) -> T:
    """What comes while `task` runs. Raises the task's own error where it ends first, instead of waiting on."""
    waiting = asyncio.ensure_future(awaited)
    try:
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.wait({waiting, task}, return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            await task
            raise AssertionError(f"{task.get_name()} ended first")
        return await waiting
    finally:
        waiting.cancel()
