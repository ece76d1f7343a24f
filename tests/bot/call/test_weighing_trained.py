"""Words weighed with the trained model of meaning."""

from __future__ import annotations

from datetime import date

import pytest

from bot.call.weighing import Bearing, Weight, weigh
from dialogue.prompts import Expectation
from dialogue.protocol import Answer
from nlu.inventory import Intent
from nlu.model import OnnxUnderstander, load
from nlu.understanding import Context
from speech.end_of_turn import Words
from tests.trained import model_of_meaning

pytestmark = pytest.mark.integration

WEDNESDAY = date(2026, 11, 25)
YES_NO = Expectation(Answer.YES_NO)
DATE = Expectation(Answer.DATE, choices=("promise_to_pay", "dont_know"))
DIGITS = Expectation(Answer.NUMBER, length=4)
FREE = Expectation(Answer.FREE)
WILL_PAY = Expectation(Answer.CHOICE, choices=("affirm", "promise_to_pay", "already_paid", "cannot_pay", "deny"))
EXPLANATION = "Your payment of two hundred dollars is due on Friday."
EXPLANATION_ZH = "您有一笔两百元的还款，到期日是星期五。"


@pytest.fixture(scope="module")
def model() -> OnnxUnderstander:
    return load(model_of_meaning())


def weighed(
    model: OnnxUnderstander, text: str, expectation: Expectation, sounding: tuple[str, ...] = (), asked: bool = True
) -> Weight:
    language = "en" if text.isascii() else "zh"
    expects = expectation.answer.value if expectation.answer is not None else None
    choices = tuple(Intent(name) for name in expectation.choices)
    context = Context(language, WEDNESDAY, expects, choices, expectation.length)
    return weigh(text, True, model.understand(text, context), expectation, language, sounding, asked)


@pytest.mark.parametrize(
    ("text", "expectation", "words"),
    [
        ("yes", YES_NO, Words.COMPLETE),
        ("no that's wrong", YES_NO, Words.COMPLETE),
        ("yes but", YES_NO, Words.TRAILING),
        ("i want to speak to a person", YES_NO, Words.COMPLETE),
        ("on the", DATE, Words.TRAILING),
        ("the third", DATE, Words.INCOMPLETE),
        ("the third of", DATE, Words.TRAILING),
        ("the third of december", DATE, Words.COMPLETE),
        ("next friday", DATE, Words.COMPLETE),
        ("four two one", DIGITS, Words.INCOMPLETE),
        ("four two one seven", DIGITS, Words.COMPLETE),
        ("i already paid", WILL_PAY, Words.COMPLETE),
        ("the staff were kind but", FREE, Words.TRAILING),
        ("是的", YES_NO, Words.COMPLETE),
        ("不是", YES_NO, Words.COMPLETE),
        ("三号", DATE, Words.COMPLETE),
        ("十二月三号", DATE, Words.COMPLETE),
        ("下周五", DATE, Words.COMPLETE),
        ("四二一", DIGITS, Words.INCOMPLETE),
        ("四二一七", DIGITS, Words.COMPLETE),
        ("我已经还了", WILL_PAY, Words.COMPLETE),
        ("服务还可以但是", FREE, Words.TRAILING),
    ],
)
def test_completeness(model: OnnxUnderstander, text: str, expectation: Expectation, words: Words) -> None:
    weight = weighed(model, text, expectation)
    assert (weight.words, weight.bearing) == (words, Bearing.MEANT)


@pytest.mark.parametrize(
    ("text", "asked", "bearing"),
    [
        ("okay", False, Bearing.BACKCHANNEL),
        ("mhm", False, Bearing.BACKCHANNEL),
        ("uh huh", False, Bearing.BACKCHANNEL),
        ("i see", False, Bearing.BACKCHANNEL),
        ("who is calling please", False, Bearing.MEANT),
        ("you have the wrong number", False, Bearing.MEANT),
        ("don't call me again", False, Bearing.MEANT),
        ("due on friday", False, Bearing.ECHO),
        ("okay", True, Bearing.MEANT),
        ("yes", True, Bearing.MEANT),
        ("uh huh", True, Bearing.BACKCHANNEL),
        ("好的", False, Bearing.BACKCHANNEL),
        ("嗯嗯", False, Bearing.BACKCHANNEL),
        ("你是谁", False, Bearing.MEANT),
        ("你打错了", False, Bearing.MEANT),
        ("到期日是星期五", False, Bearing.ECHO),
        ("是的", True, Bearing.MEANT),
    ],
)
def test_what_is_said_over_the_bot(model: OnnxUnderstander, text: str, asked: bool, bearing: Bearing) -> None:
    prompt = EXPLANATION if text.isascii() else EXPLANATION_ZH
    assert weighed(model, text, YES_NO, (prompt,), asked).bearing is bearing
