"""Runs a simulated switch for as long as a test needs it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telephony_bridge.simulated.switch import SimulatedSwitch
from tests.patience import unless_ended


@asynccontextmanager
async def serving(switch: SimulatedSwitch) -> AsyncIterator[SimulatedSwitch]:
    """Listening when entered, down when left. Raises what `serve` raises where it cannot listen."""
    task = asyncio.create_task(switch.serve(), name="the simulated switch")
    try:
        await unless_ended(task, switch.ready.wait())
        yield switch
    finally:
        await switch.close()
        await task
