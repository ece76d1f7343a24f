"""Which phrases a recogniser may take for each other."""

from __future__ import annotations

import pytest

from speech.asr import jsgf
from speech.asr.confusable import MOST_WORDS, phones_of, phrases, sound_alike
from speech.asr.pronunciation import Lexicon

pytestmark = pytest.mark.unit

LEXICON = Lexicon(
    {
        "can": ["K AE N"],
        "can't": ["K AE N T"],
        "know": ["N OW"],
        "no": ["N OW"],
        "pay": ["P EY"],
        "bay": ["B EY"],
        "later": ["L EY T ER"],
    }
)


def said(text: str) -> list[tuple[str, ...]]:
    return list(phones_of(tuple(text.split()), LEXICON))


@pytest.mark.parametrize(
    ("one", "other"), [("no", "know"), ("pay", "bay"), ("can pay later", "can't pay later")], ids=str
)
def test_nearly_the_same_sounds(one: str, other: str) -> None:
    assert sound_alike(said(one), said(other))
    assert sound_alike(said(other), said(one))


@pytest.mark.parametrize(("one", "other"), [("no", "pay"), ("can", "can't"), ("pay", "pay later")], ids=str)
def test_what_is_told_apart(one: str, other: str) -> None:
    assert not sound_alike(said(one), said(other))


def test_a_word_without_pronunciation_sounds_like_nothing() -> None:
    assert not sound_alike(said("xyzzy"), said("xyzzy"))


def test_phrases_of_a_rule() -> None:
    rules = {
        rule.name: rule
        for rule in jsgf.parse(
            "#JSGF V1.0; grammar g; <yes> = [oh] yes | <sure>+; <sure> = sure | of course; <long> = a b c d e f;", "g"
        )
    }
    assert phrases(rules["yes"].expansion, rules) == {("yes",), ("oh", "yes"), ("sure",), ("of", "course")}
    assert MOST_WORDS == 5
    assert phrases(rules["long"].expansion, rules) == set()
