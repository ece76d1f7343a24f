"""Two versions of a script side by side: which differences can be told apart from chance, in plain sentences.

The measures of whole calls are each held at 95 %. A script has many questions, and among many differences some look
large by chance: at the questions the intervals of one measure hold at 95 % together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.insight.intervals import LEVEL, Difference, Rate, difference, for_several, median_difference, times_as_many
from bot.insight.summary import GOOD, NEITHER, QuestionSummary, VersionSummary
from bot.insight.wording import AT_QUESTION, DOES, DOES_AT_QUESTION, NAMES, points, tenths

HOPELESS = 50
"""Beyond so many times the calls that there are, more calls are no advice."""


class Verdict(StrEnum):
    """For the version that is compared."""

    BETTER = "better"
    WORSE = "worse"
    DIFFERS = "differs"  # where more is neither good nor bad by itself
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Compared:
    """One measure of a version and of the one it is compared `against`; `state` is None for whole calls.

    `more_calls`: about how many further calls, of both versions together, would tell them apart if the shares stayed as
    they are; None where they can be told apart, or so many that it is no advice.
    """

    measure: StrEnum
    state: str | None
    rate: Rate
    against: Rate
    difference: Difference
    more_calls: int | None

    @property
    def verdict(self) -> Verdict:
        if not self.difference.sure:
            return Verdict.UNSURE
        if self.measure in NEITHER:
            return Verdict.DIFFERS
        return Verdict.BETTER if (self.difference.value > 0) == (self.measure in GOOD) else Verdict.WORSE

    @property
    def conclusion(self) -> str:
        """In a few words, where the figures stand beside it."""
        if self.difference.sure:
            return self.verdict.value
        if self.more_calls is not None:
            return f"cannot be told apart yet: about {self.more_calls} more calls would be needed"
        most = 100 * max(abs(self.difference.low), abs(self.difference.high))
        return f"no difference to be seen: if there is one, it is below {most:.1f} points"


@dataclass(frozen=True, slots=True)
class WaitCompared:
    """How long customers take to answer a question: the difference of the medians, in milliseconds."""

    state: str
    difference: Difference


@dataclass(frozen=True, slots=True)
class Comparison:
    """`calls` and `questions`: whole calls, and every question that both versions ask; `waits` at those.

    `only` and `only_against`: the questions that one of them alone asks. `same_time`: their calls were made in
    overlapping periods; otherwise a difference may be the season's.
    """

    version: str
    against: str
    calls: tuple[Compared, ...]
    questions: tuple[Compared, ...]
    waits: tuple[WaitCompared, ...]
    only: tuple[str, ...]
    only_against: tuple[str, ...]
    same_time: bool

    @property
    def sure(self) -> list[Compared]:
        """What can be told apart: first of whole calls, then question by question."""
        return [one for one in (*self.calls, *self.questions) if one.difference.sure]

    def sentences(self) -> list[tuple[Verdict, str]]:
        """What can be told apart, as statements."""
        told = [(one.verdict, self.sentence(one)) for one in self.sure]
        return told + [(Verdict.DIFFERS, self._wait(one)) for one in self.waits if one.difference.sure]

    def _wait(self, one: WaitCompared) -> str:
        found = one.difference
        value, low, high = (tenths(each / 1000) for each in (found.value, found.low, found.high))
        does = f"{self.version} is answered {'sooner' if found.value < 0 else 'later'} than {self.against}"
        return f"at {one.state}, {does}: {value} s, between {low} and {high}"

    def sentence(self, one: Compared) -> str:
        """A difference that can be told apart, as a statement; another one as what is not known yet."""
        value, low, high = (points(each) for each in (one.difference.value, one.difference.low, one.difference.high))
        at = "" if one.state is None else f"at {one.state}, "
        if not one.difference.sure:
            name = (NAMES if one.state is None else AT_QUESTION)[one.measure]
            return f"{at}{name}: {value} points, between {low} and {high}; {one.conclusion}"
        does = (DOES if one.state is None else DOES_AT_QUESTION)[one.measure]
        often = "more often" if one.difference.value > 0 else "less often"
        return f"{at}{self.version} {does} {often} than {self.against}: {value} points, between {low} and {high}"


def compare(version: VersionSummary, against: VersionSummary) -> Comparison:
    calls = version.calls + against.calls
    shared = [one for one in version.questions if against.question(one.state) is not None]
    states = {one.state for one in shared}
    return Comparison(
        version.version,
        against.version,
        tuple(_calls(version, against, calls)),
        tuple(_questions(shared, against, calls)),
        tuple(_waits(shared, against)),
        only=tuple(one.state for one in version.questions if one.state not in states),
        only_against=tuple(one.state for one in against.questions if one.state not in states),
        same_time=_overlap(version, against),
    )


def _calls(version: VersionSummary, against: VersionSummary, calls: int) -> list[Compared]:
    found = [_compared(one, None, version.rates[one], against.rates[one], LEVEL, calls) for one in version.rates]
    return [one for one in found if one is not None]


def _questions(shared: Sequence[QuestionSummary], against: VersionSummary, calls: int) -> list[Compared]:
    level = for_several(len(shared))
    found = []
    for question in shared:
        other = against.question(question.state)
        assert other is not None
        for one in question.rates:
            found.append(_compared(one, question.state, question.rates[one], other.rates[one], level, calls))
    return [one for one in found if one is not None]


def _waits(shared: Sequence[QuestionSummary], against: VersionSummary) -> list[WaitCompared]:
    found = []
    for question in shared:
        other = against.question(question.state)
        assert other is not None
        distance = median_difference(question.waits, other.waits, for_several(len(shared)))
        found += [WaitCompared(question.state, distance)] if distance is not None else []
    return found


def _compared(
    measure: StrEnum, state: str | None, rate: Rate, against: Rate, level: float, calls: int
) -> Compared | None:
    found = difference(rate, against, level)
    if found is None:
        return None
    times = None if found.sure else times_as_many(rate, against, level)
    more = None if times is None or times > HOPELESS else _round(max(1.0, (times - 1) * calls))
    return Compared(measure, state, rate, against, found, more)


def _round(count: float) -> int:
    """Upwards to two figures: more would pretend to know."""
    step: int = 10 ** max(0, math.floor(math.log10(count)) - 1)
    return math.ceil(count / step) * step


def _overlap(version: VersionSummary, against: VersionSummary) -> bool:
    """Where a date is not known, nothing speaks against it."""
    if version.first is None or version.last is None or against.first is None or against.last is None:
        return True
    return version.first <= against.last and against.first <= version.last
