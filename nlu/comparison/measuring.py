"""A model over labelled rows as a call would use it: prior of the question, rule for unknown words, policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from nlu import prior
from nlu.corpus import Row
from nlu.inventory import Intent
from nlu.model import Judgement, OnnxUnderstander
from nlu.session import Scores
from nlu.understanding import Context

NO_QUESTION = "none"
STATES: tuple[str, ...] = (NO_QUESTION, *prior.ANSWERING)
"""What may have been asked before the words. A row is measured under each: any answer may follow any question."""

_DAY = date(2026, 7, 15)  # intents do not depend on the day


@dataclass(frozen=True, slots=True)
class Measured:
    """`judged` holds a judgement a row for each state."""

    model: str
    language: str
    rows: Sequence[Row]
    labels: tuple[Intent, ...]
    scores: Scores
    judged: Mapping[str, Sequence[Judgement]]

    @property
    def truth(self) -> list[str]:
        return [row.intent for row in self.rows]

    def intents(self, state: str = NO_QUESTION) -> list[str]:
        """What a call would be told, row by row."""
        return [judgement.decision.intent.value for judgement in self.judged[state]]

    def right(self, state: str = NO_QUESTION) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return np.array([a == b for a, b in zip(self.intents(state), self.truth, strict=True)])

    def recall(self, intent: str) -> float | None:
        """None without a row of that intent."""
        own = [found == intent for found, true in zip(self.intents(), self.truth, strict=True) if true == intent]
        return sum(own) / len(own) if own else None


def measure(model: OnnxUnderstander, rows: Sequence[Row], language: str) -> Measured:
    """Raises `ValueError` without rows."""
    if not rows:
        raise ValueError(f"{language}: no row to measure on")
    scores = model.scores([row.text for row in rows], language)
    judged = {state: model.judge(scores, language, [_context(language, state)] * len(rows)) for state in STATES}
    return Measured(model.version, language, rows, model.manifest.languages[language].intents, scores, judged)


def _context(language: str, state: str) -> Context:
    return Context(language, _DAY, None if state == NO_QUESTION else state)
