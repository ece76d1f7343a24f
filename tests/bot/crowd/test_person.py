"""Kinds of customers are data: those there are can be used, and a mistake in one is named by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.crowd.person import PEOPLE, PersonError, load_people
from nlu import corpus
from tests.needs import ROOT

pytestmark = pytest.mark.unit

WANTED = {
    "angry",
    "child",
    "confused",
    "cooperative",
    "evasive",
    "hurried",
    "off_topic",
    "silent",
    "third_party",
}


def test_everybody_is_there_and_has_words_for_what_they_may_mean() -> None:
    people = load_people()
    assert {person.name for person in people} == WANTED == {path.stem for path in PEOPLE.glob("*.yml")}
    for language in ("en", "zh"):
        rows = corpus.read(ROOT / "training_data" / f"{language}.jsonl")
        said = {row.intent for row in rows if row.split is corpus.Split.TEST}
        for person in people:
            meant = {*person.turns, *person.answers, *person.interjects} - {"answer", "others"}
            assert meant <= said | set(person.words.get(language, {})), person.name
    strangers = [person for person in people if person.name in {"third_party", "child"}]
    assert all(person.digits.right == 0 for person in strangers)  # what they are told is what a breach is


def test_a_slip_in_a_file_is_named_by_its_place(tmp_path: Path) -> None:
    (tmp_path / "odd.yml").write_text(
        "name: odd\nabout: Is odd.\nturns: {answer: 1, yell: 2}\nanswers: {affirm: -1}\ndigits: {right: 1}\nmood: bad\n"
    )
    with pytest.raises(PersonError) as caught:
        load_people(folder=tmp_path)
    told = str(caught.value)
    assert f"{tmp_path / 'odd.yml'}:3: turns: yell is no intent" in told
    assert f"{tmp_path / 'odd.yml'}:4: answers.affirm: Input should be greater than or equal to 0" in told
    assert f"{tmp_path / 'odd.yml'}:6: mood:" in told


def test_who_is_not_there_is_told_with_those_who_are() -> None:
    with pytest.raises(PersonError, match=r"no grumpy; there are angry, child"):
        load_people(["angry", "grumpy"])
