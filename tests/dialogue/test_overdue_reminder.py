"""The overdue reminder: days late and amount decide the tone, and nobody is pressed."""

from __future__ import annotations

import pytest

from tests.dialogue.walks import OVERDUE, PAYS_FRIDAY, RIGHT_DIGITS, YES, Walks, has_ended, names, outcome_of, said

pytestmark = [pytest.mark.scenario, pytest.mark.requires("rasa")]

VERIFIED = [YES, RIGHT_DIGITS]
MATRIX = [  # on 21 November
    ("2026-11-20", "9000 USD", "friendly"),
    ("2026-11-14", "9000 USD", "friendly"),
    ("2026-11-13", "2000 USD", "friendly"),
    ("2026-11-13", "2000.01 USD", "firm"),
    ("2026-10-22", "2000 USD", "friendly"),
    ("2026-10-22", "9000 CNY", "firm"),
    ("2026-10-21", "20 USD", "firm"),
    ("2026-10-21", "9000 USD", "firm"),
]


@pytest.mark.parametrize(("due_date", "amount", "tone"), MATRIX)
def test_days_and_amount_decide_the_tone(walks: Walks, due_date: str, amount: str, tone: str) -> None:
    contact = {"due_date": due_date, "amount": amount}
    replies = walks.play(OVERDUE, [*VERIFIED, YES, said("dont_know")], contact=contact)
    assert names(replies[2]) == [f"overdue_{tone}", "ask_will_pay"]
    assert names(replies[4]) == [f"no_date_{tone}", "how_to_pay", "goodbye"]
    assert (has_ended(replies[4]), outcome_of(replies)) == (True, "reminded")


def test_a_promise_is_read_back_before_it_is_noted(walks: Walks) -> None:
    replies = walks.play(OVERDUE, [*VERIFIED, PAYS_FRIDAY, YES])
    assert names(replies[3]) == ["ask_promise_confirmed"]
    assert outcome_of(replies[:4]) == "reminded"
    assert (has_ended(replies[4]), outcome_of(replies)) == (True, "promised")


def test_more_than_a_week_is_not_noted(walks: Walks) -> None:
    replies = walks.play(OVERDUE, [*VERIFIED, YES, said("inform", date="2026-11-29")])
    assert names(replies[-1]) == ["date_too_late", "ask_promise_date"]


@pytest.mark.parametrize("due_date", ["2026-11-20", "2026-08-01"])
@pytest.mark.parametrize(("intent", "sentence"), [("hardship", "hardship"), ("dispute", "dispute")])
def test_distress_and_dispute_lead_to_a_colleague_in_either_tone(
    walks: Walks, due_date: str, intent: str, sentence: str
) -> None:
    replies = walks.play(OVERDUE, [*VERIFIED, said(intent)], contact={"due_date": due_date})
    assert names(replies[-1]) == [sentence, "ask_wants_human"]
