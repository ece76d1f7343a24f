"""How long one utterance takes on one core, all of it: n-grams, graph, prior, policy and entities."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import numpy as np

from nlu.model import OnnxUnderstander
from nlu.understanding import Context

WARM_UP = 20
QUESTIONS = ("yes_no", "date", "amount", None)  # in turn: what is expected decides how far the grammars look


def one_by_one(model: OnnxUnderstander, texts: Sequence[str], language: str) -> dict[str, float]:
    """p50, p95 and p99 in milliseconds."""
    contexts = [Context(language, date(2026, 7, 15), QUESTIONS[n % len(QUESTIONS)]) for n in range(len(texts))]
    with _one_core():
        for text, context in list(zip(texts, contexts, strict=True))[:WARM_UP]:
            model.understand(text, context)
        taken = []
        for text, context in zip(texts, contexts, strict=True):
            began = time.perf_counter()
            model.understand(text, context)
            taken.append((time.perf_counter() - began) * 1000)
    return {f"p{share}": round(float(np.percentile(taken, share)), 3) for share in (50, 95, 99)}


@contextmanager
def _one_core() -> Iterator[None]:
    """Pins this process where the system can."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
