"""How long one utterance takes to understand on one core: the live model, one utterance at a time, then a batch.

And how many of the phrases kept apart from the entity grammars these read rightly, and how fast.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bot.call.latency import percentiles
from bot.machine import machine
from bot.settings import load_settings
from nlu import corpus
from nlu.corpus import Split, of_split
from nlu.entities import evaluation
from nlu.entities.reading import read
from nlu.model import OnnxUnderstander
from nlu.registry import load_live
from nlu.understanding import Context

UTTERANCES = 500
BATCH = 32
DAY = date(2030, 5, 1)


PHRASES = Path(__file__).parents[1] / "tests" / "nlu"
BATCHES = ("kept_aside", "fresh")


def run() -> dict[str, Any]:
    """Some seconds. Needs a trained model (`voicebot nlu train`)."""
    folders = load_settings().folders
    began = time.perf_counter()
    model = load_live(folders.models / "nlu")
    found: dict[str, Any] = {"model": model.version, "load_ms": round((time.perf_counter() - began) * 1000, 1)}
    for language in model.languages:
        rows = of_split(corpus.read(folders.training_data / f"{language}.jsonl"), Split.TEST)
        texts = [row.text for row in rows][:UTTERANCES]
        found[language] = {
            "utterances": len(texts),
            "one_ms": percentiles([_ms(model, [text], language) for text in texts]),
            f"each_in_batches_of_{BATCH}_ms": round(_batched_ms(model, texts, language), 3),
            "entities": entities(language),
        }
    return found


def entities(language: str) -> dict[str, Any]:
    """A phrase is right if all its entities are found, and no others."""
    found: dict[str, Any] = {}
    rows: list[evaluation.Phrase] = []
    for batch in BATCHES:
        phrases = evaluation.phrases(PHRASES / f"entities_{batch}.{language}.jsonl", language)
        figures = evaluation.measure(phrases)
        found[batch] = {"right": figures.right, "phrases": figures.phrases, "share": round(figures.accuracy, 3)}
        rows += phrases
    found["one_ms"] = percentiles([_read_ms(row) for row in rows])
    return found


def _read_ms(row: evaluation.Phrase) -> float:
    began = time.perf_counter()
    read(row.text, row.context)
    return (time.perf_counter() - began) * 1000


def _ms(model: OnnxUnderstander, texts: Sequence[str], language: str) -> float:
    context = Context(language, DAY, "date")
    began = time.perf_counter()
    model.understand_all(texts, [context] * len(texts))
    return (time.perf_counter() - began) * 1000


def _batched_ms(model: OnnxUnderstander, texts: Sequence[str], language: str) -> float:
    batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
    return sum(_ms(model, batch, language) for batch in batches) / len(texts)


if __name__ == "__main__":
    print(machine())
    for name, figures in run().items():
        print(f"{name}: {figures}")
