"""Near-duplicates: what the bands find is what comparing all pairs finds."""

from __future__ import annotations

import itertools

import pytest

from nlu import corpus
from nlu.data import near
from nlu.data.phrasing import phrasing
from tests.nlu.conftest import DATA

pytestmark = pytest.mark.unit


def overlap(a: str, b: str, size: int) -> float:
    one, other = ({f" {text} "[i : i + size] for i in range(len(text) + 3 - size)} for text in (a, b))
    return len(one & other) / len(one | other)


@pytest.mark.parametrize(("language", "size"), [("en", near.GRAM), ("zh", near.GRAM_ZH)])
def test_all_pairs_are_found_without_comparing_all(language: str, size: int) -> None:
    texts = list(dict.fromkeys(row.text for row in corpus.read(DATA / f"{language}.jsonl")))[::20]
    slow = {
        (a, b)
        for a, b in itertools.combinations(range(len(texts)), 2)
        if overlap(texts[a], texts[b], size) >= near.THRESHOLD
    }
    assert set(near.pairs(texts, language)) == slow


def test_nothing_is_near_to_nothing() -> None:
    assert list(near.pairs([], "en")) == []


@pytest.mark.parametrize(
    ("text", "language", "said", "plain"),
    [
        ("Um, I'll pay on Friday.", "en", "Friday", "i'll pay on DATE"),
        ("呃那个我下周三还啊", "zh", "下周三", "那个我DATE还"),
        ("hmm", "en", "", "hmm"),
        ("嗯", "zh", "", "嗯"),
        ("it ends in 4217", "en", "", "it ends in 0"),
    ],
)
def test_a_phrasing_is_what_stays_when_values_and_hesitations_go(
    text: str, language: str, said: str, plain: str
) -> None:
    entities = [{"type": "date", "value": "2026-07-17", "text": said}] if said else []
    assert phrasing(text, language, entities) == plain
