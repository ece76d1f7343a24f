"""The network over vectors: it learns what no line divides, from few rows and of two labels, and the same each time."""

from __future__ import annotations

import numpy as np
import pytest

from nlu import perceptron
from nlu.head import Floats
from nlu.perceptron import Perceptron
from nlu.sentence_vectors import Vectors

pytestmark = pytest.mark.unit

CORNERS = np.array([[1, 1], [-1, -1], [1, -1], [-1, 1]], np.float32)


def corners(rows: int, labels: int) -> tuple[Vectors, np.ndarray]:
    """Points about four corners: each its own label, or opposite ones the same."""
    draw = np.random.default_rng(0)
    own = np.arange(rows) % 4
    points = CORNERS[own] + draw.normal(0, 0.2, (rows, 2)).astype(np.float32)
    return points, own if labels == 4 else own // 2


def right(network: Perceptron, vectors: Vectors, own: np.ndarray) -> float:
    return float((network.logits(vectors).argmax(axis=1) == own).mean())


def ones(rows: int) -> Floats:
    return np.ones(rows)


@pytest.mark.parametrize("labels", [2, 4])
def test_it_learns_what_no_line_divides(labels: int) -> None:
    vectors, own = corners(40, labels)
    network = perceptron.fit(vectors, own, ones(40), seed=0)
    assert network.logits(vectors).shape == (40, labels)
    assert right(network, vectors, own) == 1.0


def test_the_same_seed_gives_the_same_network() -> None:
    vectors, own = corners(40, 4)
    one, same, other = (perceptron.fit(vectors, own, ones(40), seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.hidden, same.hidden)
    assert not np.array_equal(one.hidden, other.hidden)


def test_rows_count_what_they_weigh() -> None:
    vectors = np.zeros((20, 2), np.float32)
    own = np.array([0] * 15 + [1] * 5)
    light = perceptron.fit(vectors, own, ones(20), seed=0).logits(vectors[:1])
    heavy = perceptron.fit(vectors, own, np.where(own == 1, 30.0, 1.0), seed=0).logits(vectors[:1])
    assert light.argmax() == 0
    assert heavy.argmax() == 1
