"""Calls counted by version, and by the question they were at. Every rate counts calls, never turns.

A call in which a customer was not understood three times at a question counts once there: so calls are independent of
each other, which the intervals need, and nobody who is never understood weighs three times.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.call.latency import percentiles
from bot.call.measures import CallMeasures, HandOver, QuestionMeasures
from bot.insight.intervals import Rate
from bot.vocabulary import Outcome

NO_RESULT = frozenset({Outcome.HUNG_UP, Outcome.NO_RESPONSE, Outcome.TECHNICAL_FAILURE, Outcome.UNCERTAIN})


class CallMeasure(StrEnum):
    """What may be so of a call with a person."""

    GOAL = "goal"  # ended as the script is meant to; counted where it is said which outcomes those are
    RESULT = "result"  # the script came to an outcome of its own
    LEFT_EARLY = "left_early"  # hung up within ten seconds
    HUNG_UP = "hung_up"  # the customer hung up before the bot took its leave
    HUMAN = "human"
    NO_MATCH = "no_match"
    SILENCE = "silence"
    INTERRUPTED = "interrupted"
    NEGATIVE = "negative"  # angry or anxious in at least one turn
    HANDED_OVER = "handed_over"  # a colleague took the call


class QuestionMeasure(StrEnum):
    """The same of a question that a call reached."""

    ANSWERED = "answered"
    NO_MATCH = "no_match"
    SILENCE = "silence"
    INTERRUPTED = "interrupted"
    HUMAN = "human"
    NEGATIVE = "negative"
    HUNG_UP = "hung_up"
    GOAL = "goal"  # the call that came here reached it in the end


class LeftAfter(StrEnum):
    """What was the last thing at a question before the customer hung up."""

    BEFORE = "before"  # the sentences that lead to it: it was not asked
    ASKED = "asked"  # it was asked, and the customer said nothing yet
    ANSWER = "answer"
    WISH = "wish"
    HUMAN = "human"
    NO_MATCH = "no_match"
    SILENCE = "silence"
    UNKNOWN = "unknown"


GOOD: frozenset[StrEnum] = frozenset(
    {CallMeasure.GOAL, CallMeasure.RESULT, QuestionMeasure.GOAL, QuestionMeasure.ANSWERED}
)
"""More of these is better; of the others, less. Those of `NEITHER` are neither good nor bad by themselves."""
NEITHER: frozenset[StrEnum] = frozenset({CallMeasure.HANDED_OVER, CallMeasure.INTERRUPTED, QuestionMeasure.INTERRUPTED})

OF_CALL: Mapping[CallMeasure, Callable[[CallMeasures], bool]] = {
    CallMeasure.RESULT: lambda call: call.outcome not in NO_RESULT,
    CallMeasure.LEFT_EARLY: lambda call: call.left_early,
    CallMeasure.HUNG_UP: lambda call: call.left,
    CallMeasure.HUMAN: lambda call: call.human_asked_at is not None,
    CallMeasure.NO_MATCH: lambda call: call.no_matches > 0,
    CallMeasure.SILENCE: lambda call: call.silences > 0,
    CallMeasure.INTERRUPTED: lambda call: call.interruptions > 0,
    CallMeasure.NEGATIVE: lambda call: call.negative_turns > 0,
    CallMeasure.HANDED_OVER: lambda call: call.hand_over is HandOver.TAKEN,
}
OF_QUESTION: Mapping[QuestionMeasure, Callable[[QuestionMeasures], bool]] = {
    QuestionMeasure.ANSWERED: lambda question: question.answered,
    QuestionMeasure.NO_MATCH: lambda question: question.no_matches > 0,
    QuestionMeasure.SILENCE: lambda question: question.silences > 0,
    QuestionMeasure.INTERRUPTED: lambda question: question.interruptions > 0,
    QuestionMeasure.HUMAN: lambda question: question.human_asked,
    QuestionMeasure.NEGATIVE: lambda question: question.negative_turns > 0,
    QuestionMeasure.HUNG_UP: lambda question: question.hung_up_here,
}


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Of `count` values in milliseconds, by nearest rank."""

    p50: float
    p95: float
    p99: float
    count: int


