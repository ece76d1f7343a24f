"""Where a customer sits: on the line's own tick, or in a thread beside it so that heavy work delays no line."""

from __future__ import annotations

import asyncio
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from speech.audio import TELEPHONE, Frame, silence
from telephony_bridge.simulated.customer import Customer, Said
from telephony_bridge.simulated.sound import TICK_MS, TICK_SAMPLES


class BadCustomer(TypeError):
    """A customer's answer is not 20 ms of L16 at 8 kHz."""


class Seat(Protocol):
    """One tick: hand over what is heard, get what is said."""

    def tick(self, heard: Frame) -> Said: ...

    async def close(self) -> None: ...


def seat_for(customer: Customer) -> Seat:
    return ThreadSeat(customer) if customer.blocking else LineSeat(customer)


class LineSeat:
    """Asks the customer within the tick."""

    def __init__(self, customer: Customer) -> None:
        self._customer = customer

    def tick(self, heard: Frame) -> Said:
        return checked(self._customer.hear_and_speak(heard))

    async def close(self) -> None:
        """Nothing to end."""


class ThreadSeat:
    """Asks the customer in a thread, one tick after the other, and takes the answers as they come.

    An answer is said one tick after its frame at the earliest. While the customer is late, silence is said; of the
    answers that then come at once, the silent ones are left out until the rest is on time again.
    """

    def __init__(self, customer: Customer) -> None:
        self._customer = customer
        self._heard: asyncio.Queue[Frame] = asyncio.Queue()
        self._said: deque[Said] = deque()
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="customer")
        self.work = asyncio.create_task(self._listen(), name="simulated customer")

    def tick(self, heard: Frame) -> Said:
        """Raises what the customer raised."""
        if self.work.done():
            self.work.result()
        self._heard.put_nowait(heard)
        while len(self._said) > 1 and _says_nothing(self._said[0]):
            self._said.popleft()
        if not self._said:
            return Said(silence(TELEPHONE, TICK_MS, heard.position))
        return self._said.popleft()

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            heard = await self._heard.get()
            answer = await loop.run_in_executor(self._executor, self._customer.hear_and_speak, heard)
            self._said.append(checked(answer))
            self._heard.task_done()

    async def caught_up(self) -> None:
        """Wait until everything heard so far is answered."""
        await self._heard.join()

    async def close(self) -> None:
        self.work.cancel()
        await asyncio.gather(self.work, return_exceptions=True)
        self._executor.shutdown(wait=False, cancel_futures=True)


def checked(said: Said) -> Said:
    """The customer's answer, if its audio is what a line carries. Raises `BadCustomer`."""
    if said.audio.format != TELEPHONE or len(said.audio) != TICK_SAMPLES:
        raise BadCustomer(
            f"a customer said {len(said.audio)} samples of {said.audio.format}; "
            f"a tick is {TICK_SAMPLES} samples of {TELEPHONE}"
        )
    return said


def _says_nothing(said: Said) -> bool:
    return not (said.digits or said.hang_up or any(said.audio.data))
