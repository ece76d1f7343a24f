"""The turns of customers that a designer should hear: where a call went wrong, worst first, one of each call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.call.measures import CallMeasures, CustomerTurn, TurnKind
from bot.insight.calls import Recorded
from nlu.inventory import Sentiment

MOST = 10


class Reason(StrEnum):
    """Why a turn should be heard."""

    HUNG_UP = "hung_up"
    HUMAN = "human"
    ANGRY = "angry"
    NO_MATCH = "no_match"
    AGAIN = "again"
    ANXIOUS = "anxious"
    SILENCE = "silence"


WEIGHTS: Mapping[Reason, int] = {
    Reason.HUNG_UP: 5,
    Reason.HUMAN: 4,
    Reason.ANGRY: 3,
    Reason.NO_MATCH: 2,
    Reason.AGAIN: 2,
    Reason.ANXIOUS: 1,
    Reason.SILENCE: 1,
}
"""A turn's weight is the sum of its reasons'. Losing the customer weighs most; silence has little to be heard."""

WORDS: Mapping[Reason, str] = {
    Reason.HUNG_UP: "hung up after it",
    Reason.HUMAN: "asked for a human",
    Reason.ANGRY: "angry",
    Reason.NO_MATCH: "not understood",
    Reason.AGAIN: "again at this question",
    Reason.ANXIOUS: "anxious",
    Reason.SILENCE: "said nothing",
}


@dataclass(frozen=True, slots=True)
class WorstTurn:
    """One turn of a recorded call."""

    recorded: Recorded
    turn: CustomerTurn
    reasons: tuple[Reason, ...]

    @property
    def weight(self) -> int:
        return sum(WEIGHTS[reason] for reason in self.reasons)

    @property
    def why(self) -> str:
        return ", ".join(WORDS[reason] for reason in self.reasons)


def worst_turns(calls: Iterable[Recorded], most: int = MOST) -> list[WorstTurn]:
    """Of calls with a person; among equals the latest first."""
    found = [turn for recorded in calls if recorded.measures.with_person for turn in _worst_of(recorded)]
    latest_first = found[::-1]
    return sorted(latest_first, key=lambda one: -one.weight)[:most]


def _worst_of(recorded: Recorded) -> list[WorstTurn]:
    call = recorded.measures
    turns = [
        WorstTurn(recorded, turn, tuple(_reasons(call, call.turns[:n], turn))) for n, turn in enumerate(call.turns)
    ]
    worst = max(turns, key=lambda one: one.weight, default=None)
    return [worst] if worst is not None and worst.weight else []


def _reasons(call: CallMeasures, before: Sequence[CustomerTurn], turn: CustomerTurn) -> Iterator[Reason]:
    if turn.kind in {TurnKind.NO_MATCH, TurnKind.SILENCE}:
        yield Reason.NO_MATCH if turn.kind is TurnKind.NO_MATCH else Reason.SILENCE
        if any(one.kind is turn.kind and one.state == turn.state for one in before):
            yield Reason.AGAIN
    if turn.kind is TurnKind.HUMAN:
        yield Reason.HUMAN
    if turn.sentiment is Sentiment.ANGRY:
        yield Reason.ANGRY
    if turn.sentiment is Sentiment.ANXIOUS:
        yield Reason.ANXIOUS
    if turn is call.turns[-1] and any(one.state == turn.state and one.hung_up_here for one in call.questions):
        yield Reason.HUNG_UP
