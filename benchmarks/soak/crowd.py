"""Keeps so many calls going, and accounts for each as soon as it is over."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from random import Random

from benchmarks.soak.accounts import Account, Ledger, account
from benchmarks.soak.houses import House
from bot.call.order import CallOrder, CallResult
from bot.call.tape import TapeError, read_tape

DAY = date(2026, 11, 24)
CONTACTS = {
    "repayment_reminder": {
        "bank_name": "Harbour Bank",
        "customer_name": "Peter Novak",
        "last4": "9021",
        "amount": "75.00 USD",
        "due_date": "2026-11-28",
    },
    "satisfaction_survey": {"bank_name": "Harbour Bank"},
}

ENDINGS = ("000",) * 17 + ("486", "404", "503")
"""Of the numbers: most answer, the others are busy, do not exist, or their network fails."""

APART_S = 0.25
"""Between the first calls."""
AFTER_A_REFUSAL_S = 1.0
"""Who is told that no switch takes a call does not ask again at once."""


class Crowd:
    """`active` is how many calls are on."""

    def __init__(self, houses: Sequence[House], seed: int, tapes: Path) -> None:
        self.ledger = Ledger()
        self.active = 0
        self._houses = houses
        self._random = Random(seed)
        self._tapes = tapes
        self._numbers = itertools.count(1)

    async def run(self, calls: int, goes_on: Callable[[], bool]) -> None:
        """So many at once while `goes_on`; returns when the last one is over."""
        async with asyncio.TaskGroup() as group:
            for _ in range(calls):
                group.create_task(self._one_after_another(goes_on), name="soak seat")
                await asyncio.sleep(APART_S)

    async def _one_after_another(self, goes_on: Callable[[], bool]) -> None:
        while goes_on():
            house = self._random.choice(self._houses)
            order = self._order()
            self.ledger.asked += 1
            self.active += 1
            told = await _told(house, order)
            self.active -= 1
            found = await asyncio.to_thread(self._account, order.number, told)
            self.ledger.enter(order.number, found, told)
            if found.with_colleague and isinstance(told, CallResult):
                for node in house.nodes:
                    node.tell({"hang_up": told.call_id})
            if isinstance(told, Exception):
                await asyncio.sleep(AFTER_A_REFUSAL_S)

    def _order(self) -> CallOrder:
        script = self._random.choice(sorted(CONTACTS))
        number = f"7{next(self._numbers):07d}{self._random.choice(ENDINGS)}"
        return CallOrder(number, script, "en", CONTACTS[script], DAY)

    def _account(self, number: str, told: CallResult | Exception) -> Account:
        """What was accounted for is removed; so what is left in the folder in the end is left over."""
        tapes = [told.tape] if isinstance(told, CallResult) else self._tapes_of(number)
        if len(tapes) != 1:
            return Account(None, f"it has {len(tapes)} tapes")
        found = account(tapes[0], told)
        if found.ending is not None:
            for suffix in (".jsonl", ".wav"):
                tapes[0].with_suffix(suffix).unlink(missing_ok=True)
        return found

    def _tapes_of(self, number: str) -> list[Path]:
        return [tape for tape in self._tapes.glob("*.jsonl") if _number_on(tape) == number]


async def _told(house: House, order: CallOrder) -> CallResult | Exception:
    try:
        return await house.service.place(order)
    except Exception as error:  # all that a caller can be told; what may be among it, the account says
        return error


def _number_on(tape: Path) -> str:
    """Empty where the tape went while it was looked for, as those do that are accounted for beside this one."""
    try:
        return str(read_tape(tape)[0]["number"])
    except TapeError:
        return ""
