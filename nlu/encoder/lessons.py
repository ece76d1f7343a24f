"""What an epoch shows an encoder: which texts, in which order, what of them misheard. Pure, by seed and epoch."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nlu.encoder.recipe import Recipe
from nlu.encoder.tokens import Tokens, spoken
from nlu.noise import Noise
from nlu.training import Options

LEAST_STEPS = 40
"""An epoch over few texts shows them again until it has so many steps: otherwise six epochs would be six steps."""

POOL = 50  # so many batches are sorted by length together: little padding, and still another mix each epoch

NO_LABEL = -100
"""Stands for a label that nobody gave; it takes no part in the loss."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """Texts, and for each head one label a text, None where nobody gave one."""

    texts: Sequence[str]
    labels: Mapping[str, Sequence[str | None]]

    def names(self) -> dict[str, tuple[str, ...]]:
        """The labels of each head, sorted."""
        return {head: tuple(sorted({label for label in own if label is not None})) for head, own in self.labels.items()}

    def targets(self, names: Mapping[str, Sequence[str]]) -> dict[str, list[int]]:
        """Labels as numbers; one that `names` does not have is none."""
        numbers = {head: {label: number for number, label in enumerate(own)} for head, own in names.items()}
        return {
            head: [NO_LABEL if label is None else numbers[head].get(label, NO_LABEL) for label in own]
            for head, own in self.labels.items()
        }


@dataclass(frozen=True, slots=True)
class Batch:
    """`rows` are places in the lessons, `ids` the tokens of each as this epoch has it."""

    rows: list[int]
    ids: list[list[int]]


def balanced(targets: Sequence[int], labels: int) -> list[float]:
    """Weights under which each label counts as much as any other, as in the default model."""
    counts = Counter(target for target in targets if target != NO_LABEL)
    total = sum(counts.values())
    return [total / (labels * counts[number]) if counts[number] else 0.0 for number in range(labels)]


def steps_per_epoch(texts: int, recipe: Recipe) -> int:
    return max(-(-texts // recipe.batch), LEAST_STEPS)


class Curriculum:
    def __init__(self, texts: Sequence[str], language: str, tokens: Tokens, recipe: Recipe, options: Options) -> None:
        self._texts = texts
        self._language = language
        self._tokens = tokens
        self._recipe = recipe
        self._options = options
        self._noise = Noise(texts, language)
        self._said = {spoken(text, "zh") for text in texts}  # without spaces in either language

    def epoch(self, number: int) -> list[Batch]:
        """The same number gives the same batches."""
        draw = np.random.default_rng([self._options.seed, number])
        chance = random.Random(f"encoder {self._options.seed} {number}")
        rows = [int(row) for row in self._order(draw)]
        ids = [self._tokens.ids(self._heard(self._texts[row], chance)) for row in rows]
        size, found = self._recipe.batch, []
        for start in range(0, len(rows), POOL * size):
            pool = sorted(range(start, min(start + POOL * size, len(rows))), key=lambda place: len(ids[place]))
            found += [
                Batch([rows[place] for place in part], [ids[place] for place in part]) for part in _parts(pool, size)
            ]
        return [found[int(place)] for place in draw.permutation(len(found))]

    def _order(self, draw: np.random.Generator) -> list[int]:
        count = len(self._texts)
        wanted = max(count, LEAST_STEPS * self._recipe.batch)
        return [int(row) for _ in range(-(-wanted // count)) for row in draw.permutation(count)][:wanted]

    def _heard(self, text: str, chance: random.Random) -> str:
        """As it was written or misheard; never what another row says, for that has a label of its own."""
        if chance.random() >= self._recipe.noisy:
            return text
        heard = self._noise.text(text, self._options.misheard, chance)
        return text if spoken(heard, "zh") in self._said else heard


def _parts(places: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (places[start : start + size] for start in range(0, len(places), size))
