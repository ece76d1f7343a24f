"""One classifier as training leaves it: weights, and the temperature that makes its probabilities honest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

from nlu.perceptron import Perceptron
from nlu.sentence_vectors import Vectors

Floats = NDArray[np.float64]

NETWORK_SHARE = 0.45
"""How much the network's logits count beside those of the n-grams."""

TEMPERATURE_BOUNDS = (0.05, 5.0)


@dataclass(frozen=True, slots=True)
class Head:
    """One classifier over the shared features. Probabilities are softmax(logits / temperature), the logits
    X @ weights + bias; where there is a `network`, its own are added to them.
    """

    labels: tuple[str, ...]
    weights: Floats  # features x labels
    bias: Floats
    temperature: float
    iterations: int
    training_accuracy: float
    converged: bool
    network: Perceptron | None = None

    def logits(self, x: csr_matrix | Floats, vectors: Vectors | None = None) -> Floats:
        """Of n-grams [texts, features], and of `nlu.sentence_vectors` where there is a network."""
        linear = np.asarray(x @ self.weights) + self.bias
        if self.network is None:
            return linear
        assert vectors is not None, "this head has a network"
        return linear + NETWORK_SHARE * self.network.logits(vectors)

    def probabilities(self, x: csr_matrix | Floats, vectors: Vectors | None = None) -> Floats:
        return softmax(self.logits(x, vectors) / self.temperature)


def calibrated(head: Head, x: csr_matrix, y: Sequence[str], vectors: Vectors | None = None) -> Head:
    """The head at the temperature under which labels it did not learn from are most likely (Guo et al., 2017)."""
    return tempered(head, head.logits(x, vectors), y)


def tempered(head: Head, logits: Floats, y: Sequence[str]) -> Head:
    """The same from logits in the order of the head's labels."""
    rows, columns = np.arange(len(y)), np.array([head.labels.index(label) for label in y])

    def loss(temperature: float) -> float:
        return float(-np.log(np.maximum(softmax(logits / temperature)[rows, columns], 1e-12)).mean())

    return replace(head, temperature=float(minimize_scalar(loss, bounds=TEMPERATURE_BOUNDS, method="bounded").x))


def softmax(logits: Floats) -> Floats:
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))
