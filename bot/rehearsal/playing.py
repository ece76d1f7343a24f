"""Plays a scenario: a customer who goes through its steps in a rehearsed call, judged when the call is over."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

from bot.call.order import CallOrder
from bot.call.service import CallService
from bot.call.tape import read_tape
from bot.call.transcript import transcript
from bot.rehearsal.coverage import Reached
from bot.rehearsal.judging import Trace, heard, judge
from bot.rehearsal.line import Line, Row, Said
from bot.rehearsal.rehearse import rehearse
from bot.rehearsal.scenario import Act, Interruption, Mode, ScenarioFile, Step, Talk, fits
from bot.vocabulary import Outcome

DAY = date(2026, 11, 24)
"""Every scenario is played on this Tuesday, so that "on Friday" is always the same day."""

REACTION_MS = 500
"""How long a customer takes to answer; longer than the pauses between the bot's sentences."""

NUMBER = "scenario"
"""What stands on the tape as the number that was called."""


@dataclass(frozen=True)
class Case:
    """One scenario in one language and mode."""

    file: ScenarioFile
    language: str
    mode: Mode

    @property
    def name(self) -> str:
        return f"{self.file.path.stem}-{self.language}-{self.mode}"

    @property
    def talk(self) -> Talk:
        return self.file.scenario.languages[self.language]


def cases(
    files: Iterable[ScenarioFile], modes: Collection[Mode], hears: Collection[str], language: str | None = None
) -> list[Case]:
    """What can be played of these scenarios. `hears`: the languages of the recogniser, which sound needs."""
    return [
        Case(file, spoken, mode)
        for file in files
        for spoken in file.scenario.languages
        for mode in Mode
        if mode in modes and mode in file.scenario.modes
        if language in {None, spoken} and (mode is Mode.TEXT or spoken in hears)
    ]


