"""The conversations a worker holds: one turn at a time each, pinned to the script they began with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dialogue.worker.manifest import check_contact
from dialogue.worker.problems import Code, DialogueProblem
from dialogue.worker.turn import Json

if TYPE_CHECKING:
    from dialogue.worker.script import Position, Script
    from dialogue.worker.shelf import Shelf


@dataclass
class Conversation:
    """`turn` is the number of the last turn played; its request and answer are kept for a repeated request."""

    script: Script
    position: Position
    used: float
    request: Json
    answer: Json = field(default_factory=dict)
    turn: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Conversations:
    def __init__(self, shelf: Shelf, idle_seconds: float, clock: Callable[[], float]) -> None:
        self._shelf = shelf
        self._idle_seconds = idle_seconds
        self._clock = clock
        self._held: dict[str, Conversation] = {}

    def __len__(self) -> int:
        return len(self._held)

    async def start(self, request: Json) -> Json:
        """`Start` -> `Started`. The same request before the first turn gets the same answer."""
        script = await self._shelf.get(request["script"], request.get("version"))
        manifest, language = script.manifest, request["language"]
        if language not in manifest.languages:
            raise DialogueProblem(Code.UNKNOWN_LANGUAGE, f"the script {manifest.script} does not speak `{language}`")
        check_contact(manifest, request.get("slots", {}))
        self.forget_idle()
        name = request["conversation"]
        held = self._held.get(name)
        if held is None:
            position = script.position(name, language, request["day"], request.get("slots", {}))
            held = self._held[name] = Conversation(script, position, self._clock(), request)
        async with held.lock:
            if held.request != request or held.turn:
                raise DialogueProblem(Code.CONVERSATION_EXISTS, "a conversation of that name is going on")
            if not held.answer:
                await self._open(name, held)
        return held.answer

    async def _open(self, name: str, held: Conversation) -> None:
        try:
            reply = await held.script.open(held.position)
        except BaseException:
            self._held.pop(name, None)
            raise
        manifest = held.script.manifest
        held.answer = {
            "protocol": 1,
            "conversation": name,
            "script": manifest.script,
            "version": manifest.version,
            "reply": reply,
        }

    async def turn(self, name: str, request: Json) -> Json:
        """`Turn` -> `Replied`. The last turn, sent again, gets the same answer; a turn that fails may be sent anew."""
        held = self._held.get(name)
        if held is None:
            raise DialogueProblem(Code.UNKNOWN_CONVERSATION, "there is no such conversation here")
        async with held.lock:
            held.used = self._clock()
            number = request["turn"]
            if number == held.turn and request == held.request:
                return held.answer
            if number != held.turn + 1:
                raise DialogueProblem(Code.WRONG_TURN, f"turn {number} came where turn {held.turn + 1} is next")
            reply = await held.script.turn(
                held.position, request["intent"], request.get("sentiment", "neutral"), request.get("entities", [])
            )
            held.turn, held.request = number, request
            held.answer = {"protocol": 1, "turn": number, "reply": reply}
            return held.answer

    def end(self, name: str) -> None:
        self._held.pop(name, None)

    def forget_idle(self) -> None:
        """Drop conversations whose end was never told."""
        before = self._clock() - self._idle_seconds
        for name in [name for name, held in self._held.items() if held.used < before]:
            del self._held[name]
