"""A sound device without sound: its microphone hears a customer of the simulated switch, as does its loudspeaker."""

from __future__ import annotations

import asyncio

import numpy as np

from bot.microphone.port import Gone, Heard, Wanted
from speech.audio import TELEPHONE, Frame, Samples
from telephony_bridge.simulated.customer import Customer

TICK_S = 0.02
TICK = TELEPHONE.samples_for_ms(20)


class SimulatedDevice:
    """20 ms at a time by the clock of the event loop."""

    def __init__(self, customer: Customer) -> None:
        self._customer = customer
        self._running: asyncio.Task[None] | None = None
        self._played = bytearray()
        self.gone: Gone = lambda why: None
        self.closed = False

    @property
    def played(self) -> Samples:
        """All that the loudspeaker played."""
        return np.frombuffer(bytes(self._played), dtype="<i2")

    def open(self, heard: Heard, wanted: Wanted, gone: Gone) -> None:
        self.gone = gone
        self._running = asyncio.get_running_loop().create_task(self._run(heard, wanted))

    def close(self) -> None:
        self.closed = True
        if self._running is not None:
            self._running.cancel()

    async def _run(self, heard: Heard, wanted: Wanted) -> None:
        loop = asyncio.get_running_loop()
        begun, ticks = loop.time(), 0
        while True:
            ticks += 1
            await asyncio.sleep(begun + ticks * TICK_S - loop.time())
            played = wanted(TICK)
            position = len(self._played) // 2
            self._played += played
            heard(self._customer.hear_and_speak(Frame(TELEPHONE, played, position)).audio.data)
