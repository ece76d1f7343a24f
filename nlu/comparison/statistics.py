"""Exact and resampling tests for two models judged on the same rows, and intervals for shares. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, sqrt

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000
Z95 = 1.959963984540054


def mcnemar(only_a: int, only_b: int) -> float:
    """Exact two-sided p: `only_a` rows that only the first model has right, `only_b` that only the second has."""
    n = only_a + only_b
    tail = sum(comb(n, k) for k in range(min(only_a, only_b) + 1))
    return min(1.0, 2 * tail / 2**n) if n else 1.0


def wilson(hits: int, rows: int, z: float = Z95) -> tuple[float, float]:
    """The interval of a share, so many (`z`) standard errors wide, 95 % by default; (0, 1) without rows."""
    if not rows:
        return 0.0, 1.0
    share, z2 = hits / rows, z**2
    middle = (share + z2 / (2 * rows)) / (1 + z2 / rows)
    half = z * sqrt(share * (1 - share) / rows + z2 / (4 * rows**2)) / (1 + z2 / rows)
    return max(0.0, middle - half), min(1.0, middle + half)


def share_gain(hits: int, rows: int, hits_now: int, rows_now: int, z: float = Z95) -> tuple[float, float]:
    """The interval of the second share less the first (Newcombe, 1998: from the `wilson` interval of each)."""
    (low, high), (low_now, high_now) = wilson(hits, rows, z), wilson(hits_now, rows_now, z)
    share, share_now = hits / max(rows, 1), hits_now / max(rows_now, 1)
    gain = share_now - share
    return (
        gain - sqrt((share_now - low_now) ** 2 + (high - share) ** 2),
        gain + sqrt((high_now - share_now) ** 2 + (share - low) ** 2),
    )


def macro_f1(truth: NDArray[np.int_], predicted: NDArray[np.int_], labels: int) -> float:
    """Mean F1 of the labels that occur in `truth`."""
    table = np.bincount(truth * labels + predicted, minlength=labels * labels).reshape(labels, labels)
    hits, true, called = table.diagonal(), table.sum(axis=1), table.sum(axis=0)
    f1 = 2 * hits / np.maximum(true + called, 1)
    return float(f1[true > 0].mean()) if (true > 0).any() else 0.0


def macro_f1_gain(
    truth: Sequence[str], a: Sequence[str], b: Sequence[str], groups: Sequence[str], seed: int = 0
) -> tuple[float, float]:
    """The 95 % interval of macro-F1 of `b` less that of `a`, by paired bootstrap.

    Whole groups are drawn: rows made from one template are not independent of each other.
    """
    names = sorted({*truth, *a, *b})
    place = {name: index for index, name in enumerate(names)}
    columns = [np.array([place[name] for name in column]) for column in (truth, a, b)]
    members: dict[str, list[int]] = {}
    for index, group in enumerate(groups):
        members.setdefault(group, []).append(index)
    blocks = [np.array(rows) for rows in members.values()]
    random = np.random.default_rng(seed)
    gains = []
    for _ in range(RESAMPLES):
        rows = np.concatenate([blocks[i] for i in random.integers(0, len(blocks), len(blocks))])
        t, x, y = (column[rows] for column in columns)
        gains.append(macro_f1(t, y, len(names)) - macro_f1(t, x, len(names)))
    low, high = np.quantile(gains, (0.025, 0.975))
    return float(low), float(high)
