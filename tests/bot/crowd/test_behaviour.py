"""What customers do follows from who they are, what was asked and chance alone."""

from __future__ import annotations

import random

import pytest

from bot.crowd.behaviour import SILENCE, Act, Behaviour, Question
from bot.crowd.person import Person
from bot.crowd.words import Words
from nlu import corpus

pytestmark = pytest.mark.unit

ROWS = [
    corpus.Row(text, "en", intent, None, f"en.{intent}", "written", split)
    for intent, text, split in (
        ("affirm", "yes that is me", corpus.Split.TEST),
        ("affirm", "learnt by heart", corpus.Split.TRAIN),
        ("deny", "no not at all", corpus.Split.TEST),
        ("ask_human", "let me talk to a person", corpus.Split.TEST),
        ("dont_know", "i have no idea", corpus.Split.TEST),
        ("third_party", "she went out", corpus.Split.TEST),
        ("give_feedback", "it was fine", corpus.Split.TEST),
        ("backchannel", "mhm", corpus.Split.TEST),
    )
]
YES_NO = Question("yes_no", ("affirm", "deny"))
DIGITS = Question("number", (), 4)


def person(**changes: object) -> Person:
    plain = {"name": "a", "about": "b", "turns": {"answer": 1}, "answers": {"affirm": 1}, "digits": {"right": 1}}
    return Person.model_validate({**plain, **changes})


def acts(who: Person, question: Question, times: int = 40, seed: int = 1, noise: float = 0) -> list[Act]:
    behaviour = Behaviour(who, Words("en", ROWS, noise), "4217", random.Random(seed))
    return [behaviour.next(question) for _ in range(times)]


def test_the_same_chance_does_the_same() -> None:
    who = person(answers={"affirm": 1, "deny": 1}, habits={"silent": 0.2, "keys": 0.3})
    assert acts(who, YES_NO, noise=0.3) == acts(who, YES_NO, noise=0.3)
    assert acts(who, YES_NO, noise=0.3) != acts(who, YES_NO, seed=2, noise=0.3)


def test_answers_go_by_their_weights_in_words_no_model_has_learnt() -> None:
    assert {act.say for act in acts(person(), YES_NO)} == {"yes that is me"}
    both = acts(person(answers={"affirm": 3, "deny": 1}), YES_NO, times=400)
    assert 240 < sum(act.meant == "affirm" for act in both) < 360
    assert {act.say for act in acts(person(words={"en": {"affirm": ["aye"]}}), YES_NO)} == {"aye"}


def test_keys_are_pressed_where_they_can_be_the_answer() -> None:
    who = person(answers={"affirm": 1, "deny": 1, "third_party": 1}, habits={"keys": 1})
    found = acts(who, Question("yes_no", ("affirm", "deny", "third_party")))
    assert {act.keys or act.say for act in found} == {"1", "2", "she went out"}
    assert {act.keys for act in acts(who, Question("choice", ("deny", "affirm")))} == {"1", "2"}
    assert {act.keys for act in acts(who, DIGITS)} == {"4217"}


def test_only_the_right_digits_prove_who_somebody_is() -> None:
    assert {(act.say, act.proves) for act in acts(person(), DIGITS)} == {("four two one seven", True)}
    wrong = acts(person(digits={"wrong": 1}), DIGITS)
    assert not any(act.proves for act in wrong)
    assert "four two one seven" not in {act.say for act in wrong}
    assert {act.meant for act in acts(person(digits={"refused": 1}), DIGITS)} == {"deny", "dont_know"}


def test_who_is_asked_whether_they_are_the_customer_says_so_as_often_as_they_would() -> None:
    question = Question("yes_no", ("affirm", "deny", "wrong_person", "third_party"))
    stranger = person(says_it_is_me=0, answers={"affirm": 9, "third_party": 1})
    assert {act.meant for act in acts(stranger, question)} == {"third_party"}
    assert {act.meant for act in acts(person(says_it_is_me=1, answers={"deny": 1}), question)} == {"affirm"}


def test_who_wants_a_human_goes_on_asking() -> None:
    who = person(turns={"answer": 1, "ask_human": 1})
    found = [act.meant for act in acts(who, YES_NO, times=200)]
    after = found[found.index("ask_human") :]
    assert after.count("ask_human") > 150


def test_habits_come_first() -> None:
    assert set(acts(person(habits={"silent": 1}), YES_NO)) == {SILENCE}
    assert all(act.hang_up for act in acts(person(habits={"hangs_up": 1}), YES_NO))
    behaviour = Behaviour(person(habits={"interrupts": 1}), Words("en", ROWS, 0), None, random.Random(1))
    assert behaviour.interjection() == Act("backchannel", say="mhm")
    assert Behaviour(person(), Words("en", ROWS, 0), None, random.Random(1)).interjection() is None


def test_an_intent_without_words_is_told_with_the_remedy() -> None:
    with pytest.raises(corpus.CorpusError, match=r"en\.jsonl has no utterance of `abuse` kept aside"):
        acts(person(turns={"abuse": 1}), YES_NO)
