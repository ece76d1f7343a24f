"""The words for what is counted, the same in every table and sentence."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from bot.insight.intervals import Rate
from bot.insight.summary import CallMeasure, LeftAfter, QuestionMeasure, QuestionSummary

MINUS = "\N{MINUS SIGN}"

NAMES: Mapping[StrEnum, str] = {
    CallMeasure.GOAL: "reached the goal",
    CallMeasure.RESULT: "came to a result",
    CallMeasure.LEFT_EARLY: "hung up in the first 10 s",
    CallMeasure.HUNG_UP: "hung up before the end",
    CallMeasure.HUMAN: "asked for a human",
    CallMeasure.NO_MATCH: "were not understood",
    CallMeasure.SILENCE: "said nothing",
    CallMeasure.INTERRUPTED: "interrupted the bot",
    CallMeasure.NEGATIVE: "were angry or anxious",
    CallMeasure.HANDED_OVER: "were handed over",
}
"""Of the customers who were reached."""

AT_QUESTION: Mapping[StrEnum, str] = {
    QuestionMeasure.ANSWERED: "answered",
    QuestionMeasure.NO_MATCH: "not understood",
    QuestionMeasure.SILENCE: "said nothing",
    QuestionMeasure.INTERRUPTED: "interrupted",
    QuestionMeasure.HUMAN: "asked for a human",
    QuestionMeasure.NEGATIVE: "angry or anxious",
    QuestionMeasure.HUNG_UP: "hung up",
    QuestionMeasure.GOAL: "reached the goal",
}

DOES: Mapping[StrEnum, str] = {
    CallMeasure.GOAL: "reaches the goal",
    CallMeasure.RESULT: "comes to a result",
    CallMeasure.LEFT_EARLY: "is hung up on in the first 10 s",
    CallMeasure.HUNG_UP: "is hung up on before its end",
    CallMeasure.HUMAN: "is asked for a human",
    CallMeasure.NO_MATCH: "fails to understand",
    CallMeasure.SILENCE: "meets silence",
    CallMeasure.INTERRUPTED: "is interrupted",
    CallMeasure.NEGATIVE: "meets anger or anxiety",
    CallMeasure.HANDED_OVER: "hands over to a colleague",
}
DOES_AT_QUESTION: Mapping[StrEnum, str] = {
    QuestionMeasure.ANSWERED: "is answered",
    QuestionMeasure.NO_MATCH: "fails to understand",
    QuestionMeasure.SILENCE: "meets silence",
    QuestionMeasure.INTERRUPTED: "is interrupted",
    QuestionMeasure.HUMAN: "is asked for a human",
    QuestionMeasure.NEGATIVE: "meets anger or anxiety",
    QuestionMeasure.HUNG_UP: "is hung up on",
    QuestionMeasure.GOAL: "leads to the goal",
}
"""What a version does; "more often" or "less often" follows."""


LEFT_AFTER: Mapping[LeftAfter, str] = {
    LeftAfter.BEFORE: "before it was asked",
    LeftAfter.ASKED: "without a word to it",
    LeftAfter.ANSWER: "after an answer",
    LeftAfter.WISH: "after another wish",
    LeftAfter.HUMAN: "after asking for a human",
    LeftAfter.NO_MATCH: "after not being understood",
    LeftAfter.SILENCE: "after a silence",
    LeftAfter.UNKNOWN: "after words that came to nothing",
}


def hang_ups(question: QuestionSummary) -> str:
    """ "5 without a word to it, 2 after a silence"; empty where nobody hung up."""
    return ", ".join(f"{count} {LEFT_AFTER[after]}" for after, count in question.left_after.items())


def percent(rate: Rate) -> str:
    """ "82 %", or a dash of nothing."""
    return "\N{EN DASH}" if rate.share is None else f"{100 * rate.share:.0f} %"


def bounds(rate: Rate) -> str:
    """The interval of a rate in per cent, as "74\N{EN DASH}88"; empty of nothing."""
    low, high = rate.interval()
    return f"{100 * low:.0f}\N{EN DASH}{100 * high:.0f}" if rate.of else ""


def points(share: float) -> str:
    """A difference of shares in percentage points, with its sign."""
    return tenths(100 * share)


def tenths(value: float) -> str:
    """A difference, with its sign; rounded to nothing it has none."""
    rounded = round(value, 1)
    return f"{rounded:+.1f}".replace("-", MINUS) if rounded else "0.0"


def seconds(ms: float) -> str:
    return f"{ms / 1000:.1f} s"


def clock(ms: float) -> str:
    """A time in the call, as "1:07"."""
    return f"{int(ms // 60000)}:{int(ms % 60000 // 1000):02}"


def calls(count: int) -> str:
    return f"{count} call" if count == 1 else f"{count} calls"
