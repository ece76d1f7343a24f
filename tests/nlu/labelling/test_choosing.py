"""What is chosen: a sample that nothing has ranked, then what the model is most likely wrong about."""

from __future__ import annotations

import random

import pytest

from nlu.labelling.choosing import choose
from nlu.labelling.turns import Turn, Why
from tests.nlu.labelling.turns import turn

pytestmark = pytest.mark.unit

WORDS = ("apple", "river", "window", "carpet", "engine", "bottle", "mirror", "garden", "pencil", "thunder", "harbour")


def many(number: int) -> list[Turn]:
    """All different, none nearly like another."""
    pairs = [f"{a} {b}" for a in WORDS for b in reversed(WORDS) if a != b]
    return [turn(text, f"call{n}#1", margin=n / number) for n, text in enumerate(pairs[:number])]


def test_the_most_uncertain_disagreeing_and_corrected_turns_come_first() -> None:
    turns = [
        turn("quite sure", "a#1", 0.99),
        turn("could be anything", "a#2", 0.1),
        turn("the shadow knows better", "a#3", 0.95, shadow="deny"),
        turn("never said friday", "a#4", 0.9, why=(Why.TAKEN_BACK,)),
        turn("everything wrong with it", "a#5", 0.2, why=(Why.TAKEN_BACK,), shadow="deny"),
    ]
    rows = choose(turns, 4, 0, 0)
    assert [row.text for row in rows] == [
        "everything wrong with it",
        "never said friday",
        "the shadow knows better",
        "could be anything",
    ]
    assert rows[0].why == (Why.UNCERTAIN, Why.SHADOW_DISAGREES, Why.TAKEN_BACK)


def test_one_text_at_one_question_is_one_row_and_a_rare_sign_weighs_little() -> None:
    turns = [turn("yes", f"a#{n}", 1.0, expects="yes_no") for n in range(9)]
    turns += [turn("Yes.", "b#1", 1.0, (Why.TAKEN_BACK,), expects="yes_no"), turn("yes", "c#1", expects="free")]
    first, second = sorted(choose(turns, 10, 0, 0), key=lambda row: -row.count)
    assert (first.count, first.worth, first.why, len(first.heard_in)) == (10, 0.1, (Why.TAKEN_BACK,), 10)
    assert (second.count, second.expects) == (1, "free")


def test_the_sample_stands_in_front_and_has_its_share() -> None:
    rows = choose(many(100), 40, 0.25, 0)
    assert len(rows) == 40
    assert [row.random for row in rows] == [True] * 10 + [False] * 30
    assert len(choose(many(20), 40, 0.25, 0)) == 20
    assert sum(row.random for row in choose(many(20), 40, 0.25, 0)) == 5


def test_the_sample_does_not_look_at_what_a_turn_is_worth() -> None:
    turns = many(100)
    means = [sum(row.worth for row in choose(turns, 100, 0.2, seed) if row.random) / 20 for seed in range(20)]
    everyone = sum(1 - one.margin for one in turns) / 100
    assert sum(means) / 20 == pytest.approx(everyone, abs=0.05)


def test_the_same_turns_in_any_order_give_the_same_rows_and_another_seed_others() -> None:
    turns = many(60)
    shuffled = random.Random(1).sample(turns, len(turns))
    assert choose(turns, 30, 0.5, 7) == choose(shuffled, 30, 0.5, 7)
    assert choose(turns, 30, 0.5, 7) != choose(turns, 30, 0.5, 8)


def test_what_is_nearly_like_the_sample_is_not_learnt_from() -> None:
    turns = [turn("i really cannot pay this invoice at the moment", "a#1")]
    turns += [turn("i really cannot pay this invoice at this moment", "a#2")]
    turns += [turn("well i really cannot pay this invoice at the moment", "a#3")]
    rows = choose(turns, 3, 1 / 3, 0)
    assert [row.random for row in rows] == [True]
