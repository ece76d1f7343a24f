"""Running one language's ONNX file: texts in, probabilities out, on one thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnxruntime as ort  # type: ignore[import-untyped]
from numpy.typing import NDArray

from nlu import features

Floats = NDArray[np.float32]

SLICE = 64  # texts that go through the graph at once


@dataclass(frozen=True, slots=True)
class Scores:
    """One row a text: calibrated probabilities of both heads, and the share of the text's words that training saw."""

    intent: Floats
    sentiment: Floats
    known: Floats


class OnnxSession:
    """A loaded graph. ONNX Runtime's `run` may be called from several threads at once."""

    def __init__(self, model: bytes, language: str) -> None:
        """Raises whatever ONNX Runtime raises for bytes that are no model; `nlu.model` turns it into a clear error."""
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._language = language
        self._session: Any = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def width(self, output: str) -> int:
        """How many labels an output has."""
        return int(next(o.shape[1] for o in self._session.get_outputs() if o.name == output))

    def scores(self, texts: Sequence[str]) -> Scores:
        cut = [features.grams(text, self._language) for text in texts]
        intent, sentiment, known = self._run(cut, ("intent", "sentiment", "known"))
        units = np.array([[max(gram.units, 1)] for gram in cut], dtype=np.float32)
        return Scores(intent, sentiment, (known / units)[:, 0])

    def probabilities(self, texts: Sequence[str], head: str) -> Floats:
        """Those of one head alone, for a graph that may have no other. At least one text."""
        return self._run([features.grams(text, self._language) for text in texts], (head,))[0]

    def _run(self, cut: Sequence[features.Grams], outputs: tuple[str, ...]) -> list[Floats]:
        """In slices: each is as wide as its longest text, so one endless text must not widen thousands."""
        parts = [
            self._session.run(
                list(outputs),
                {
                    "words": _padded([gram.words for gram in cut[start : start + SLICE]]),
                    "characters": _padded([gram.characters for gram in cut[start : start + SLICE]]),
                },
            )
            for start in range(0, max(len(cut), 1), SLICE)
        ]
        return [np.concatenate([part[n] for part in parts]) for n in range(len(outputs))]


def _padded(rows: Sequence[tuple[str, ...]]) -> NDArray[np.object_]:
    """A rectangle of strings; the padding "" is in no vocabulary."""
    table = np.full((len(rows), max(1, *(len(row) for row in rows), 1)), "", dtype=object)
    for index, row in enumerate(rows):
        table[index, : len(row)] = row
    return table
