"""A network with one hidden layer over sentence vectors, beside the linear classifier over n-grams.

Of phrasings that training never saw, each is wrong about others than the other is; together they are wrong less often.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning  # type: ignore[import-untyped]
from sklearn.neural_network import MLPClassifier  # type: ignore[import-untyped]
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from nlu.sentence_vectors import Vectors

Floats = NDArray[np.float64]

HIDDEN = 512
DECAY = 0.01
EPOCHS = 8
"""Stopped long before it has learnt its rows by heart: what it is for are others."""
BATCH = 256
FEWEST_STEPS = 400
"""A small set is gone through more often, or nothing is learnt from it."""

_ONE_THREAD = partial(threadpool_limits, 1)  # or the number of cores would decide the last digits


@dataclass(frozen=True, slots=True)
class Perceptron:
    """`hidden` [dimensions, units] and `out` [units, labels], each with its bias; between them the negative is cut."""

    hidden: Floats
    hidden_bias: Floats
    out: Floats
    out_bias: Floats

    def logits(self, vectors: Vectors) -> Floats:
        """[texts, labels]"""
        with _ONE_THREAD():
            return np.asarray(np.maximum(vectors @ self.hidden + self.hidden_bias, 0.0) @ self.out + self.out_bias)


def fit(vectors: Vectors, y: NDArray[np.intp], weights: Floats, seed: int) -> Perceptron:
    """`y`: the column of each row's label, all of which occur; `weights`: what it counts. The same seed gives the same
    network.
    """
    batch = min(BATCH, len(y))
    model = MLPClassifier(
        (HIDDEN,),
        alpha=DECAY,
        batch_size=batch,
        max_iter=max(EPOCHS, math.ceil(FEWEST_STEPS * batch / len(y))),
        random_state=seed,
    )
    with warnings.catch_warnings(), _ONE_THREAD():
        warnings.simplefilter("ignore", ConvergenceWarning)  # see `EPOCHS`
        model.fit(vectors, y, sample_weight=weights)
    (hidden, out), (hidden_bias, out_bias) = model.coefs_, model.intercepts_
    if out.shape[1] == 1:  # of two labels it tells only how likely the second is
        out, out_bias = np.hstack([0 * out, out]), np.append(0.0, out_bias)
    return Perceptron(hidden, hidden_bias, out, out_bias)
