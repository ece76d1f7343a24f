"""What stands out in one version: questions at which more goes wrong than at the others, in plain sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add

from bot.insight.intervals import Rate, difference, for_several
from bot.insight.summary import QuestionMeasure, QuestionSummary, VersionSummary
from bot.insight.wording import bounds, calls, percent

MOST = 5

TROUBLE: Mapping[QuestionMeasure, str] = {
    QuestionMeasure.HUNG_UP: "hang up",
    QuestionMeasure.HUMAN: "ask for a human",
    QuestionMeasure.NO_MATCH: "are not understood",
    QuestionMeasure.SILENCE: "say nothing",
    QuestionMeasure.NEGATIVE: "are angry or anxious",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """At `state`, `measure` is more frequent than `elsewhere`, at the other questions together.

    `calls`: about how many calls would have gone better had it been as elsewhere.
    """

    state: str
    measure: QuestionMeasure
    rate: Rate
    elsewhere: Rate
    calls: int

    @property
    def sentence(self) -> str:
        low, high = bounds(self.rate).split("\N{EN DASH}")
        return (
            f"At {self.state}, {percent(self.rate)} of customers {TROUBLE[self.measure]} ({low} to {high} %); at the "
            f"other questions, {percent(self.elsewhere)} do. The difference is about {calls(self.calls)}."
        )


def findings(version: VersionSummary, most: int = MOST) -> list[Finding]:
    """Those that concern most calls first. All of them together are held at 95 %."""
    found = []
    level = for_several(len(version.questions) * len(TROUBLE))
    for question in version.questions:
        for measure in TROUBLE:
            rate, elsewhere = question.rates[measure], _elsewhere(version, question, measure)
            distance = difference(rate, elsewhere, level)
            if distance is not None and distance.low > 0:
                found.append(Finding(question.state, measure, rate, elsewhere, round(distance.value * rate.of)))
    return sorted(found, key=lambda one: -one.calls)[:most]


def _elsewhere(version: VersionSummary, question: QuestionSummary, measure: QuestionMeasure) -> Rate:
    others = [one.rates[measure] for one in version.questions if one.state != question.state]
    return reduce(add, others, Rate(0, 0))
