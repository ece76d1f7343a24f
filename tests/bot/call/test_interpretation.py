"""What the dialogue is told: intents, values that answer the question, and keys."""

from __future__ import annotations

import pytest

from bot.call.interpretation import of_keys, of_speech
from dialogue.prompts import Expectation
from dialogue.protocol import Answer, Source
from nlu.inventory import EntityType, Intent, Sentiment
from nlu.policy.decision import Action, Decision
from nlu.understanding import Entity, Understanding

pytestmark = pytest.mark.unit

FRIDAY = Entity(EntityType.DATE, "2026-11-27", "friday")
DIGITS = Entity(EntityType.DIGITS, "0421", "oh four two one")
DATE = Expectation(Answer.DATE)
NUMBER = Expectation(Answer.NUMBER, length=4)


def understood(
    intent: Intent,
    probability: float = 0.9,
    entities: tuple[Entity, ...] = (),
    answer: Entity | None = None,
    sentiment: Sentiment = Sentiment.NEUTRAL,
) -> Understanding:
    action = Action.ACT if probability >= 0.3 else Action.ASK_AGAIN
    decision = Decision(action, intent, probability)
    return Understanding(intent, probability, (), sentiment, 0.9, entities, "m1", answer, decision=decision)


def test_a_value_that_answers_the_question_is_an_answer_whatever_the_words_around_it() -> None:
    told = of_speech("uh friday", understood(Intent.OUT_OF_SCOPE, 0.2, (FRIDAY,), FRIDAY), DATE)
    assert told is not None
    assert told.intent == "inform"
    assert [(e.type, e.value) for e in told.entities] == [("date", "2026-11-27")]


@pytest.mark.parametrize("intent", [Intent.BUSY_CALL_LATER, Intent.ALREADY_PAID, Intent.ASK_HUMAN, Intent.DO_NOT_CALL])
def test_a_wish_about_the_call_wins_over_a_date_in_the_same_words(intent: Intent) -> None:
    told = of_speech("call me on friday", understood(intent, entities=(FRIDAY,), answer=FRIDAY), DATE)
    assert told is not None
    assert told.intent == intent.value


def test_an_improbable_intent_is_no_match() -> None:
    told = of_speech("mumble", understood(Intent.DISPUTE, 0.2), Expectation(Answer.YES_NO))
    assert told is not None
    assert (told.intent, told.entities) == ("no_match", ())


def test_a_free_answer_is_kept_in_its_words_unless_it_surely_concerns_the_call() -> None:
    free = Expectation(Answer.FREE)
    comment = of_speech("the staff were kind", understood(Intent.ASK_HUMAN, 0.5), free)
    assert comment is not None
    assert (comment.intent, comment.entities[0].value) == ("inform", "the staff were kind")
    human = of_speech("i want a human", understood(Intent.ASK_HUMAN, 0.95), free)
    assert human is not None
    assert human.intent == "ask_human"


@pytest.mark.parametrize(("text", "intent"), [("no thank you", "deny"), ("no one ever called me back", "inform")])
def test_a_bare_no_to_a_free_question_is_a_no(text: str, intent: str) -> None:
    told = of_speech(text, understood(Intent.DENY), Expectation(Answer.FREE))
    assert told is not None
    assert told.intent == intent


def test_words_before_the_question_count_only_where_they_concern_the_call() -> None:
    question = Expectation(Answer.YES_NO)
    assert of_speech("yes", understood(Intent.AFFIRM), question, premature=True) is None
    stop = of_speech("do not call me", understood(Intent.DO_NOT_CALL), question, premature=True)
    assert stop is not None
    assert stop.intent == "do_not_call"


def test_the_sentiment_goes_along() -> None:
    angry = understood(Intent.DENY, sentiment=Sentiment.ANGRY)
    told = of_speech("no", angry, Expectation(Answer.YES_NO))
    assert told is not None
    assert told.sentiment is Sentiment.ANGRY


@pytest.mark.parametrize(
    ("keys", "expectation", "intent", "value"),
    [
        ("0", NUMBER, "ask_human", None),
        ("0", Expectation(Answer.YES_NO), "ask_human", None),
        ("1", Expectation(Answer.YES_NO), "affirm", None),
        ("2", Expectation(Answer.YES_NO), "deny", None),
        ("3", Expectation(Answer.YES_NO), "no_match", None),
        ("0421", NUMBER, "inform", "0421"),
        ("042", NUMBER, "no_match", None),
        ("4", Expectation(Answer.RATING), "inform", 4),
        ("9", Expectation(Answer.RATING), "no_match", None),
        ("150", Expectation(Answer.AMOUNT), "inform", 150),
        ("2", Expectation(Answer.CHOICE, choices=("affirm", "already_paid")), "already_paid", None),
        ("7", Expectation(Answer.CHOICE, choices=("affirm", "already_paid")), "no_match", None),
        ("5", Expectation(Answer.FREE), "no_match", None),
        ("*", Expectation(), "no_match", None),
    ],
)
def test_keys(keys: str, expectation: Expectation, intent: str, value: str | int | None) -> None:
    told = of_keys(keys, expectation)
    assert (told.intent, told.source) == (intent, Source.KEYPAD)
    assert [entity.value for entity in told.entities] == ([] if value is None else [value])


def test_what_the_question_will_ask_may_be_said_before_it_but_a_bare_yes_may_not() -> None:
    will_pay = Expectation(Answer.CHOICE, choices=("affirm", "already_paid"))
    told = of_speech("i have paid already", understood(Intent.ALREADY_PAID), will_pay, premature=True)
    assert told is not None
    assert told.intent == "already_paid"
    assert of_speech("yes", understood(Intent.AFFIRM), will_pay, premature=True) is None
    assert of_speech("i paid", understood(Intent.ALREADY_PAID, 0.5), will_pay, premature=True) is None
    assert of_speech("i have paid already", understood(Intent.ALREADY_PAID), DATE, premature=True) is None
