"""What an epoch shows: each text, in an order of its own, some of it misheard, the same again for the same seed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from nlu.encoder.lessons import LEAST_STEPS, NO_LABEL, Curriculum, Lessons, balanced, steps_per_epoch
from nlu.encoder.recipe import Recipe
from nlu.encoder.tokens import Tokens, characters
from nlu.training import Options

pytestmark = pytest.mark.unit

TEXTS = [f"i will pay number {'abcdefghijkl'[n % 12]} on the {'xyzuvw'[n % 6]}{'mnopq'[n % 5]} day" for n in range(60)]
TOKENS = Tokens(characters([*TEXTS, "um uh the a"], "en"), "en")
RECIPE = Recipe("scratch", batch=8)


def curriculum(noisy: float = 0.5, seed: int = 0, texts: list[str] = TEXTS) -> Curriculum:
    return Curriculum(texts, "en", TOKENS, replace(RECIPE, noisy=noisy), Options(seed=seed))


def test_an_epoch_shows_every_text_as_often_in_as_many_steps_as_was_said() -> None:
    batches = curriculum(noisy=0.0).epoch(0)
    assert len(batches) == steps_per_epoch(len(TEXTS), RECIPE) == LEAST_STEPS
    shown = Counter(row for batch in batches for row in batch.rows)
    assert set(shown) == set(range(len(TEXTS)))
    assert max(shown.values()) - min(shown.values()) <= 1
    pairs = [pair for batch in batches for pair in zip(batch.rows, batch.ids, strict=True)]
    assert all(ids == TOKENS.ids(TEXTS[row]) for row, ids in pairs)
    assert steps_per_epoch(1000, RECIPE) == 125


def test_the_same_seed_and_epoch_are_the_same_and_others_are_not() -> None:
    assert curriculum().epoch(3) == curriculum().epoch(3)
    assert curriculum().epoch(3) != curriculum().epoch(4)
    assert curriculum().epoch(3) != curriculum(seed=1).epoch(3)


def test_about_half_of_the_texts_are_misheard() -> None:
    pairs = [
        (ids, TOKENS.ids(TEXTS[row]))
        for batch in curriculum().epoch(0)
        for row, ids in zip(batch.rows, batch.ids, strict=True)
    ]
    assert 0.3 < sum(heard != written for heard, written in pairs) / len(pairs) < 0.6


def test_what_another_row_says_is_not_what_this_one_sounds_like() -> None:
    texts = ["pay", "bay"] * 5  # each is what the other sounds like, and has a label of its own
    for epoch in range(5):
        for batch in curriculum(noisy=1.0, texts=texts).epoch(epoch):
            for row, ids in zip(batch.rows, batch.ids, strict=True):
                other = TOKENS.ids(texts[row - 1])
                assert ids != other


def test_a_label_that_nobody_gave_is_none_and_weighs_nothing() -> None:
    lessons = Lessons(["a", "b", "c", "d"], {"mood": ["glad", None, "sad", "glad"], "odd": [None] * 4})
    names = lessons.names()
    assert names == {"mood": ("glad", "sad"), "odd": ()}
    targets = lessons.targets({"mood": ("glad", "sad"), "odd": ("x",)})
    assert targets == {"mood": [0, NO_LABEL, 1, 0], "odd": [NO_LABEL] * 4}
    assert balanced(targets["mood"], 2) == [0.75, 1.5]
