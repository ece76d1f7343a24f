"""That the ears say when nobody listens to the link any more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest

from bot.call.ears import Ears
from bot.call.weighing import Bearing, Weight
from speech.audio import TELEPHONE, Frame
from speech.end_of_turn import Words

pytestmark = pytest.mark.unit


class Link:
    """One frame, then the end."""

    fault = None
    detail = "it is over"

    async def frames(self) -> AsyncIterator[Frame]:
        yield Frame(TELEPHONE, bytes(320))


class Recording:
    """Takes it, or breaks in a way that nobody foresaw."""

    def __init__(self, error: Exception | None) -> None:
        self._error = error

    def customer(self, frame: Frame) -> None:
        if self._error is not None:
            raise self._error


class Detector:
    def accept(self, frame: Frame) -> list[Any]:
        return []


def ears(error: Exception | None, told: list[str | None]) -> Ears:
    return Ears(
        cast(Any, Link()),
        cast(Any, Detector()),
        cast(Any, None),
        cast(Any, Recording(error)),
        ThreadPoolExecutor(1),
        tell=lambda event: None,
        weigh=lambda text, accepted, sound: Weight(Words.NONE, Bearing.NOTHING),
        unheard=told.append,
    )


def test_the_end_of_the_link_is_told() -> None:
    told: list[str | None] = []
    assert asyncio.run(ears(None, told).run()) == "ended: it is over"
    assert told == [None]


def test_an_error_of_the_ears_is_told_before_it_is_raised() -> None:
    told: list[str | None] = []
    with pytest.raises(ZeroDivisionError):
        asyncio.run(ears(ZeroDivisionError("no window"), told).run())
    assert told == ["ZeroDivisionError: no window"]
