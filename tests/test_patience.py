"""Waiting for something that somebody else has to bring about."""

from __future__ import annotations

import asyncio

import pytest

from tests.patience import unless_ended

pytestmark = pytest.mark.unit


async def test_what_comes_while_the_task_runs_is_returned() -> None:
    running = asyncio.create_task(asyncio.Event().wait())
    assert await unless_ended(running, asyncio.sleep(0, "it")) == "it"
    assert not running.done()
    running.cancel()


async def test_a_task_that_fails_is_not_waited_out() -> None:
    async def fails() -> None:
        raise OSError("the port is taken")

    with pytest.raises(OSError, match="the port is taken"):
        await unless_ended(asyncio.create_task(fails()), asyncio.Event().wait())


async def test_a_task_that_ends_without_it_is_named() -> None:
    ending = asyncio.create_task(asyncio.sleep(0), name="the peer")
    with pytest.raises(AssertionError, match="the peer ended first"):
        await unless_ended(ending, asyncio.Event().wait())
