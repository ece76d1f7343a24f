"""The suspicious transaction: a denial is never lost, and the payment is told in the customer's words alone."""

from __future__ import annotations

import pytest

from dialogue.protocol import Transfer
from telephony_bridge.line_status import HandOverFailure
from tests.dialogue.walks import (
    NO,
    RIGHT_DIGITS,
    TRANSACTION,
    YES,
    JsonTurn,
    Walks,
    has_ended,
    names,
    outcome_of,
    said,
)

pytestmark = [pytest.mark.scenario, pytest.mark.requires("rasa")]

VERIFIED = [YES, RIGHT_DIGITS]


def test_no_secret_is_asked_for_before_the_only_question_that_proves_identity(walks: Walks) -> None:
    replies = walks.play(TRANSACTION, VERIFIED)
    assert names(replies[1]) == ["no_secrets", "ask_last4_given"]
    assert names(replies[2]) == ["verified", "transaction", "ask_own_transaction"]


@pytest.mark.parametrize("turn", [NO, said("dispute"), said("wrong_person")])
@pytest.mark.parametrize("reason", HandOverFailure)
def test_a_denial_stands_whether_or_not_a_colleague_takes_over(
    walks: Walks, turn: JsonTurn, reason: HandOverFailure
) -> None:
    replies = walks.play(TRANSACTION, [*VERIFIED, turn, said("hand_over_failed", reason=reason.value)])
    assert isinstance(replies[3].steps[-1], Transfer)
    assert names(replies[3]) == ["card_blocked", "fraud_desk_bridge"]
    assert names(replies[4]) == ["no_colleague", "fraud_desk_calls"]
    assert (has_ended(replies[4]), outcome_of(replies[:4]), outcome_of(replies)) == (True, *["transaction_denied"] * 2)


def test_a_denial_counts_while_a_call_back_is_offered(walks: Walks) -> None:
    failed = [said("ask_human"), said("hand_over_failed", reason="busy")]
    replies = walks.play(TRANSACTION, [*VERIFIED, *failed, said("dispute")])
    assert names(replies[-1]) == ["card_blocked", "fraud_desk_calls"]
    assert (has_ended(replies[-1]), outcome_of(replies)) == (True, "transaction_denied")


@pytest.mark.parametrize("turn", [YES, said("already_paid")])
def test_an_own_payment_is_noted(walks: Walks, turn: JsonTurn) -> None:
    replies = walks.play(TRANSACTION, [*VERIFIED, turn])
    assert (has_ended(replies[-1]), outcome_of(replies)) == (True, "transaction_confirmed")


@pytest.mark.parametrize("intent", ["dont_know", "third_party", "other_banking"])
def test_who_is_not_sure_talks_to_the_fraud_desk(walks: Walks, intent: str) -> None:
    replies = walks.play(TRANSACTION, [*VERIFIED, said(intent)])
    assert isinstance(replies[-1].steps[-1], Transfer)
    assert outcome_of(replies) == "handed_over"


@pytest.mark.parametrize("leaving", [[said("goodbye")], [said("silence")] * 3])
def test_who_leaves_without_an_answer_hears_what_to_do(walks: Walks, leaving: list[JsonTurn]) -> None:
    replies = walks.play(TRANSACTION, [*VERIFIED, *leaving])
    assert names(replies[-1])[0] == "check_payment"
    assert (has_ended(replies[-1]), outcome_of(replies)) == (True, "transaction_unclear")
