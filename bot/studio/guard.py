"""Is a candidate worse than the live version, beyond what chance does? Pure, over counts of calls.

For each metric the shares of calls of both versions are compared by Newcombe's interval of their difference. Four
metrics are looked at after every call, which finds more by chance than one look at one does: hence an interval of 3.5
standard errors (99.95 %) and not of 95 %. With that, 4 to 6 % of the candidates that are as good as the live version
are stopped within 1000 of their calls; `python -m bot.studio.false_alarms` counts it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.studio.events import Figure, Metric
from nlu.comparison.statistics import share_gain

LEAST_CALLS = 50
"""So many calls of either version must be there before one is judged."""

STANDARD_ERRORS = 3.5


@dataclass(frozen=True, slots=True)
class Counts:
    """`calls` with a person, and in how many of them each metric happened."""

    calls: int
    happened: Mapping[Metric, int]


@dataclass(frozen=True, slots=True)
class Judgement:
    """`enough`: both versions have had calls enough to be judged by."""

    enough: bool
    figures: tuple[Figure, ...]

    @property
    def worse(self) -> tuple[Figure, ...]:
        """What the candidate has to be stopped for."""
        return tuple(figure for figure in self.figures if figure.worse) if self.enough else ()


def judge(candidate: Counts, live: Counts) -> Judgement:
    figures = []
    for metric in Metric:
        happened, before = candidate.happened.get(metric, 0), live.happened.get(metric, 0)
        low, high = share_gain(before, live.calls, happened, candidate.calls, STANDARD_ERRORS)
        figures.append(
            Figure(
                metric=metric,
                candidate=happened,
                candidate_calls=candidate.calls,
                live=before,
                live_calls=live.calls,
                low=round(low, 4),
                high=round(high, 4),
            )
        )
    return Judgement(min(candidate.calls, live.calls) >= LEAST_CALLS, tuple(figures))
