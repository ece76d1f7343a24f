"""How far two people agree beyond chance, and where they do not. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from sklearn.metrics import cohen_kappa_score  # type: ignore[import-untyped]

from nlu.inventory import Intent
from nlu.labelling.sheet import Item


@dataclass(frozen=True, slots=True)
class Agreement:
    """`same` is the share of the `rows` that both labelled; `kappa` is None where both know a single intent only.

    `pairs` are two intents and how often one person said one and the other the other, most often first.
    """

    a: str
    b: str
    rows: int
    same: float
    kappa: float | None
    pairs: tuple[tuple[Intent, Intent, int], ...]


def agreements(items: Sequence[Item]) -> Iterator[Agreement]:
    """Of every two people who labelled the same turn at least once."""
    people = sorted({name for item in items for name in item.labels})
    for a, b in combinations(people, 2):
        both = [
            (first.intent, second.intent)
            for item in items
            if (first := item.labels.get(a)) is not None and (second := item.labels.get(b)) is not None
        ]
        if both:
            yield _agreement(a, b, both)


def _agreement(a: str, b: str, both: Sequence[tuple[Intent, Intent]]) -> Agreement:
    said_a, said_b = zip(*both, strict=True)
    apart = Counter((min(pair), max(pair)) for pair in both if pair[0] is not pair[1])
    kappa = float(cohen_kappa_score(said_a, said_b)) if len({*said_a, *said_b}) > 1 else None
    pairs = tuple((x, y, count) for (x, y), count in sorted(apart.items(), key=lambda entry: (-entry[1], entry[0])))
    return Agreement(a, b, len(both), 1 - apart.total() / len(both), kappa, pairs)
