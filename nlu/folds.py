"""Rows kept out in turn: what a model says of phrasings that it did not learn from, without giving any up. Pure."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator, Sequence

from nlu.corpus import Row

FOLDS = 3

FEW = 3
"""Rows of one template that count: as many as the test split holds, so that no phrasing weighs more than there."""


def folds(rows: Sequence[Row]) -> Iterator[tuple[list[Row], list[Row]]]:
    """What to learn from and what was kept out, `FOLDS` times. All rows of a template are on the same side."""
    turn = [zlib.crc32(row.template.encode()) % FOLDS for row in rows]
    for fold in range(FOLDS):
        aside = [row for row, own in zip(rows, turn, strict=True) if own == fold]
        if aside and len(aside) < len(rows):
            yield [row for row, own in zip(rows, turn, strict=True) if own != fold], aside


def few(rows: Sequence[Row]) -> list[Row]:
    """The first `FEW` rows of each template."""
    seen: Counter[str] = Counter()
    kept = []
    for row in rows:
        seen[row.template] += 1
        if seen[row.template] <= FEW:
            kept.append(row)
    return kept
