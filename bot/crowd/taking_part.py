"""A simulated customer on the line of a rehearsed call."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.crowd.behaviour import Act, Behaviour, Question
from bot.rehearsal.line import Line
from bot.rehearsal.playing import REACTION_MS


@dataclass(frozen=True, slots=True)
class Did:
    """An act and when it began, in milliseconds of the call."""

    t: float
    act: Act


@dataclass
class TakingPart:
    behaviour: Behaviour
    did: list[Did] = field(default_factory=list)

    async def take_part(self, line: Line) -> None:
        since = 0
        while True:
            await line.quiet(REACTION_MS, since=since)
            since = len(line.said)
            if line.in_queue:
                await line.until(lambda: not line.in_queue)
                continue
            await line.pause(self.behaviour.pause_ms())
            since = len(line.said)
            await self._do(line, self.behaviour.next(open_question(line)))
            interjection = self.behaviour.interjection()
            if interjection is not None:
                await self._interject(line, interjection, since)
                since = len(line.said)

    async def _interject(self, line: Line, act: Act, since: int) -> None:
        """Into what the bot says next, if it still speaks by then."""
        await line.until(lambda: len(line.said) > since)
        await line.pause(self.behaviour.into_ms())
        if line.said[-1].ended is None:
            await self._do(line, act)

    async def _do(self, line: Line, act: Act) -> None:
        self.did.append(Did(line.now, act))
        if act.hang_up:
            line.hang_up()
        elif act.keys is not None:
            await line.press(act.keys)
        elif act.say is not None:
            await line.say(act.say)


def open_question(line: Line) -> Question:
    """What the last question that the customer heard waits for."""
    heard = {said.playout_id for said in line.said}
    for row in reversed(line.rows):
        if row["kind"] == "speak" and row["playout_id"] in heard:
            expectation = row["prompt"]["expectation"]
            if expectation["answer"] is not None:
                return Question(expectation["answer"], tuple(expectation["choices"]), expectation["length"])
    return Question()
