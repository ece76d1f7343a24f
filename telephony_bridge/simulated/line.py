"""The line to a customer who has answered: 20 ms ticks on one origin, whatever the ticks before took."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable
from typing import Protocol

import structlog

from speech.audio import Frame, Samples
from telephony_bridge.simulated.customer import Customer, Said
from telephony_bridge.simulated.seat import Seat, seat_for
from telephony_bridge.simulated.sound import CHANNEL_RATE, TICK_MS, TICK_SAMPLES

log = structlog.get_logger(__name__)


class SwitchEnd(Protocol):
    """What the line asks of the switch at its other end, in each tick in this order."""

    def plays(self) -> Samples:
        """The 160 samples the customer hears in this tick."""
        ...

    def takes(self, said: Said, heard: Samples) -> None:
        """What the customer said and did in this tick, beside what they heard."""
        ...

    def line_failed(self) -> None:
        """The customer's code failed; the line is dead."""
        ...


class Line:
    """Ticks from the moment it is made until `cut`."""

    def __init__(self, name: str, customer: Awaitable[Customer], switch: SwitchEnd) -> None:
        self._name = name
        self._switch = switch
        self._seat: Seat | None = None
        self._position = 0
        self._is_cut = False
        origin = asyncio.get_running_loop().time()
        self._ticking = asyncio.create_task(self._tick_on_time(customer, origin), name=f"line {name}")

    def cut(self) -> None:
        """No tick begins after this."""
        self._is_cut = True

    async def closed(self) -> None:
        """Wait until the last tick is over and the customer's thread is let go; call `cut` first."""
        await asyncio.gather(self._ticking, return_exceptions=True)
        if self._seat is not None:
            await self._seat.close()

    async def _tick_on_time(self, customer: Awaitable[Customer], origin: float) -> None:
        """Tick k falls on origin + 20 k ms; late ticks follow at once."""
        loop = asyncio.get_running_loop()
        try:
            self._seat = seat = seat_for(await customer)
            for count in itertools.count(1):
                await asyncio.sleep(max(0.0, origin + count * TICK_MS / 1000 - loop.time()))
                if self._is_cut:
                    return
                self._tick(seat)
        except Exception as error:
            log.error("the simulated customer or its line failed; the call ends", call=self._name, error=error)
            self._switch.line_failed()

    def _tick(self, seat: Seat) -> None:
        heard = self._switch.plays()
        said = seat.tick(Frame.of(heard, CHANNEL_RATE, self._position))
        self._position += TICK_SAMPLES
        self._switch.takes(said, heard)
