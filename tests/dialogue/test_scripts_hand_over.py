"""A hand-over that nobody takes: why, a call back, and never a second attempt; the limit at one question."""

from __future__ import annotations

from itertools import pairwise

import pytest

from dialogue.protocol import Reply, Transfer
from telephony_bridge.line_status import HandOverFailure
from tests.dialogue.walks import (
    NO,
    OF_THE_CUSTOMER,
    PAYS_FRIDAY,
    REPAYMENT,
    RIGHT_DIGITS,
    SURVEY,
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

HUMAN, LATER = said("ask_human"), said("busy_call_later")
VERIFIED = [YES, RIGHT_DIGITS]
FORSAKEN = [HUMAN, said("hand_over_failed", reason="nobody_free")]
BEGINNINGS = [(REPAYMENT, [YES]), (REPAYMENT, VERIFIED), (SURVEY, [YES]), (TRANSACTION, VERIFIED)]

SENTENCES = {
    HandOverFailure.NOBODY_FREE: "colleagues_busy",
    HandOverFailure.BUSY: "colleagues_busy",
    HandOverFailure.CLOSED: "desk_closed",
}


def is_transfer(reply: Reply) -> bool:
    return isinstance(reply.steps[-1], Transfer)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("reason", HandOverFailure)
@pytest.mark.parametrize(("name", "way"), BEGINNINGS)
def test_the_reason_is_told_and_a_call_back_offered(
    walks: Walks, name: str, way: list[JsonTurn], reason: HandOverFailure, language: str
) -> None:
    replies = walks.play(name, [*way, HUMAN, said("hand_over_failed", reason=reason.value)], language)
    assert is_transfer(replies[-2])
    assert outcome_of(replies[:-1]) == "handed_over"
    assert names(replies[-1]) == [SENTENCES.get(reason, "no_colleague"), "ask_wants_call_back"]
    assert outcome_of(replies) == "no_colleague"  # whatever comes now, it is not `handed_over`


@pytest.mark.parametrize(
    ("answer", "outcome", "sentence"),
    [
        (YES, "call_back", "call_back_noted"),
        (LATER, "call_back", "call_back_noted"),
        (NO, "no_colleague", "human_declined"),
        (said("goodbye"), "no_colleague", "human_declined"),
    ],
)
@pytest.mark.parametrize(("name", "way"), BEGINNINGS)
def test_the_answer_decides(
    walks: Walks, name: str, way: list[JsonTurn], answer: JsonTurn, outcome: str, sentence: str
) -> None:
    replies = walks.play(name, [*way, *FORSAKEN, answer])
    assert names(replies[-1]) == [sentence]
    assert (has_ended(replies[-1]), outcome_of(replies)) == (True, outcome)


@pytest.mark.parametrize(("name", "way"), BEGINNINGS)
def test_silence_at_the_offer_of_a_call_back_ends_without_one(walks: Walks, name: str, way: list[JsonTurn]) -> None:
    replies = walks.play(name, [*way, *FORSAKEN, *[said("silence")] * 3])
    assert (has_ended(replies[-1]), outcome_of(replies)) == (True, "no_colleague")


@pytest.mark.parametrize(("name", "way"), BEGINNINGS)
def test_no_way_leads_to_a_second_hand_over(walks: Walks, name: str, way: list[JsonTurn]) -> None:
    """Every turn at the offer and after it, and whoever then asks for a human is asked about a call back again."""
    for first in OF_THE_CUSTOMER:
        replies = walks.play(name, [*way, *FORSAKEN, first])
        if has_ended(replies[-1]):
            assert not is_transfer(replies[-1]), first
            continue
        again = walks.play(name, [*way, *FORSAKEN, first, HUMAN])
        assert names(again[-1])[-2:] == ["no_colleague", "ask_wants_call_back"], first
        turns = [*way, *FORSAKEN]
        while not has_ended(walks.play(name, turns)[-1]):
            turns.append(first)
            assert len(turns) <= 20, first
        assert not is_transfer(walks.play(name, turns)[-1]), first


def test_a_promise_still_counts_after_a_failed_hand_over(walks: Walks) -> None:
    replies = walks.play(REPAYMENT, [*VERIFIED, *FORSAKEN, PAYS_FRIDAY, YES])
    assert (has_ended(replies[-1]), outcome_of(replies)) == (True, "promised")


def test_promising_and_asking_for_a_human_in_turn_comes_to_an_end(walks: Walks) -> None:
    turns = [*VERIFIED, *FORSAKEN]
    while not has_ended(walks.play(REPAYMENT, turns)[-1]):
        turns += [PAYS_FRIDAY] if turns[-1] is not PAYS_FRIDAY else [HUMAN]
        assert len(turns) <= 30
    assert not is_transfer(walks.play(REPAYMENT, turns)[-1])


def test_who_then_cannot_pay_is_offered_a_call_back_not_a_colleague(walks: Walks) -> None:
    replies = walks.play(REPAYMENT, [*VERIFIED, *FORSAKEN, said("promise_to_pay"), said("dispute")])
    assert names(replies[-1]) == ["dispute", "ask_wants_call_back"]


@pytest.mark.parametrize(
    ("turn", "outcome"), [(said("cannot_pay"), "cannot_pay"), (said("dispute"), "disputed"), (NO, "cannot_pay")]
)
def test_not_now_declines_the_colleague_and_nothing_else(walks: Walks, turn: JsonTurn, outcome: str) -> None:
    replies = walks.play(REPAYMENT, [*VERIFIED, turn, LATER])
    assert names(replies[-1]) == ["human_declined"]
    assert (has_ended(replies[-1]), outcome_of(replies)) == (True, outcome)


# The limit at one question

DETOURS = [said(intent) for intent in ("ask_identity", "ask_is_robot", "suspect_fraud", "hold_on", "greet")]


@pytest.mark.parametrize(("name", "way"), [(REPAYMENT, []), (REPAYMENT, [YES]), (REPAYMENT, VERIFIED), (SURVEY, [])])
def test_five_detours_at_one_question_lead_to_a_colleague(walks: Walks, name: str, way: list[JsonTurn]) -> None:
    replies = walks.play(name, [*way, *DETOURS])[-5:]
    assert ["keys_hint" in names(reply) for reply in replies] == [False, False, True, True, False]
    assert names(replies[2])[0] == "fraud_advice"
    assert names(replies[2])[1] == "keys_hint"  # between what was asked and the question
    assert is_transfer(replies[-1])
    assert not any(is_transfer(reply) for reply in replies[:-1])


def test_a_question_that_was_answered_begins_anew(walks: Walks) -> None:
    replies = walks.play(REPAYMENT, [*DETOURS[:4], YES, *DETOURS[:4]])
    assert not any(has_ended(reply) for reply in replies)
    hinted = ["keys_hint" in names(reply) for reply in replies]
    assert hinted == [False, False, False, True, True, False, False, False, True, True]


def test_silence_and_words_not_understood_have_their_own_hints(walks: Walks) -> None:
    replies = walks.play(REPAYMENT, [DETOURS[0], *[said("silence")] * 2, *[said("no_match")] * 2])
    assert not any("keys_hint" in names(reply) for reply in replies)
    assert all(names(before) != names(after) for before, after in pairwise(replies))


def test_ten_detours_in_one_call_lead_to_a_colleague(walks: Walks) -> None:
    replies = walks.play(REPAYMENT, [*DETOURS[:4], YES, *DETOURS[:4], RIGHT_DIGITS, *DETOURS[:2]])
    assert is_transfer(replies[-1])
    assert names(replies[-1]) == ["detours_exhausted"]
