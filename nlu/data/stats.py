"""What is in labelled data: rows, templates, splits and feelings for each intent, and how long utterances are."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from nlu import features
from nlu.corpus import Row


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of one kind, most often of one intent."""

    rows: int
    templates: int
    splits: dict[str, int]
    sentiments: dict[str, int]  # of the rows whose feeling somebody judged
    entities: dict[str, int]


@dataclass(frozen=True, slots=True)
class Stats:
    """One language. `length` is the median number of words, in Mandarin of characters."""

    language: str
    total: Counts
    intents: dict[str, Counts]
    sources: dict[str, int]
    length: float
    vocabulary: int


def stats(rows: Sequence[Row], language: str) -> Stats:
    """Of rows in one language, at least one."""
    cut = [features.grams(row.text, language) for row in rows]
    words = {gram for grams in cut for gram in grams.words if features.is_unit(gram, language)}
    names = sorted({row.intent for row in rows})
    return Stats(
        language,
        _counts(rows),
        {name: _counts([row for row in rows if row.intent == name]) for name in names},
        dict(Counter(row.source for row in rows).most_common()),
        statistics.median(grams.units for grams in cut),
        len(words),
    )


def _counts(rows: Sequence[Row]) -> Counts:
    return Counts(
        len(rows),
        len({row.template for row in rows}),
        dict(sorted(Counter(str(row.split) for row in rows).items())),
        dict(sorted(Counter(row.sentiment for row in rows if row.sentiment is not None).items())),
        dict(sorted(Counter(str(entity["type"]) for row in rows for entity in row.entities).items())),
    )
