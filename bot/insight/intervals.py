"""How sure a share is, and the difference of two: intervals that hold for few calls and for shares near 0 and 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from nlu.comparison.statistics import share_gain, wilson

LEVEL = 0.95
POWER = 0.8
"""How surely a difference should be found, where it is asked how many calls that takes."""
RESAMPLES, BATCH = 4000, 200
"""How often medians are drawn anew, and how many draws are held at once: a few megabytes for a thousand values."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many `hits` among `of`; both counts."""

    hits: int
    of: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; None of nothing."""
        return self.hits / self.of if self.of else None

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        """Wilson's score interval, from 0 to 1: all of it where nothing was counted."""
        return wilson(self.hits, self.of, _z(level))

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.hits + other.hits, self.of + other.of)


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure less another one, with its interval at `level`; of shares from -1 to 1, of medians in their unit."""

    value: float
    low: float
    high: float
    level: float = LEVEL

    @property
    def sure(self) -> bool:
        """Whether the two can be told apart."""
        return self.low > 0 or self.high < 0


def difference(rate: Rate, other: Rate, level: float = LEVEL) -> Difference | None:
    """`rate` less `other`: Newcombe's interval, from the Wilson intervals of both. None where one counts nothing."""
    if rate.share is None or other.share is None:
        return None
    low, high = share_gain(other.hits, other.of, rate.hits, rate.of, _z(level))
    return Difference(rate.share - other.share, max(-1.0, low), min(1.0, high), level)


def median_difference(values: Sequence[float], other: Sequence[float], level: float = LEVEL) -> Difference | None:
    """The median of `values` less that of `other`, by drawing both anew with a fixed seed. None with fewer than two."""
    if min(len(values), len(other)) < 2:
        return None
    from scipy.stats import bootstrap  # type: ignore[import-untyped]  # takes half a second

    low, high = bootstrap(
        (values, other),
        _medians,
        n_resamples=RESAMPLES,
        batch=BATCH,
        confidence_level=level,
        method="percentile",
        rng=0,
    ).confidence_interval
    return Difference(float(_medians(values, other)), float(low), float(high), level)


def _medians(values: Any, other: Any, axis: int = -1) -> Any:
    return np.median(values, axis=axis) - np.median(other, axis=axis)


def times_as_many(rate: Rate, other: Rate, level: float = LEVEL) -> float | None:
    """How many times the calls that there are it takes to tell two rates apart, where they stay as they are.

    None where they are equal, or one counts nothing. One success and one failure are added to each, so that a rate of
    0 in three calls is not taken for certain.
    """
    if rate.share is None or other.share is None or rate.share == other.share:
        return None
    variance = sum((p := (one.hits + 1) / (one.of + 2)) * (1 - p) / one.of for one in (rate, other))
    return (_z(level) + NormalDist().inv_cdf(POWER)) ** 2 * variance / (rate.share - other.share) ** 2


def for_several(count: int, level: float = LEVEL) -> float:
    """The level for each of several intervals, so that all of them hold at `level` together (Bonferroni)."""
    return 1 - (1 - level) / max(1, count)


def _z(level: float) -> float:
    return NormalDist().inv_cdf((1 + level) / 2)
