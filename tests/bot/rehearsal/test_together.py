"""Several conversations at once."""

from __future__ import annotations

import asyncio

import pytest

from bot.rehearsal.together import together

pytestmark = pytest.mark.unit


def test_no_more_than_so_many_run_at_once_and_the_order_stays() -> None:
    running, most, told = 0, 0, list[int]()

    async def hold(number: int) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        for _ in range(10 - number):
            await asyncio.sleep(0)
        running -= 1
        return number * number

    assert asyncio.run(together(hold, range(7), told.append, at_once=2)) == [0, 1, 4, 9, 16, 25, 36]
    assert most == 2
    assert told == [1, 2, 3, 4, 5, 6, 7]


def test_what_one_raises_breaks_off_the_others() -> None:
    broken_off = list[int]()

    async def hold(number: int) -> None:
        if number == 1:
            raise ValueError("no")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            broken_off.append(number)
            raise

    async def all_of_them() -> None:
        with pytest.raises(ValueError, match="no"):
            await together(hold, range(3), lambda _: None)
        await asyncio.sleep(0)

    asyncio.run(all_of_them())
    assert broken_off == [0, 2]
