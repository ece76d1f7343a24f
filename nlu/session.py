"""Running one language's ONNX file: texts in, probabilities out, on one thread.

Both kinds of model are run alike. A file that brings a tokeniser is an encoder, which reads tokens beside the words;
one that brings none reads n-grams and sentence vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnxruntime as ort  # type: ignore[import-untyped]
from numpy.typing import NDArray

from nlu import features, sentence_vectors
from nlu.encoder.tokens import METADATA_KEY, Tokens

Floats = NDArray[np.float32]

VECTORS = "vectors"
VECTORS_KEY = "sentence_vectors"

SLICE = 64  # texts that go through the graph at once


@dataclass(frozen=True, slots=True)
class Scores:
    """One row a text: calibrated probabilities of both heads, and the share of the text's words that it knows.

    An n-gram model knows the words that training saw, an encoder also those that its tokeniser has whole.
    """

    intent: Floats
    sentiment: Floats
    known: Floats


class OnnxSession:
    """A loaded graph. ONNX Runtime's `run` may be called from several threads at once."""

    def __init__(self, model: bytes, language: str) -> None:
        """Raises `sentence_vectors.OtherVectors`, and whatever ONNX Runtime raises for bytes that are no model.

        `nlu.model` turns either into a clear error.
        """
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._language = language
        self._session: Any = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        described = self._session.get_modelmeta().custom_metadata_map
        self._tokens = Tokens(described[METADATA_KEY], language) if METADATA_KEY in described else None
        if self._tokens is None:
            sentence_vectors.require(described.get(VECTORS_KEY))
            sentence_vectors.vectors(["a"], language)  # loaded now, not when the first customer speaks

    def width(self, output: str) -> int:
        """How many labels an output has."""
        return int(next(o.shape[1] for o in self._session.get_outputs() if o.name == output))

    def scores(self, texts: Sequence[str]) -> Scores:
        cut = self._cut(texts)
        intent, sentiment, known = self._run(texts, cut, ("intent", "sentiment", "known"))
        units = np.array([[max(gram.units, 1)] for gram in cut], dtype=np.float32)
        return Scores(intent, sentiment, (known / units)[:, 0])

    def probabilities(self, texts: Sequence[str], head: str) -> Floats:
        """Those of one head alone, for a graph that may have no other. At least one text."""
        return self._run(texts, self._cut(texts), (head,))[0]

    def _cut(self, texts: Sequence[str]) -> list[features.Grams]:
        return [features.grams(text, self._language) for text in texts]

    def _run(self, texts: Sequence[str], cut: Sequence[features.Grams], outputs: tuple[str, ...]) -> list[Floats]:
        """In slices: each is as wide as its longest text, so one endless text must not widen thousands."""
        parts = [
            self._session.run(list(outputs), self._feed(texts[start : start + SLICE], cut[start : start + SLICE]))
            for start in range(0, max(len(cut), 1), SLICE)
        ]
        return [np.concatenate([part[n] for part in parts]) for n in range(len(outputs))]

    def _feed(self, texts: Sequence[str], cut: Sequence[features.Grams]) -> dict[str, Any]:
        words = {"words": _padded([gram.words for gram in cut])}
        if self._tokens is not None:
            return words | self._tokens.feed(texts)
        characters = _padded([gram.characters for gram in cut])
        return words | {"characters": characters, VECTORS: sentence_vectors.vectors(texts, self._language)}


def _padded(rows: Sequence[tuple[str, ...]]) -> NDArray[np.object_]:
    """A rectangle of strings; the padding "" is in no vocabulary."""
    table = np.full((len(rows), max(1, *(len(row) for row in rows), 1)), "", dtype=object)
    for index, row in enumerate(rows):
        table[index, : len(row)] = row
    return table
