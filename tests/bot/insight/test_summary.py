"""Calls counted by version and question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.call.measuring import measure
from bot.insight.intervals import Rate
from bot.insight.summary import CallMeasure, LeftAfter, QuestionMeasure, summarise
from bot.vocabulary import Outcome
from tests.bot.call.made_calls import DISCLOSURE, PAUSE_MS, WHO, MadeCall
from tests.bot.insight.many_calls import BEGAN, recorded, summary

pytestmark = pytest.mark.unit


def test_rates_are_of_calls_with_a_person() -> None:
    found = summary("v1", 6, 2, 1, 1, 3, 4)
    assert (found.dialled, found.picked_up, found.calls) == (17, 13, 10)
    assert (found.first, found.last) == (BEGAN, BEGAN + timedelta(minutes=16))
    assert {measure: rate.hits for measure, rate in found.rates.items() if rate.hits} == {
        CallMeasure.RESULT: 6,  # the script concludes nothing of its own where a human takes over, in these calls
        CallMeasure.LEFT_EARLY: 2,
        CallMeasure.HUNG_UP: 3,
        CallMeasure.HUMAN: 1,
        CallMeasure.NO_MATCH: 1,
        CallMeasure.NEGATIVE: 1,
        CallMeasure.HANDED_OVER: 1,
    }
    assert {rate.of for rate in found.rates.values()} == {10}
    assert found.outcomes[Outcome.PROMISED] == Rate(6, 10)
    assert next(iter(found.outcomes)) is Outcome.PROMISED


def test_rates_of_a_question_are_of_the_calls_that_reached_it() -> None:
    who, pay = summary("v1", 6, 2, 1, 1, 3).questions
    assert (who.state, who.reached, pay.state, pay.reached) == (
        "utter_ask_who",
        Rate(10, 10),
        "utter_ask_pay",
        Rate(8, 10),
    )
    assert who.rates[QuestionMeasure.HUNG_UP] == Rate(2, 10)
    assert pay.rates == {
        QuestionMeasure.ANSWERED: Rate(6, 8),
        QuestionMeasure.NO_MATCH: Rate(1, 8),
        QuestionMeasure.SILENCE: Rate(0, 8),
        QuestionMeasure.INTERRUPTED: Rate(0, 8),
        QuestionMeasure.HUMAN: Rate(1, 8),
        QuestionMeasure.NEGATIVE: Rate(1, 8),
        QuestionMeasure.HUNG_UP: Rate(1, 8),
    }
    assert pay.waited is not None
    assert (pay.waited.p50, pay.waited.count) == (PAUSE_MS, 6)


def test_a_call_counts_once_however_often_it_went_wrong() -> None:
    call = MadeCall().opens(DISCLOSURE, WHO).says("hm", "no_match", WHO).says("hm", "no_match", WHO).hangs_up()
    found = summarise("v1", [measure(call.header, call.rows)])
    assert found.questions[0].rates[QuestionMeasure.NO_MATCH] == Rate(1, 1)


def test_of_no_call_with_a_person_nothing_is_said() -> None:
    found = summary("v1", 0, 0, 0, 0, 0, 2)
    assert (found.calls, found.questions, found.duration) == (0, (), None)
    assert all(rate.share is None for rate in found.rates.values())


def test_the_goal_is_counted_where_it_is_named() -> None:
    made = [one.measures for one in recorded("v1", 6, 2, 1, 1, 3)]
    found = summarise("v1", made, {Outcome.PROMISED, Outcome.ALREADY_PAID})
    assert found.rates[CallMeasure.GOAL] == Rate(6, 10)
    assert [question.rates[QuestionMeasure.GOAL] for question in found.questions] == [Rate(6, 10), Rate(6, 8)]
    assert CallMeasure.GOAL not in summarise("v1", made).rates


@pytest.mark.parametrize(
    ("leaves", "after"),
    [
        (lambda call: call, LeftAfter.ASKED),
        (lambda call: call.says("hm", "no_match", WHO), LeftAfter.NO_MATCH),
        (lambda call: call.says("hm", "no_match", WHO).is_silent(WHO), LeftAfter.SILENCE),
        (lambda call: call.says("who are you", "ask_identity", WHO), LeftAfter.WISH),
        (lambda call: call.says("a person", "ask_human", WHO), LeftAfter.HUMAN),
    ],
)
def test_why_a_customer_hung_up(leaves: Callable[[MadeCall], MadeCall], after: LeftAfter) -> None:
    call = leaves(MadeCall().opens(DISCLOSURE, WHO)).hangs_up()
    (question,) = summarise("v1", [measure(call.header, call.rows)]).questions
    assert question.left_after == {after: 1}


def test_who_hangs_up_before_the_question_never_heard_it() -> None:
    call = MadeCall().opens(DISCLOSURE, WHO)
    del call.rows[-3:]  # the question is neither sent nor heard
    (question,) = summarise("v1", [measure(call.hangs_up().header, call.rows)]).questions
    assert question.left_after == {LeftAfter.BEFORE: 1}


def test_who_stays_left_after_nothing() -> None:
    assert all(question.left_after == {} for question in summary("v1", 5).questions)
