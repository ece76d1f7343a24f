"""What a rehearsed customer has of the call: they hear prompts, speak, cough, press keys, hang up.

A customer is a coroutine over a `Line`; it runs in the virtual time of the call and is ended with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.rehearsal.leg import RehearsalLeg
from telephony_bridge.line_status import HungUpBy

Row = Mapping[str, Any]


class CustomerVoice(Protocol):
    """How the customer makes themselves heard, in text or in sound."""

    def say(self, text: str) -> float:
        """Begin to say this now; returns for how many milliseconds they speak."""
        ...

    def sound(self, kind: str) -> float:
        """Begin to make a noise that is no words: see `bot.rehearsal.noises`. Returns its milliseconds."""
        ...


@dataclass(slots=True)
class Said:
    """A prompt that the customer heard, or is hearing. Times in milliseconds of the call.

    `start`: the sample (8 kHz) it began at, above 0 where it was said on after an interruption.
    """

    playout_id: str
    prompt: str
    text: str
    began: float
    start: int = 0
    ended: float | None = None
    completed: bool = False


class Line:
    """One customer's end of a call. `rows` are the lines of its tape so far."""

    def __init__(self, leg: RehearsalLeg, voice: CustomerVoice) -> None:
        self._leg = leg
        self._voice = voice
        self._changed = asyncio.Event()
        self._sent: dict[str, Row] = {}
        self._clock = asyncio.get_running_loop().time
        self._began = self._clock()
        self.rows: list[Row] = []
        self.said: list[Said] = []
        self.over = False

    @property
    def now(self) -> float:
        """Milliseconds since the answer."""
        return (self._clock() - self._began) * 1000

    @property
    def in_queue(self) -> bool:
        """The call is being handed over, and nobody is on the line yet."""
        kinds = {"transfer_leg", "handed_over", "hand_over_failed"}
        return next((row["kind"] for row in reversed(self.rows) if row["kind"] in kinds), None) == "transfer_leg"

    def observe(self, row: Row) -> None:
        """A line of the tape."""
        self.rows.append(row)
        match row["kind"]:
            case "speak":
                self._sent[row["playout_id"]] = row
            case "playout_started":
                sent = self._sent[row["playout_id"]]
                prompt = sent["prompt"]
                began, start = float(row["t"]), int(sent["start"])
                self.said.append(Said(row["playout_id"], prompt["name"], prompt["text"], began, start))
            case "playout_ended":
                for said in self.said:
                    if said.playout_id == row["playout_id"]:
                        said.ended, said.completed = float(row["t"]), bool(row["completed"])
            case "end_call":
                self.over = True
        self._changed.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Until something happened after which this holds."""
        while not holds():
            self._changed.clear()
            await self._changed.wait()

    async def quiet(self, ms: float, since: int = 0) -> None:
        """Until the bot has said something after its first `since` prompts and then nothing for so long."""
        while True:
            await self.until(lambda: len(self.said) > since and self.said[-1].ended is not None)
            heard = len(self.said)
            await asyncio.sleep(ms / 1000)
            if len(self.said) == heard:
                return

    async def pause(self, ms: float) -> None:
        await asyncio.sleep(ms / 1000)

    async def say(self, text: str) -> None:
        """Until it is said."""
        await self.pause(self._voice.say(text))

    async def sound(self, kind: str) -> None:
        await self.pause(self._voice.sound(kind))

    async def press(self, keys: str) -> None:
        for key in keys:
            self._leg.press(key)
            await self.pause(200)

    def hang_up(self) -> None:
        self._leg.gone(HungUpBy.CUSTOMER)
