"""Two models side by side on the same rows, with a paired test for each figure. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.comparison.measuring import STATES, Measured
from nlu.comparison.statistics import macro_f1, macro_f1_gain, mcnemar
from nlu.evaluation import SAFETY_INTENTS, expected_calibration_error

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Pair:
    """A share of the same rows for model A and B; `only_a`, `only_b`: rows that only that model has right."""

    what: str
    rows: int
    a: float
    b: float
    only_a: int
    only_b: int
    p: float


@dataclass(frozen=True, slots=True)
class Disagreement:
    text: str
    truth: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """`macro_f1_gain` is the 95 % interval of B's less A's; `ece` and `macro_f1` are (A, B)."""

    language: str
    a: str
    b: str
    accuracy: Pair
    macro_f1: tuple[float, float]
    macro_f1_gain: tuple[float, float]
    ece: tuple[float, float]
    intents: tuple[Pair, ...]
    states: tuple[Pair, ...]
    disagreements: tuple[Disagreement, ...]

    @property
    def safety(self) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.intents if pair.what in SAFETY_INTENTS)


def compare(a: Measured, b: Measured) -> Comparison:
    """Both measured on the same rows. Raises `ValueError` for others."""
    if list(a.rows) != list(b.rows):
        raise ValueError("two models are compared on the same rows")
    truth, found_a, found_b = a.truth, a.intents(), b.intents()
    right_a, right_b = a.right(), b.right()
    told = np.array(truth)
    return Comparison(
        language=a.language,
        a=a.model,
        b=b.model,
        accuracy=_pair("all", right_a, right_b),
        macro_f1=(_macro_f1(truth, found_a), _macro_f1(truth, found_b)),
        macro_f1_gain=macro_f1_gain(truth, found_a, found_b, [row.template for row in a.rows]),
        ece=(calibration_error(a), calibration_error(b)),
        intents=tuple(_pair(i, right_a[told == i], right_b[told == i]) for i in sorted(set(truth))),
        states=tuple(_pair(state, a.right(state), b.right(state)) for state in STATES),
        disagreements=tuple(
            Disagreement(row.text, t, x, y)
            for row, t, x, y in zip(a.rows, truth, found_a, found_b, strict=True)
            if x != y
        ),
    )


def calibration_error(measured: Measured) -> float:
    """Of the likeliest intent without a question, whatever the policy makes of it."""
    top = [judgement.ranking[0] for judgement in measured.judged[STATES[0]]]
    right = [intent == true for (intent, _), true in zip(top, measured.truth, strict=True)]
    return expected_calibration_error(np.array([p for _, p in top], dtype=np.float64), np.array(right))


def _macro_f1(truth: Sequence[str], found: Sequence[str]) -> float:
    names = sorted({*truth, *found})
    columns = [np.array([names.index(name) for name in column]) for column in (truth, found)]
    return macro_f1(columns[0], columns[1], len(names))


def _pair(what: str, right_a: Flags, right_b: Flags) -> Pair:
    only_a, only_b = int((right_a & ~right_b).sum()), int((right_b & ~right_a).sum())
    return Pair(
        what, len(right_a), float(right_a.mean()), float(right_b.mean()), only_a, only_b, mcnemar(only_a, only_b)
    )