@dataclass(frozen=True, slots=True)
class QuestionSummary:
    """One question over the calls of a version.

    `reached`: of all calls with a person; the `rates` are of those that reached it. `waits`: milliseconds from the end
    of the question to the customer's first answer, in each call that has one; `waited` sums them up. `left_after`: the
    hang-ups by what came before them.
    """

    state: str
    reached: Rate
    rates: Mapping[QuestionMeasure, Rate]
    waits: tuple[float, ...]
    left_after: Mapping[LeftAfter, int]

    @property
    def waited(self) -> Percentiles | None:
        return _percentiles(self.waits)


@dataclass(frozen=True, slots=True)
class VersionSummary:
    """The calls that were made with one version.

    `dialled` counts all; `picked_up` those that were answered; the rates are of calls with a person. `outcomes`: how
    those ended, the most frequent first. `questions`: in the order in which calls come to them.
    """

    version: str
    dialled: int
    picked_up: int
    calls: int
    first: datetime | None
    last: datetime | None
    rates: Mapping[CallMeasure, Rate]
    outcomes: Mapping[Outcome, Rate]
    duration: Percentiles | None
    questions: tuple[QuestionSummary, ...]

    def question(self, state: str) -> QuestionSummary | None:
        return next((question for question in self.questions if question.state == state), None)


def summarise(version: str, calls: Sequence[CallMeasures], goals: Container[Outcome] = ()) -> VersionSummary:
    """`calls` are all of this version, whoever or whatever answered. `goals`: the outcomes that the script is for."""
    talked = [call for call in calls if call.with_person]
    dates = [call.at for call in calls if call.at is not None]
    outcomes = Counter(call.outcome for call in talked)
    rates = {one: _rate(map(happened, talked)) for one, happened in OF_CALL.items()}
    if goals:
        rates = {CallMeasure.GOAL: _rate(call.outcome in goals for call in talked), **rates}
    return VersionSummary(
        version,
        dialled=len(calls),
        picked_up=sum(call.picked_up for call in calls),
        calls=len(talked),
        first=min(dates, default=None),
        last=max(dates, default=None),
        rates=rates,
        outcomes={outcome: Rate(count, len(talked)) for outcome, count in outcomes.most_common()},
        duration=_percentiles(call.duration_ms for call in talked),
        questions=tuple(_question(state, talked, goals) for state in _in_order(talked)),
    )


def _question(state: str, calls: Sequence[CallMeasures], goals: Container[Outcome]) -> QuestionSummary:
    there = [(call, question) for call in calls for question in call.questions if question.state == state]
    at = [question for _, question in there]
    rates = {one: _rate(map(happened, at)) for one, happened in OF_QUESTION.items()}
    if goals:
        rates[QuestionMeasure.GOAL] = _rate(call.outcome in goals for call, _ in there)
    return QuestionSummary(
        state,
        Rate(len(at), len(calls)),
        rates,
        tuple(question.waited_ms for question in at if question.waited_ms is not None),
        dict(Counter(_left_after(question) for question in at if question.hung_up_here).most_common()),
    )


def _left_after(question: QuestionMeasures) -> LeftAfter:
    if not question.turns:
        return LeftAfter.ASKED if question.asked else LeftAfter.BEFORE
    return LeftAfter(question.turns[-1].kind)


def _in_order(calls: Sequence[CallMeasures]) -> list[str]:
    """By how many questions were asked before it, on average over the calls that reached it."""
    places: dict[str, list[float]] = {}
    for call in calls:
        for place, question in enumerate(call.questions):
            places.setdefault(question.state, []).append(place)
    return sorted(places, key=lambda state: (sum(places[state]) / len(places[state]), state))


def _rate(happened: Iterable[bool]) -> Rate:
    held = list(happened)
    return Rate(sum(held), len(held))


def _percentiles(values: Iterable[float]) -> Percentiles | None:
    held = list(values)
    found = percentiles(held)
    return None if found is None else Percentiles(found["p50"], found["p95"], found["p99"], len(held))