class Verdict(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    KNOWN_PROBLEM = "known problem"  # it fails, as the file says
    SOLVED = "solved"  # it passes, though the file says that it fails

    @property
    def good(self) -> bool:
        return self in {Verdict.PASSED, Verdict.KNOWN_PROBLEM}


@dataclass(frozen=True)
class Played:
    """What became of a case: `problem` names the place and what was expected; None where all went as it should.

    `transcript` is the whole talk, a line a turn; `seconds` is how long playing it took.
    """

    case: Case
    outcome: Outcome
    problem: str | None
    transcript: tuple[str, ...]
    tape: Path
    seconds: float
    reached: Reached

    @property
    def verdict(self) -> Verdict:
        if self.case.talk.known_problem:
            return Verdict.SOLVED if self.problem is None else Verdict.KNOWN_PROBLEM
        return Verdict.PASSED if self.problem is None else Verdict.FAILED

    @property
    def reason(self) -> str:
        """Why the verdict is not a plain pass, in a sentence."""
        match self.verdict:
            case Verdict.KNOWN_PROBLEM:
                return self.case.talk.known_problem
            case Verdict.SOLVED:
                return f"{self.case.file.path}: {self.case.name} passes now: take out its `known_problem`"
            case _:
                return self.problem or ""

    def report(self, turns: int = 12) -> str:
        """The reason and the last turns of the talk."""
        return "\n".join([self.reason, *self.transcript[-turns:], f"tape {self.tape}"])


async def play(service: CallService, case: Case) -> Played:
    """Raises what `rehearse` raises; the scenario must fit its script (`scenario.require_fit`)."""
    reached = Reached()
    began = time.monotonic()
    scenario = case.file.scenario
    source = service.scripts.sources(scenario.script)[0]
    script = service.equipment.prepare(source).script
    contact = {**script.example_contact(case.language), **case.talk.contact}
    customer = Customer(case.talk.steps)
    result = await rehearse(
        service,
        CallOrder(NUMBER, scenario.script, case.language, contact, DAY),
        customer.take_part,
        in_sound=case.mode is Mode.SOUND,
        hand_over_fails=scenario.hand_over,
        follow=reached.follow,
    )
    rows = read_tape(result.tape)[1]
    reached.ended(rows)
    return Played(
        case,
        result.outcome,
        _problem(case, customer, rows, result.outcome),
        tuple(_lines(rows)),
        result.tape,
        time.monotonic() - began,
        reached,
    )


def _problem(case: Case, customer: Customer, rows: Sequence[Row], outcome: Outcome) -> str | None:
    """The first thing that went wrong, with its place in the file."""
    for index in range(len(case.talk.steps)):
        problem = judge(case.talk.steps, index, customer.traces, customer.said, rows)
        if problem is not None:
            return f"{case.file.path}:{case.file.line_of(case.language, index)}: {problem}"
    expected = case.file.scenario.expect_outcome
    if outcome is not expected:
        return f"{case.file.path}:{case.file.line_of(case.language, None)}: expected {expected}, not {outcome}"
    return None


def _lines(rows: Sequence[Row]) -> Iterable[str]:
    for turn in transcript(rows):
        cut = " [interrupted]" if turn.interrupted else ""
        meaning = f" ({turn.intent})" if turn.intent else ""
        yield f"{turn.start_ms / 1000:6.1f} s  {turn.who:8}  {turn.text}{cut}{meaning}"


@dataclass
class Customer:
    """Goes through the steps of a scenario on a line."""

    steps: Sequence[Step]
    traces: list[Trace] = field(default_factory=list)
    said: Sequence[Said] = ()
    _since: int = 0
    _waits_from: float = 0.0

    async def take_part(self, line: Line) -> None:
        self.said = line.said
        for step in self.steps:
            trace = Trace(self._since, self._waits_from)
            self.traces.append(trace)
            if step.hear is not None:
                await self._hear(line, step.hear)
            if step.interrupt_at is not None:
                await self._interrupt(line, step.interrupt_at, trace)
            elif step.acts:
                self._begin(line, trace)
                await self._do(line, step)

    async def _hear(self, line: Line, cue: str) -> None:
        """Until such a prompt was said to its end, and then nothing for as long as it takes to answer."""
        while True:
            await line.until(lambda: heard(cue, line.said, self._since) is not None and line.said[-1].ended is not None)
            ended = line.said[-1].ended
            assert ended is not None
            if line.now - ended >= REACTION_MS - 1:  # the times of the tape are rounded
                break
            await line.pause(REACTION_MS - (line.now - ended))
        found = heard(cue, line.said, self._since)
        assert found is not None
        self._since = found[1] + 1

    async def _interrupt(self, line: Line, at: Interruption, trace: Trace) -> None:
        def sounding() -> Said | None:
            return next((said for said in line.said[self._since :] if fits(at.hear, said.prompt, said.text)), None)

        await line.until(lambda: sounding() is not None)
        said = sounding()
        assert said is not None
        await line.pause(max(0.0, said.began + at.ms - line.now))
        trace.interrupted = said
        if said.ended is None:
            self._begin(line, trace)
            self._since = line.said.index(said)  # they may still hear the rest of it
            await self._act(line, at)

    def _begin(self, line: Line, trace: Trace) -> None:
        trace.began = line.now
        self._since = len(line.said)

    async def _do(self, line: Line, step: Step) -> None:
        if step.hang_up:
            line.hang_up()
        elif step.silence:
            self._waits_from = max((said.ended or 0 for said in line.said), default=0)
            await line.until(lambda: len(line.said) > self._since)
        elif step.pause_ms is not None:
            await line.pause(step.pause_ms)
        else:
            await self._act(line, step)

    async def _act(self, line: Line, act: Act) -> None:
        if act.say is not None:
            await line.say(act.say)
        elif act.sound is not None:
            await line.sound(act.sound)
        elif act.dtmf is not None:
            await line.press(act.dtmf)
        self._waits_from = line.now
