"""What words are worth: whether more will follow, and whether they mean the bot."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.call.interpretation import OVERRIDING, STEERING
from bot.call.weighing import Bearing, Weight, weigh
from dialogue.prompts import Expectation
from dialogue.protocol import Answer
from nlu.inventory import EntityType, Intent, Sentiment
from nlu.policy.decision import Action, Decision
from nlu.understanding import Entity, Understanding
from speech.end_of_turn import Words

pytestmark = pytest.mark.unit

YES_NO = Expectation(Answer.YES_NO)
DATE = Expectation(Answer.DATE)
AMOUNT = Expectation(Answer.AMOUNT)
RATING = Expectation(Answer.RATING)
FOUR_DIGITS = Expectation(Answer.NUMBER, length=4)
NUMBER = Expectation(Answer.NUMBER)
FREE = Expectation(Answer.FREE)
CHOICE = Expectation(Answer.CHOICE, choices=("affirm", "already_paid", "cannot_pay"))
NOTHING_ASKED = Expectation()

EXPLANATION = "Your payment of two hundred dollars is due on Friday. A colleague can look at it with you."
EXPLANATION_ZH = "您有一笔两百元的还款，到期日是星期五。人工客服可以和您一起商量。"


def meaning(intent: Intent, probability: float = 0.9, answer: Entity | None = None) -> Understanding:
    entities = () if answer is None else (answer,)
    action = Action.ACT if probability >= 0.3 else Action.ASK_AGAIN
    decision = Decision(action, intent, probability)
    return Understanding(intent, probability, (), Sentiment.NEUTRAL, 0.9, entities, "m1", answer, decision=decision)


def said(
    text: str,
    intent: Intent,
    expectation: Expectation,
    probability: float = 0.9,
    answer: Entity | None = None,
    sounding: tuple[str, ...] = (),
    asked: bool = True,
) -> Weight:
    language = "en" if text.isascii() else "zh"
    return weigh(text, True, meaning(intent, probability, answer), expectation, language, sounding, asked)


def value(kind: EntityType, amount: str | float, text: str, currency: str | None = None) -> Entity:
    return Entity(kind, amount, text, currency)


def day(text: str) -> Entity:
    return value(EntityType.DATE, "2026-12-03", text)


# Completeness


@pytest.mark.parametrize(
    ("text", "intent", "expectation", "words"),
    [
        ("yes", Intent.AFFIRM, YES_NO, Words.COMPLETE),
        ("no", Intent.DENY, YES_NO, Words.COMPLETE),
        ("yes it is", Intent.AFFIRM, YES_NO, Words.COMPLETE),
        ("yes but", Intent.AFFIRM, YES_NO, Words.TRAILING),
        ("no i", Intent.DENY, YES_NO, Words.TRAILING),
        ("um", Intent.BACKCHANNEL, YES_NO, Words.TRAILING),
        ("the", Intent.OUT_OF_SCOPE, YES_NO, Words.TRAILING),
        ("well you see", Intent.OUT_OF_SCOPE, YES_NO, Words.INCOMPLETE),
        ("i have paid already", Intent.ALREADY_PAID, CHOICE, Words.COMPLETE),
        ("that is not right", Intent.DISPUTE, CHOICE, Words.COMPLETE),
        ("next month maybe", Intent.REQUEST_EXTENSION, CHOICE, Words.INCOMPLETE),
        ("i want to speak to a human", Intent.ASK_HUMAN, DATE, Words.COMPLETE),
        ("i want to speak to the", Intent.ASK_HUMAN, DATE, Words.TRAILING),
        ("the staff were kind", Intent.GIVE_FEEDBACK, FREE, Words.INCOMPLETE),
        ("the staff were kind and", Intent.GIVE_FEEDBACK, FREE, Words.TRAILING),
        ("i want a human", Intent.ASK_HUMAN, FREE, Words.INCOMPLETE),
        ("okay", Intent.AFFIRM, NOTHING_ASKED, Words.INCOMPLETE),
        ("do not call me again", Intent.DO_NOT_CALL, NOTHING_ASKED, Words.COMPLETE),
        ("是的", Intent.AFFIRM, YES_NO, Words.COMPLETE),
        ("我就是", Intent.AFFIRM, YES_NO, Words.COMPLETE),
        ("是的但是", Intent.AFFIRM, YES_NO, Words.TRAILING),
        ("嗯", Intent.BACKCHANNEL, YES_NO, Words.TRAILING),
        ("我已经还了", Intent.ALREADY_PAID, CHOICE, Words.COMPLETE),
        ("转人工", Intent.ASK_HUMAN, DATE, Words.COMPLETE),
        ("服务还可以但是", Intent.GIVE_FEEDBACK, FREE, Words.TRAILING),
    ],
)
def test_whether_words_without_a_value_are_whole(
    text: str, intent: Intent, expectation: Expectation, words: Words
) -> None:
    assert said(text, intent, expectation).words is words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("friday", Words.COMPLETE),
        ("tomorrow", Words.COMPLETE),
        ("the third", Words.INCOMPLETE),  # of December
        ("twenty fifth", Words.INCOMPLETE),
        ("the 3rd", Words.INCOMPLETE),
        ("the third of december", Words.COMPLETE),
        ("december third", Words.COMPLETE),
        ("december twenty", Words.INCOMPLETE),  # fifth
        ("december twenty fifth", Words.COMPLETE),
        ("december 20", Words.COMPLETE),
        ("friday the third", Words.COMPLETE),
        ("the third of this month", Words.COMPLETE),
        ("in two weeks", Words.COMPLETE),
        ("friday um", Words.TRAILING),
        ("周五", Words.COMPLETE),
        ("明天", Words.COMPLETE),
        ("三号", Words.COMPLETE),
        ("二十五", Words.INCOMPLETE),
        ("下个月三号", Words.COMPLETE),
        ("十二月三号", Words.COMPLETE),
        ("十二月二十", Words.INCOMPLETE),  # 五号
        ("月底", Words.COMPLETE),
        ("周五的话", Words.TRAILING),
    ],
)
def test_whether_a_date_is_whole(text: str, words: Words) -> None:
    found = day(text.removesuffix(" um").removesuffix("的话"))
    assert said(text, Intent.PROMISE_TO_PAY, DATE, answer=found).words is words


def test_a_month_alone_and_a_date_of_the_past_are_no_answer() -> None:
    assert said("december", Intent.PROMISE_TO_PAY, DATE).words is Words.INCOMPLETE
    unsure = said("i paid on friday", Intent.ALREADY_PAID, DATE, 0.5, day("friday"))
    assert unsure.words is Words.INCOMPLETE
    assert said("i paid on friday", Intent.ALREADY_PAID, DATE, 0.9, day("friday")).words is Words.COMPLETE


@pytest.mark.parametrize(
    ("text", "amount", "currency", "words"),
    [
        ("two hundred", 200, None, Words.INCOMPLETE),
        ("three thousand", 3000, None, Words.INCOMPLETE),
        ("twenty", 20, None, Words.INCOMPLETE),
        ("five", 5, None, Words.INCOMPLETE),
        ("two hundred and fifty five", 255, None, Words.COMPLETE),
        ("two hundred dollars", 200, "USD", Words.COMPLETE),
        ("$ 200", 200, "USD", Words.INCOMPLETE),
        ("三千", 3000, None, Words.INCOMPLETE),
        ("三百二十一", 321, None, Words.COMPLETE),
        ("三千块", 3000, "CNY", Words.COMPLETE),
    ],
)
def test_whether_an_amount_is_whole(text: str, amount: int, currency: str | None, words: Words) -> None:
    found = value(EntityType.AMOUNT, amount, text, currency)
    assert said(text, Intent.PROMISE_TO_PAY, AMOUNT, answer=found).words is words


@pytest.mark.parametrize(
    ("text", "digits", "expectation", "words"),
    [
        ("four two one", "421", FOUR_DIGITS, Words.INCOMPLETE),
        ("four two one seven", "4217", FOUR_DIGITS, Words.COMPLETE),
        ("four two one seven", "4217", NUMBER, Words.INCOMPLETE),
        ("四二一七", "4217", FOUR_DIGITS, Words.COMPLETE),
        ("四二一七", "4217", NUMBER, Words.INCOMPLETE),
    ],
)
def test_whether_a_number_is_whole(text: str, digits: str, expectation: Expectation, words: Words) -> None:
    found = value(EntityType.DIGITS, digits, text)
    assert said(text, Intent.OUT_OF_SCOPE, expectation, 0.2, found).words is words


def test_a_rating_is_whole_at_once() -> None:
    four = value(EntityType.RATING, 4, "four")
    assert said("four", Intent.GIVE_RATING, RATING, answer=four) == Weight(Words.COMPLETE, Bearing.MEANT)


def test_what_the_dialogue_would_not_be_told_is_not_whole() -> None:
    assert said("yes", Intent.AFFIRM, YES_NO, 0.2).words is Words.INCOMPLETE
    assert said("i have paid", Intent.ALREADY_PAID, CHOICE, 0.2).words is Words.INCOMPLETE


def test_an_answer_before_its_question_is_not_whole() -> None:
    assert said("yes", Intent.AFFIRM, YES_NO, asked=False).words is Words.INCOMPLETE
    assert said("转人工", Intent.ASK_HUMAN, YES_NO, asked=False).words is Words.COMPLETE


# Bearing


@pytest.mark.parametrize(("text", "accepted"), [("", True), (" , ", True), ("yes", False)])
def test_words_that_nobody_stands_by_are_nothing(text: str, accepted: bool) -> None:
    assert weigh(text, accepted, meaning(Intent.AFFIRM), YES_NO, "en") == Weight(Words.NONE, Bearing.NOTHING)


@pytest.mark.parametrize(
    ("text", "intent", "expectation", "asked", "bearing"),
    [
        # while the bot explains, and the question is still to come
        ("okay", Intent.AFFIRM, YES_NO, False, Bearing.BACKCHANNEL),
        ("yes", Intent.AFFIRM, YES_NO, False, Bearing.BACKCHANNEL),
        ("mhm", Intent.BACKCHANNEL, YES_NO, False, Bearing.BACKCHANNEL),
        ("hello", Intent.GREET, YES_NO, False, Bearing.BACKCHANNEL),
        ("no", Intent.DENY, YES_NO, False, Bearing.ASIDE),
        ("i already paid", Intent.ALREADY_PAID, CHOICE, False, Bearing.MEANT),
        ("wrong number", Intent.WRONG_PERSON, YES_NO, False, Bearing.MEANT),
        ("好的", Intent.AFFIRM, YES_NO, False, Bearing.BACKCHANNEL),
        ("喂", Intent.GREET, YES_NO, False, Bearing.BACKCHANNEL),
        ("你打错了", Intent.WRONG_PERSON, YES_NO, False, Bearing.MEANT),
        # while the bot explains and nothing is asked
        ("okay", Intent.AFFIRM, NOTHING_ASKED, True, Bearing.BACKCHANNEL),
        ("好的", Intent.AFFIRM, NOTHING_ASKED, True, Bearing.BACKCHANNEL),
        # while the question itself sounds
        ("yes", Intent.AFFIRM, YES_NO, True, Bearing.MEANT),
        ("okay", Intent.AFFIRM, YES_NO, True, Bearing.MEANT),
        ("no", Intent.DENY, YES_NO, True, Bearing.MEANT),
        ("okay", Intent.AFFIRM, FOUR_DIGITS, True, Bearing.BACKCHANNEL),
        ("mhm", Intent.BACKCHANNEL, YES_NO, True, Bearing.BACKCHANNEL),
        ("uh huh", Intent.REPEAT, YES_NO, True, Bearing.BACKCHANNEL),
        ("huh", Intent.REPEAT, YES_NO, True, Bearing.MEANT),
        ("what did you say", Intent.REPEAT, YES_NO, True, Bearing.MEANT),
        ("i already paid", Intent.ALREADY_PAID, CHOICE, True, Bearing.MEANT),
        ("dinner is ready", Intent.OUT_OF_SCOPE, YES_NO, True, Bearing.ASIDE),
        ("dinner is ready", Intent.OUT_OF_SCOPE, FREE, True, Bearing.ASIDE),
        ("the staff were kind", Intent.GIVE_FEEDBACK, FREE, True, Bearing.MEANT),
        ("是的", Intent.AFFIRM, YES_NO, True, Bearing.MEANT),
        ("嗯嗯", Intent.BACKCHANNEL, YES_NO, True, Bearing.BACKCHANNEL),
        ("饭好了", Intent.OUT_OF_SCOPE, YES_NO, True, Bearing.ASIDE),
    ],
)
def test_what_is_said_over_the_bot_bears_by_the_state_of_the_call(
    text: str, intent: Intent, expectation: Expectation, asked: bool, bearing: Bearing
) -> None:
    prompt = EXPLANATION if text.isascii() else EXPLANATION_ZH
    assert said(text, intent, expectation, sounding=(prompt,), asked=asked).bearing is bearing


@pytest.mark.parametrize(
    ("text", "intent", "expectation", "probability", "bearing"),
    [
        ("okay", Intent.AFFIRM, FOUR_DIGITS, 0.9, Bearing.MEANT),  # a reply, if not the one asked for
        ("mhm", Intent.BACKCHANNEL, FOUR_DIGITS, 0.9, Bearing.BACKCHANNEL),
        ("mumble mumble", Intent.DISPUTE, YES_NO, 0.2, Bearing.MEANT),  # to be asked again about
        ("dinner is ready", Intent.OUT_OF_SCOPE, YES_NO, 0.9, Bearing.ASIDE),
        ("whatever it was", Intent.OUT_OF_SCOPE, FREE, 0.9, Bearing.MEANT),  # anything can be a comment
    ],
)
def test_what_is_said_while_the_bot_listens(
    text: str, intent: Intent, expectation: Expectation, probability: float, bearing: Bearing
) -> None:
    assert said(text, intent, expectation, probability).bearing is bearing


def test_an_unlikely_meaning_does_not_stop_the_bot() -> None:
    assert said("mumble", Intent.ASK_HUMAN, YES_NO, 0.2, sounding=(EXPLANATION,)).bearing is Bearing.ASIDE


def test_a_value_that_answers_means_the_bot_whatever_the_words_around_it() -> None:
    over = said("mhm friday", Intent.BACKCHANNEL, DATE, 0.9, day("friday"), sounding=("On which day will you pay?",))
    assert over.bearing is Bearing.MEANT


# Echo

QUESTION = "Will you be able to pay by then? Please say yes or no."
QUESTION_ZH = "请问您能按时还款吗？您可以说：可以、已经还了，或者暂时还不上。"


@pytest.mark.parametrize(
    ("text", "intent", "sounding", "bearing"),
    [
        ("able to pay", Intent.PROMISE_TO_PAY, (QUESTION,), Bearing.ECHO),
        ("by then please say", Intent.OUT_OF_SCOPE, (QUESTION,), Bearing.ECHO),
        ("yes or no", Intent.AFFIRM, (QUESTION,), Bearing.ECHO),
        ("look at it with you", Intent.ASK_HUMAN, (EXPLANATION, QUESTION), Bearing.ECHO),
        ("look at it will you be", Intent.OUT_OF_SCOPE, (EXPLANATION, QUESTION), Bearing.ECHO),
        ("yes", Intent.AFFIRM, (QUESTION,), Bearing.MEANT),
        ("no", Intent.DENY, (QUESTION,), Bearing.MEANT),
        ("yes please", Intent.AFFIRM, (QUESTION,), Bearing.MEANT),
        ("pay by able to", Intent.CANNOT_PAY, (QUESTION,), Bearing.MEANT),  # not in that order
        ("i will not be able to pay it", Intent.CANNOT_PAY, (QUESTION,), Bearing.MEANT),
        ("您能按时还款", Intent.PROMISE_TO_PAY, (QUESTION_ZH,), Bearing.ECHO),
        ("按时还款吗您可以", Intent.AFFIRM, (QUESTION_ZH,), Bearing.ECHO),
        ("可以", Intent.AFFIRM, (QUESTION_ZH,), Bearing.MEANT),
        ("我可以按时还", Intent.AFFIRM, (QUESTION_ZH,), Bearing.MEANT),
    ],
)
def test_our_own_prompt_coming_back_is_told_from_an_answer(
    text: str, intent: Intent, sounding: tuple[str, ...], bearing: Bearing
) -> None:
    weight = said(text, intent, YES_NO, sounding=sounding)
    assert weight.bearing is bearing
    assert (weight.words is Words.NONE) == (bearing is Bearing.ECHO)


def test_a_prompt_that_is_over_has_no_echo() -> None:
    assert said("able to pay", Intent.AFFIRM, YES_NO).bearing is Bearing.MEANT


EXPECTATIONS = [YES_NO, DATE, AMOUNT, RATING, FOUR_DIGITS, NUMBER, FREE, CHOICE, NOTHING_ASKED]


@given(
    text=st.one_of(st.sampled_from(["yes", "the third", "uh huh", "able to pay", "嗯", "是的"]), st.text(max_size=30)),
    accepted=st.booleans(),
    intent=st.sampled_from(list(Intent)),
    probability=st.floats(min_value=0, max_value=1),
    expectation=st.sampled_from(EXPECTATIONS),
    language=st.sampled_from(["en", "zh", "fr"]),
    sounding=st.sampled_from([(), (QUESTION,), (EXPLANATION, QUESTION_ZH)]),
    asked=st.booleans(),
)
def test_whatever_is_said_rules_hold(
    text: str,
    accepted: bool,
    intent: Intent,
    probability: float,
    expectation: Expectation,
    language: str,
    sounding: tuple[str, ...],
    asked: bool,
) -> None:
    weight = weigh(text, accepted, meaning(intent, probability), expectation, language, sounding, asked)
    if weight.bearing in {Bearing.NOTHING, Bearing.ECHO}:
        assert weight.words is Words.NONE
    else:
        assert accepted
        assert weight.words is not Words.NONE
    if not asked and weight.bearing is Bearing.MEANT and intent not in STEERING:
        assert intent in OVERRIDING
        assert intent.value in expectation.choices
    if weight.bearing is Bearing.ECHO:
        assert sounding
    if weight.words is Words.COMPLETE:
        assert weight.bearing is Bearing.MEANT


SCALE = "From one to five, how satisfied are you?"


def test_a_number_over_the_question_is_its_answer_and_a_hum_before_it_no_second_word_of_an_echo() -> None:
    five = value(EntityType.RATING, 5, "five")
    for text in ("five", "um five"):
        assert said(text, Intent.GIVE_RATING, RATING, answer=five, sounding=(SCALE,)).bearing is Bearing.MEANT


def test_what_the_question_will_ask_stops_the_prompt_before_it() -> None:
    over = {"sounding": (EXPLANATION,), "asked": False}
    assert said("i have paid already", Intent.ALREADY_PAID, CHOICE, **over).bearing is Bearing.MEANT  # type: ignore[arg-type]
    assert said("yes", Intent.AFFIRM, CHOICE, **over).bearing is Bearing.BACKCHANNEL  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "intent", "over_it", "bearing"),
    [
        ("who", Intent.ASK_IDENTITY, True, Bearing.ASIDE),
        ("who", Intent.ASK_IDENTITY, False, Bearing.MEANT),
        ("who are you", Intent.ASK_IDENTITY, True, Bearing.MEANT),
        ("human", Intent.ASK_HUMAN, True, Bearing.MEANT),
        ("move", Intent.GIVE_FEEDBACK, True, Bearing.ASIDE),
        ("no", Intent.DENY, True, Bearing.MEANT),
    ],
)
def test_one_word_over_a_free_question_may_be_a_hum(text: str, intent: Intent, over_it: bool, bearing: Bearing) -> None:
    sounding = ("What would you like to tell us?",) if over_it else ()
    assert said(text, intent, FREE, sounding=sounding).bearing is bearing
