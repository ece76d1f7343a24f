"""The clock of a rehearsal: it stands still while something is worked out, and jumps when everything waits."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bot.rehearsal import virtual_time
from bot.rehearsal.virtual_time import InlineExecutor, Stuck

pytestmark = pytest.mark.unit


def now_ms() -> float:
    return asyncio.get_running_loop().time() * 1000


def test_hours_of_waiting_take_no_time() -> None:
    """Half a day, which a test run would notice."""

    async def wait() -> float:
        for _ in range(12):
            await asyncio.sleep(3600)
        return now_ms()

    assert virtual_time.run(wait()) == pytest.approx(12 * 3_600_000)


def test_time_begins_at_zero_and_stands_still_while_something_is_worked_out() -> None:
    async def work() -> tuple[float, float]:
        before = now_ms()
        for _ in range(100):
            await asyncio.sleep(0)
        return before, now_ms()

    assert virtual_time.run(work()) == (0.0, 0.0)


def test_what_waits_goes_on_in_order_and_to_the_millisecond() -> None:
    seen: list[tuple[float, str]] = []

    async def after(ms: float, name: str) -> None:
        await asyncio.sleep(ms / 1000)
        seen.append((now_ms(), name))

    async def work() -> None:
        await asyncio.gather(after(40_000, "last"), after(41, "third"), after(40, "first"), after(40, "second"))

    virtual_time.run(work())
    assert [name for _, name in seen] == ["first", "second", "third", "last"]
    assert [at for at, _ in seen] == pytest.approx([40, 40, 41, 40_000], abs=1e-6)


def test_a_limit_strikes_when_it_is_due_and_not_before() -> None:
    async def work() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(2):
                await asyncio.Event().wait()
        async with asyncio.timeout(2):
            await asyncio.sleep(1.999)
        return now_ms()

    assert virtual_time.run(work()) == pytest.approx(3999)


def test_a_call_in_which_nothing_will_ever_happen_is_told() -> None:
    async def work() -> None:
        await asyncio.sleep(1)
        await asyncio.Event().wait()

    with pytest.raises(Stuck, match="no timer is set"):
        virtual_time.run(work())


def test_what_goes_wrong_in_the_call_reaches_the_caller() -> None:
    async def work() -> None:
        await asyncio.sleep(1)
        raise LookupError("no such prompt")

    with pytest.raises(LookupError, match="no such prompt"):
        virtual_time.run(work())


def test_the_executor_works_on_the_callers_thread_and_takes_no_time() -> None:
    async def work() -> tuple[int, float]:
        thread = await asyncio.get_running_loop().run_in_executor(InlineExecutor(), threading.get_ident)
        return thread, now_ms()

    assert virtual_time.run(work()) == (threading.get_ident(), 0.0)


@pytest.mark.parametrize("error", [ValueError("bad grammar"), KeyboardInterrupt()])
def test_the_executor_hands_on_what_the_work_raises(error: BaseException) -> None:
    def work(reason: BaseException) -> None:
        raise reason

    assert InlineExecutor().submit(work, error).exception() is error
