"""The customer of a chat: does on the line what a designer types, and notes it as steps of a scenario."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bot.chat.commands import Interrupts, KeepsSilent, Presses, Quits, Says
from bot.rehearsal.line import Line, Said
from bot.rehearsal.playing import REACTION_MS
from bot.rehearsal.scenario import Interruption, Step
from bot.rehearsal.text import spoken_ms

INTERRUPT_MS = 800
"""How far into a prompt an interruption comes; half-way through shorter ones."""

LISTENS_ON_MS = 2000
"""How long the customer of a saved scenario waits where the bot found nothing to answer."""

Act = Says | Presses | KeepsSilent | Interrupts | Quits


@dataclass(frozen=True, slots=True)
class Noted:
    """A step that was taken, and when, in milliseconds of the call."""

    step: Step
    began: float


class Typist:
    """`ask` blocks until the designer has typed an act; the clock of the call stands still meanwhile."""

    def __init__(self, ask: Callable[[], Act], tell: Callable[[str], None]) -> None:
        self._ask = ask
        self._tell = tell
        self._armed: str | None = None
        self._since = 0
        self._acted = 0  # lines of the tape before the last act
        self._interrupted = False
        self.noted: list[Noted] = []
        self.said: list[Said] = []

    async def take_part(self, line: Line) -> None:
        self.said = line.said
        while True:
            answered = await self._listen(line)
            act = self._ask()
            if isinstance(act, Interrupts):
                self._armed = act.words
                self._tell("noted: it will be said into what the bot says next. Now the customer's turn:")
                continue
            if not answered:
                self._note(Step(pause_ms=LISTENS_ON_MS), line)
                await line.pause(LISTENS_ON_MS)
            await self._do(line, act, answered)

    async def _listen(self, line: Line) -> bool:
        """Until it is the customer's turn. False where the bot found nothing in the last one that calls for words."""
        while True:
            await line.until(lambda: self._heard(line) or self._left_unanswered(line))
            if not self._heard(line):
                return False
            await line.quiet(REACTION_MS, since=self._since)
            if not line.in_queue:
                return True
            self._since = len(line.said)
            await line.until(lambda: not line.in_queue)

    def _heard(self, line: Line) -> bool:
        """Something was said to its end: what was cut off goes on, or gives way to something else."""
        return any(said.completed for said in line.said[self._since :])

    def _left_unanswered(self, line: Line) -> bool:
        """Whether the turn was considered, and nothing came of it; after an interruption, the bot speaks on."""
        kinds = {"decided", "consider", "consider_keys"}
        last = next((row for row in reversed(line.rows[self._acted :]) if row["kind"] in kinds), None)
        return not self._interrupted and last is not None and last["kind"] == "decided" and not last["steps"]

    async def _do(self, line: Line, act: Act, answered: bool) -> None:
        cue = line.said[-1].prompt if answered else None
        self._since, self._acted, self._interrupted = len(line.said), len(line.rows), False
        match act:
            case Says(words):
                self._note(Step(hear=cue, say=words), line)
                await line.say(words)
            case Presses(keys):
                self._note(Step(hear=cue, dtmf=keys), line)
                await line.press(keys)
            case KeepsSilent():
                self._note(Step(hear=cue, silence=True), line)
                await line.until(lambda: len(line.said) > self._since)
            case Quits():
                self._note(Step(hear=cue, hang_up=True), line)
                line.hang_up()
                await asyncio.Event().wait()  # the call ends, and with it the customer
        if self._armed is not None:
            words, self._armed = self._armed, None
            await self._interrupt(line, words)

    async def _interrupt(self, line: Line, words: str) -> None:
        await line.until(lambda: len(line.said) > self._since)
        said = line.said[self._since]
        ms = round(min(INTERRUPT_MS, spoken_ms(said.text) / 2))
        await line.pause(max(0.0, said.began + ms - line.now))
        self._note(Step(interrupt_at=Interruption(ms=ms, hear=said.prompt, say=words)), line)
        self._since, self._interrupted = line.said.index(said), True  # they may still hear the rest of it
        await line.say(words)

    def _note(self, step: Step, line: Line) -> None:
        self.noted.append(Noted(step, line.now))
