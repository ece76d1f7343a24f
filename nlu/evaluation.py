"""How good a model is on rows it did not learn from: accuracy, macro-F1, per-label precision and recall, calibration.

The majority baseline stands beside every score: accuracy means little where one label is most of the rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nlu.corpus import Row
from nlu.inventory import Intent
from nlu.manifest import Score
from nlu.session import Scores

ECE_BINS = 15
SAFETY_INTENTS = (
    Intent.DO_NOT_CALL,
    Intent.WRONG_PERSON,
    Intent.HARDSHIP,
    Intent.ASK_HUMAN,
    Intent.SUSPECT_FRAUD,
)
"""Missing one of these harms a person or breaks the law; their recall is reported on its own."""


@dataclass(frozen=True, slots=True)
class LabelScore:
    label: str
    rows: int
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Scores of one task. `confusions` lists (truth, predicted, count), commonest first."""

    score: Score
    labels: tuple[LabelScore, ...]
    confusions: tuple[tuple[str, str, int], ...]

    def recall(self, label: str) -> float:
        """0 for a label the rows do not have."""
        return next((entry.recall for entry in self.labels if entry.label == label), 0.0)


def evaluate(labels: Sequence[str], probabilities: ArrayLike, truth: Sequence[str]) -> Evaluation:
    """`probabilities` has one row a text and one column a label. Raises `ValueError` without rows."""
    table = np.asarray(probabilities, dtype=np.float64)
    if not truth or table.shape != (len(truth), len(labels)):
        raise ValueError(f"{len(truth)} rows against probabilities of shape {table.shape}: nothing to evaluate")
    predicted = [labels[column] for column in table.argmax(axis=1)]
    right = np.array([p == t for p, t in zip(predicted, truth, strict=True)])
    entries = tuple(_label(label, predicted, truth) for label in sorted(set(truth)))
    wrong = Counter((t, p) for t, p in zip(truth, predicted, strict=True) if t != p)
    return Evaluation(
        Score(
            rows=len(truth),
            accuracy=float(right.mean()),
            macro_f1=float(np.mean([entry.f1 for entry in entries])),
            majority=Counter(truth).most_common(1)[0][1] / len(truth),
            ece=expected_calibration_error(table.max(axis=1), right),
        ),
        entries,
        tuple((t, p, count) for (t, p), count in wrong.most_common()),
    )


def assess(
    intents: Sequence[str], sentiments: Sequence[str], scores: Scores, rows: Sequence[Row]
) -> tuple[Evaluation, Evaluation]:
    """Both heads on labelled rows; sentiment on those rows only whose feeling somebody judged."""
    judged = [(index, row.sentiment) for index, row in enumerate(rows) if row.sentiment is not None]
    return (
        evaluate(intents, scores.intent, [row.intent for row in rows]),
        evaluate(sentiments, scores.sentiment[[index for index, _ in judged]], [value for _, value in judged]),
    )


def expected_calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Mean gap between confidence and accuracy over `ECE_BINS` equal-width bins, weighted by their rows."""
    bins = np.minimum((confidence * ECE_BINS).astype(int), ECE_BINS - 1)
    gaps = [
        abs(confidence[inside].mean() - right[inside].mean()) * inside.mean()
        for index in range(ECE_BINS)
        if (inside := bins == index).any()
    ]
    return float(sum(gaps))


def _label(label: str, predicted: Sequence[str], truth: Sequence[str]) -> LabelScore:
    hits = sum(p == t == label for p, t in zip(predicted, truth, strict=True))
    called, rows = sum(p == label for p in predicted), sum(t == label for t in truth)
    return LabelScore(label, rows, hits / called if called else 0.0, hits / rows if rows else 0.0)
