"""What a model makes of many turns, in counts: intents, how sure it was, words it never learnt, questions repeated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nlu import features
from nlu.model import OnnxUnderstander
from nlu.policy.decision import Action
from nlu.understanding import Context

BINS = 10
"""Of the probability of the likeliest intent, equally wide."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Of one language. `unknown` of `words` (Mandarin: characters) were not in the training data.

    `unheard`: beside the `turns`, so many whose words the recogniser would not stand by; None for written ones.
    """

    language: str
    turns: int
    intents: Mapping[str, int]
    confidence: tuple[int, ...]
    mean_confidence: float
    words: int
    unknown: int
    asked_again: int
    unheard: int | None


def profile(
    model: OnnxUnderstander, language: str, texts: Sequence[str], contexts: Sequence[Context], unheard: int | None
) -> Profile:
    """At least one text. Raises `UnsupportedLanguage`."""
    judged = model.judge(scores := model.scores(texts, language), language, contexts)
    sure = np.array([judgement.ranking[0][1] for judgement in judged])
    units = np.array([features.grams(text, language).units for text in texts])
    return Profile(
        language=language,
        turns=len(texts),
        intents=dict(sorted(Counter(judgement.decision.intent.value for judgement in judged).items())),
        confidence=tuple(np.histogram(sure, bins=BINS, range=(0, 1))[0].tolist()),
        mean_confidence=float(sure.mean()),
        words=int(units.sum()),
        unknown=int(np.rint((1 - scores.known) * units).sum()),
        asked_again=sum(judgement.decision.action is Action.ASK_AGAIN for judgement in judged),
        unheard=unheard,
    )
