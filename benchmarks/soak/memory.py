"""Whether memory grows. Pure, over samples of (second, bytes).

The first half is left to caches and pools that fill. Through the second half goes the line of Theil and Sen; its slope
is the median of those between pairs, so that single peaks do not move it. **Flat** is where that line rises,
over the whole second half, by less than 2 % of the memory taken there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import theilslopes  # type: ignore[import-untyped]

RISES_LESS = 0.02

MOST_SAMPLES = 500
"""As many slopes as pairs of these are computed."""

ENOUGH_S = 600.0
"""A shorter run has not filled its caches; its verdict would be chance."""

Sample = tuple[float, int]


@dataclass(frozen=True, slots=True)
class Growth:
    """Of the second half: MiB at the median and at most, MiB by which its line rises, and KiB for each call in it."""

    median_mib: float
    peak_mib: float
    rises_mib: float
    kib_per_call: float
    long_enough: bool

    @property
    def flat(self) -> bool:
        return bool(self.rises_mib < RISES_LESS * self.median_mib)


def growth(samples: Sequence[Sample], calls: int) -> Growth:
    """`calls`: how many ended in the second half. At least two samples must lie in it."""
    times, sizes = np.array(samples, dtype=float).T
    half = times >= times[0] + (times[-1] - times[0]) / 2
    times, sizes = times[half], sizes[half]
    step = -(-len(times) // MOST_SAMPLES)
    slope = float(theilslopes(sizes[::step], times[::step]).slope)
    rises = slope * float(times[-1] - times[0])
    whole_run_s = samples[-1][0] - samples[0][0]
    return Growth(
        round(float(np.median(sizes)) / 2**20, 1),
        round(float(sizes.max()) / 2**20, 1),
        round(float(rises) / 2**20, 2),
        round(rises / 2**10 / max(1, calls), 2),
        bool(whole_run_s >= ENOUGH_S),
    )
