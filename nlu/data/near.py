"""Texts that are nearly the same, in time that grows with their number and not with its square.

MinHash: the share of equal minima of two sets estimates how much they overlap. Texts that agree in one band of
minima are compared exactly, the others never.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from nlu import features

THRESHOLD = 0.8
"""The share of n-grams from which on two phrasings are nearly the same: "i haven't decided" and "... decided yet"."""

GRAM, GRAM_ZH = 3, 2  # a Chinese character says as much as some English letters
BANDS, ROWS = 32, 4
"""At an overlap of 0.8 a pair agrees in no band, and so is missed, once in ten million; at 0.3 it is compared
exactly, which costs time only, in about a fifth of all cases."""

_SEED = 20260715


def pairs(texts: Sequence[str], language: str) -> Iterator[tuple[int, int]]:
    """Places of two texts that are nearly the same, the first before the second. The texts differ from each other."""
    size = GRAM_ZH if features.primary(language) == "zh" else GRAM
    grams = [_grams(text, size) for text in texts]
    bands = _minima(grams).reshape(len(texts), BANDS, ROWS)
    seen: set[tuple[int, int]] = set()
    for band in range(BANDS):
        buckets: dict[bytes, list[int]] = {}
        for index in range(len(texts)):
            buckets.setdefault(bands[index, band].tobytes(), []).append(index)
        for members in buckets.values():
            for a, b in itertools.combinations(members, 2):
                if (a, b) not in seen:
                    seen.add((a, b))
                    if len(grams[a] & grams[b]) >= THRESHOLD * len(grams[a] | grams[b]):
                        yield a, b


def _grams(text: str, size: int) -> frozenset[str]:
    edged = f" {text} "
    return frozenset(edged[i : i + size] for i in range(max(1, len(edged) - size + 1)))


def _minima(grams: Sequence[frozenset[str]]) -> NDArray[np.uint32]:
    """For each text the least value of its grams under each of `BANDS` x `ROWS` hash functions (multiply-shift)."""
    draw = np.random.default_rng(_SEED)
    factors = draw.integers(1, 2**63, BANDS * ROWS, dtype=np.uint64) | np.uint64(1)
    offsets = draw.integers(0, 2**63, BANDS * ROWS, dtype=np.uint64)
    table = np.empty((len(grams), BANDS * ROWS), dtype=np.uint32)
    for index, found in enumerate(grams):
        hashed = np.array([zlib.crc32(gram.encode()) for gram in found], dtype=np.uint64)
        mixed = (hashed[:, None] * factors + offsets) >> np.uint64(32)
        table[index] = mixed.min(axis=0).astype(np.uint32)
    return table
