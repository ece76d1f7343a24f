"""The worker's book of conversations: turn numbers, repeats, forgetting. The script is a fake, time is counted."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from dialogue.worker.conversations import Conversations
from dialogue.worker.manifest import Manifest
from dialogue.worker.problems import Code, DialogueProblem

pytestmark = pytest.mark.unit

NOTHING: dict[str, Any] = {}
MANIFEST = Manifest("s", "v1", ("en",), {}, frozenset(), frozenset(), NOTHING, NOTHING, NOTHING, NOTHING)


class FakeScript:
    manifest = MANIFEST

    def __init__(self) -> None:
        self.playing = 0
        self.most_at_once = 0
        self.opens = True

    def position(self, *_: Any) -> Any:
        return SimpleNamespace()

    async def open(self, position: Any) -> dict[str, Any]:
        if not self.opens:
            raise DialogueProblem(Code.NO_REPLY, "no opening")
        return {"steps": []}

    async def turn(self, position: Any, intent: str, sentiment: str, entities: Any) -> dict[str, Any]:
        self.playing += 1
        self.most_at_once = max(self.most_at_once, self.playing)
        await asyncio.sleep(0)  # lets another turn in, if nothing keeps it out
        self.playing -= 1
        if intent == "bad":
            raise DialogueProblem(Code.NO_REPLY, "no rule")
        return {"steps": [], "state": intent}


class Book:
    def __init__(self) -> None:
        self.now = 0.0
        self.script = FakeScript()
        self.held = Conversations(cast(Any, self), idle_seconds=60.0, clock=lambda: self.now)

    async def get(self, name: str, version: str | None) -> FakeScript:
        return self.script

    async def start(self, name: str) -> dict[str, Any]:
        return await self.held.start({"conversation": name, "script": "s", "language": "en", "day": "2030-05-01"})

    async def turn(self, name: str, number: int, intent: str = "affirm") -> dict[str, Any]:
        return await self.held.turn(name, {"turn": number, "source": "speech", "intent": intent})


async def refused(waiting: Any) -> Code:
    with pytest.raises(DialogueProblem) as caught:
        await waiting
    return caught.value.code


async def test_a_conversation_left_alone_is_forgotten_and_one_in_use_is_not() -> None:
    book = Book()
    await book.start("left")
    await book.start("used")
    book.now = 50.0
    await book.turn("used", 1)
    book.now = 61.0
    book.held.forget_idle()
    assert len(book.held) == 1
    assert await refused(book.turn("left", 1)) is Code.UNKNOWN_CONVERSATION
    await book.turn("used", 2)


async def test_a_new_conversation_makes_room() -> None:
    book = Book()
    await book.start("left")
    book.now = 61.0
    await book.start("new")
    assert len(book.held) == 1


async def test_an_opening_that_fails_leaves_nothing_behind() -> None:
    book = Book()
    book.script.opens = False
    assert await refused(book.start("c")) is Code.NO_REPLY
    assert len(book.held) == 0
    book.script.opens = True
    await book.start("c")


async def test_turns_of_one_conversation_are_played_one_after_the_other() -> None:
    book = Book()
    await book.start("c")
    await asyncio.gather(book.turn("c", 1), book.turn("c", 2), book.turn("c", 3))
    assert book.script.most_at_once == 1


async def test_a_turn_sent_twice_at_once_is_played_once() -> None:
    book = Book()
    await book.start("c")
    first, again = await asyncio.gather(book.turn("c", 1), book.turn("c", 1))
    assert first is again


async def test_the_number_of_a_failed_turn_is_free_for_another() -> None:
    book = Book()
    await book.start("c")
    assert await refused(book.turn("c", 1, "bad")) is Code.NO_REPLY
    assert (await book.turn("c", 1, "no_match"))["reply"]["state"] == "no_match"
    assert await refused(book.turn("c", 1, "affirm")) is Code.WRONG_TURN
