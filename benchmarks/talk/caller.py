"""A benchmark customer's hands: waits for the bot's questions, speaks over them, and notes what was tried.

Works on a rehearsed line in virtual time as on a line of the simulated switch.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import random
from collections.abc import Awaitable, Callable

import numpy as np
from numpy.typing import NDArray

from benchmarks.edge import LOUD
from benchmarks.talk.cued_line import CuedLine
from benchmarks.talk.trial import Kind, Trial
from bot.rehearsal.line import Line, Said
from bot.rehearsal.sound import SoundLine
from bot.rehearsal.text import spoken_ms
from speech.audio import TELEPHONE, Samples

NOD = "uh huh"
"""Spoken; the synthesiser would spell "mhm" letter by letter. With closed lips it is `Kind.HUM`."""

QUIET_MS = 700
"""How long the bot is quiet before the customer takes the turn; longer than the pauses between its sentences."""
EARLIEST_MS = 250
LATEST_SHARE = 0.6
LATEST_MS = 1800
"""Where in a question customers come in: not on its first syllable, and early enough that it still sounds when
they are heard. The share is of the time its words take at the usual pace."""
SETTLES_WITHIN_S = 7.0
"""A prompt that a noise has stopped goes on after 3 s at the latest, and then sounds to its end."""


class Caller:
    """One customer of one call; `trials` grows as they go."""

    def __init__(self, line: Line, speak: Callable[[str], Samples], seed: int) -> None:
        """`speak` is the voice of the line, to know its silent edges."""
        self.line = line
        self.trials: list[Trial] = []
        self._speak = speak
        self._random = random.Random(seed)
        self._heard = 0
        self._ahead = math.inf

    @property
    def _now(self) -> float:
        """On the tape's clock, by the line of the tape that was seen with the least delay."""
        return self.line.now - self._ahead

    async def question(self) -> Said:
        """Until the next question begins to sound: a prompt the customer may answer and interrupt."""
        await self.line.until(lambda: any(_asks(said) for said in self.line.said[self._heard :]))
        index = next(i for i, said in enumerate(self.line.said) if i >= self._heard and _asks(said))
        self._heard = index + 1
        self._ahead = min(self._ahead, self.line.now - float(self.line.rows[-1]["t"]))
        return self.line.said[index]

    async def turn(self) -> None:
        """Until the bot has finished."""
        await self.line.quiet(QUIET_MS)

    async def say_in_turn(self, text: str) -> None:
        await self.turn()
        await self.line.say(text)

    async def press_in_turn(self, keys: str) -> None:
        await self.turn()
        await self.line.press(keys)

    async def disturb(self, kind: Kind, question: Said) -> bool:
        """Over the question that has just begun, at a moment of chance, a sound that means nothing.

        Then waits what becomes of it. False: the bot took it for a turn, and will speak of something else.
        """
        await self.line.pause(self._offset(question))
        began = self._now
        if kind is Kind.NOD:
            await self.line.say(NOD)
        else:
            await self.line.sound(kind.value)
        done = self._now
        undisturbed = await self._settled(question)
        self._note(Trial(kind, kind.value, began, done, len(self.line.rows), question.playout_id, question.prompt))
        return undisturbed

    async def echo(self, question: Said) -> bool:
        """The same, as the question comes back softer and later."""
        assert isinstance(self.line, CuedLine | SoundLine), "words have no echo"
        level, delay = -self._random.uniform(20, 30), self._random.uniform(120, 250)
        self.line.echo(level, delay)
        began = self._now + delay
        undisturbed = await self._settled(question)
        done = self._now
        self.line.end_echo()
        what = f"{-level:.0f} dB softer, {delay:.0f} ms later"
        self._note(Trial(Kind.ECHO, what, began, done, len(self.line.rows), question.playout_id, question.prompt))
        return undisturbed

    async def interrupt(self, text: str, question: Said) -> None:
        """Say it over the question that has just begun."""
        await self.line.pause(self._offset(question))
        began = self._now
        await self.line.say(text)
        done = self._now
        rows = len(self.line.rows)
        await self._within(lambda: any(row["kind"] == "decided" for row in self.line.rows[rows:]))
        trial = Trial(Kind.INTERRUPTION, text, began, done, len(self.line.rows), question.playout_id, question.prompt)
        self._note(trial)

    async def say_paused(self, kind: Kind, first: str, second: str) -> None:
        """In the customer's turn: two pieces with a silence of 200 to 700 ms between."""
        pause = self._random.uniform(200, 700)
        await self.turn()
        began = self._now
        await self.line.say(first)
        await self.line.pause(max(0.0, pause - self._edges(first, second)))
        await self.line.say(second)
        done = self._now
        rows = len(self.line.rows)
        await self._within(lambda: any(row["kind"] == "decided" for row in self.line.rows[rows:]))
        self._note(Trial(kind, f"{first} … {second}", began, done, len(self.line.rows), pause_ms=pause))

    def _offset(self, question: Said) -> float:
        return self._random.uniform(EARLIEST_MS, min(LATEST_MS, LATEST_SHARE * spoken_ms(question.text)))

    def _note(self, trial: Trial) -> None:
        self.trials.append(trial)

    async def _settled(self, question: Said) -> bool:
        """Until the question has been heard to its end, then or after a pause; or False, as the dialogue was asked."""
        first, rows = self.line.said.index(question), len(self.line.rows)

        def reacts() -> bool:
            return any(row["kind"].startswith("consider") for row in self.line.rows[rows:])

        def heard_out() -> bool:
            return any(said.completed for said in self.line.said[first:] if said.prompt == question.prompt)

        await self._within(lambda: reacts() or heard_out(), SETTLES_WITHIN_S + spoken_ms(question.text) / 1000)
        self._heard = len(self.line.said)
        return not reacts()

    async def _within(self, holds: Callable[[], bool], seconds: float = SETTLES_WITHIN_S) -> None:
        """Until this holds, or it takes too long."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.line.until(holds), seconds)

    def _edges(self, first: str, second: str) -> float:
        """The silence the voice itself leaves after the one and before the other, in milliseconds."""
        after, before = _loud(self._speak(first)), _loud(self._speak(second))
        return TELEPHONE.ms_for(int(np.argmax(after[::-1])) + int(np.argmax(before)))


Customer = Callable[[Caller], Awaitable[None]]


def _asks(said: Said) -> bool:
    return said.prompt.startswith("utter_ask_")


def _loud(samples: Samples) -> NDArray[np.bool_]:
    return np.abs(samples.astype(np.int32)) >= LOUD
