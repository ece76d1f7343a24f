"""Watches how late this process's event loop is, and says whether it should take new calls."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from telephony_bridge.lateness import Lateness

log = structlog.get_logger(__name__)

LOOK_S = 0.05


@asynccontextmanager
async def watched_loop(limit_ms: int) -> AsyncIterator[Lateness]:
    """Above `limit_ms` it is overloaded, and the log says when that begins and ends."""
    lateness = Lateness(limit_ms / 1000)
    watching = asyncio.create_task(_watch(lateness), name="lateness of the loop")
    try:
        yield lateness
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def _watch(lateness: Lateness) -> None:
    loop = asyncio.get_running_loop()
    before = loop.time()
    while True:
        await asyncio.sleep(LOOK_S)
        now = loop.time()
        was_overloaded = lateness.overloaded
        lateness.note(now - before - LOOK_S, now - before)
        before = now
        if lateness.overloaded is not was_overloaded:
            late_ms = round(lateness.smoothed_s * 1000)
            if lateness.overloaded:
                log.warning("too late to take new calls", late_ms=late_ms)
            else:
                log.warning("in time again: new calls are taken", late_ms=late_ms)
