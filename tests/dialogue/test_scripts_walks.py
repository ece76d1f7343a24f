"""The shipped scripts, built and walked through: the demo's six conversations, and every turn at every question."""

from __future__ import annotations

import random

import pytest

from dialogue.protocol import Say, Transfer
from tests.dialogue.walks import (
    EVERY_TURN,
    NAMES,
    NO,
    OF_THE_CUSTOMER,
    OVERDUE,
    PAYS_FRIDAY,
    REPAYMENT,
    RIGHT_DIGITS,
    SATURDAY,
    SURVEY,
    TRANSACTION,
    WRONG_DIGITS,
    YES,
    JsonTurn,
    Walks,
    has_ended,
    names,
    outcome_of,
    said,
)

pytestmark = [pytest.mark.scenario, pytest.mark.requires("rasa")]

ACCOUNT_DATA = {"amount", "due_date", "promise_date", "last4", "merchant", "payment_date"}

# The conversations of the demo

CONVERSATIONS = {
    "pays on Friday": (REPAYMENT, [YES, RIGHT_DIGITS, PAYS_FRIDAY, YES], "promised"),
    "has paid already": (REPAYMENT, [YES, RIGHT_DIGITS, said("already_paid")], "already_paid"),
    "asks for a human": (REPAYMENT, [YES, said("ask_human")], "handed_over"),
    "wrong person": (REPAYMENT, [said("wrong_person")], "wrong_person"),
    "answers the survey": (
        SURVEY,
        [YES, said("inform", rating=4), YES, said("inform", text="the app is slow")],
        "survey_completed",
    ),
    "do not call again": (SURVEY, [said("do_not_call")], "do_not_call"),
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("title", CONVERSATIONS)
def test_conversation_ends_as_it_should(walks: Walks, title: str, language: str) -> None:
    name, turns, outcome = CONVERSATIONS[title]
    replies = walks.play(name, turns, language)
    assert outcome_of(replies) == outcome
    assert [has_ended(reply) for reply in replies] == [False] * len(turns) + [True]
    for reply in replies:
        for step in reply.steps:
            if isinstance(step, Say):
                assert walks.prompts[name].render(step, language).text


def test_the_promise_is_read_back_with_the_day_the_customer_named(walks: Walks) -> None:
    replies = walks.play(REPAYMENT, [YES, RIGHT_DIGITS, PAYS_FRIDAY, YES])
    said_by_bot = [names(reply) for reply in replies]
    assert said_by_bot == [
        ["disclosure", "ask_right_person"],
        ["ask_last4_given"],
        ["verified", "amount_due", "ask_will_pay"],
        ["ask_promise_confirmed"],
        ["promise_noted", "how_to_pay", "goodbye"],
    ]
    assert isinstance(replies[3].steps[-1], Say)
    assert replies[3].steps[-1].slots["promise_date"] == "2026-11-27"
    assert replies[4].slots["promise_date"] == "2026-11-27"


@pytest.mark.parametrize("turn", [said(intent, date=SATURDAY) for intent in ("correct", "deny", "affirm", "inform")])
def test_a_corrected_day_is_read_back_again_before_it_counts(walks: Walks, turn: JsonTurn) -> None:
    replies = walks.play(REPAYMENT, [YES, RIGHT_DIGITS, PAYS_FRIDAY, turn, YES])
    assert names(replies[4]) == ["ask_promise_confirmed"]
    assert outcome_of(replies[:5]) == "reminded"
    assert outcome_of(replies) == "promised"
    assert replies[-1].slots["promise_date"] == SATURDAY


@pytest.mark.parametrize(("day", "reason"), [("2026-11-20", "date_past"), ("2026-12-06", "date_too_late")])
def test_a_day_out_of_range_is_asked_again(walks: Walks, day: str, reason: str) -> None:
    replies = walks.play(REPAYMENT, [YES, RIGHT_DIGITS, YES, said("inform", date=day), said("inform", date=SATURDAY)])
    assert names(replies[4]) == [reason, "ask_promise_date"]
    assert names(replies[5]) == ["ask_promise_confirmed"]


def test_a_customer_who_keeps_changing_the_day_is_passed_to_a_colleague(walks: Walks) -> None:
    days = [said("inform", date=f"2026-11-{22 + index}") for index in range(6)]
    replies = walks.play(REPAYMENT, [YES, RIGHT_DIGITS, YES, *days[:5]])
    assert has_ended(replies[-1])
    assert outcome_of(replies) == "handed_over"


def test_identity_is_given_up_after_two_attempts(walks: Walks) -> None:
    second_time_right = walks.play(REPAYMENT, [YES, WRONG_DIGITS, RIGHT_DIGITS])
    assert names(second_time_right[-1])[:2] == ["verified", "amount_due"]
    for first, second in ((WRONG_DIGITS, WRONG_DIGITS), (NO, WRONG_DIGITS), (NO, said("dont_know"))):
        replies = walks.play(REPAYMENT, [YES, first, second])
        assert has_ended(replies[-1])
        assert outcome_of(replies) == "not_verified"


@pytest.mark.parametrize(
    ("turn", "outcome"),
    [
        (said("cannot_pay"), "cannot_pay"),
        (NO, "cannot_pay"),
        (said("hardship"), "cannot_pay"),
        (said("request_extension"), "cannot_pay"),
        (said("dispute"), "disputed"),
    ],
)
def test_who_cannot_pay_or_disputes_is_offered_a_colleague(walks: Walks, turn: JsonTurn, outcome: str) -> None:
    refused = walks.play(REPAYMENT, [YES, RIGHT_DIGITS, turn, NO])
    assert names(refused[3])[-1] == "ask_wants_human"
    assert (has_ended(refused[-1]), outcome_of(refused)) == (True, outcome)
    accepted = walks.play(REPAYMENT, [YES, RIGHT_DIGITS, turn, YES])
    assert isinstance(accepted[-1].steps[-1], Transfer)
    assert outcome_of(accepted) == "handed_over"


def test_a_survey_broken_off_counts_what_was_answered(walks: Walks) -> None:
    assert outcome_of(walks.play(SURVEY, [NO])) == "survey_declined"
    assert outcome_of(walks.play(SURVEY, [YES, said("goodbye")])) == "survey_declined"
    rated = [YES, said("give_rating", rating=4)]
    for last in ([said("goodbye")], [said("decline_survey")], [said("silence")] * 3):
        replies = walks.play(SURVEY, [*rated, *last])
        assert (has_ended(replies[-1]), outcome_of(replies)) == (True, "survey_partial")
        assert replies[-1].slots["rating"] == 4


def test_a_comment_without_words_is_still_a_comment(walks: Walks) -> None:
    replies = walks.play(SURVEY, [YES, said("inform", rating=4), NO, YES, said("no_match")])
    assert names(replies[4]) == ["ask_comment_words_form_comment"]
    assert outcome_of(replies) == "survey_completed"
    assert replies[-1].slots["comment"] == "spoken"
    assert replies[-1].slots["resolved"] is False


# Every turn at every question


@pytest.fixture(scope="module")
def reachable(walks: Walks) -> dict[str, dict[str, list[JsonTurn]]]:
    """For each script, every question and a shortest way to it, found by trying every turn."""
    found: dict[str, dict[str, list[JsonTurn]]] = {}
    for name in NAMES:
        opening = walks.play(name, [])[0].state
        assert opening is not None
        ways: dict[str, list[JsonTurn]] = {opening: []}
        unexplored = [opening]
        while unexplored:
            way = ways[unexplored.pop(0)]
            for turn in EVERY_TURN:
                state = walks.play(name, [*way, turn])[-1].state
                if state is not None and state not in ways:
                    ways[state] = [*way, turn]
                    unexplored.append(state)
        found[name] = ways
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_question_is_reached(walks: Walks, reachable: dict[str, dict[str, list[JsonTurn]]], name: str) -> None:
    questions = {prompt.name for prompt in walks.prompts[name].prompts() if prompt.expectation.answer is not None}
    assert set(reachable[name]) == questions


@pytest.mark.parametrize("name", NAMES)
def test_every_turn_at_every_question_is_answered(
    walks: Walks, reachable: dict[str, dict[str, list[JsonTurn]]], name: str
) -> None:
    for state, way in reachable[name].items():
        for turn in EVERY_TURN:
            replies = walks.play(name, [*way, turn])
            reply = replies[-1]
            if has_ended(reply):
                assert names(reply), (state, turn)
                assert outcome_of(replies) in walks.scripts[name].outcomes, (state, turn)
                continue
            last = reply.steps[-1]
            assert isinstance(last, Say), (state, turn)
            assert walks.prompts[name].render(last, "en").expectation.answer is not None, (state, turn)
            assert reply.state == last.prompt


TAKEN_OVER = {"handed_over", "transaction_denied"}
DIFFERENT_ENDINGS = {
    "utter_ask_wants_human": {"busy_call_later": "cannot_pay"},  # "not now" declines the colleague alone
    "utter_ask_wants_colleague": {"busy_call_later": "card_not_received"},
    "utter_ask_own_transaction": {"wrong_person": "transaction_denied", "third_party": "handed_over"},
    "utter_ask_wants_call_back": {"busy_call_later": "call_back", "ask_human": "no_colleague"},
}


@pytest.mark.parametrize("name", NAMES)
def test_the_global_moves_work_from_every_question(
    walks: Walks, reachable: dict[str, dict[str, list[JsonTurn]]], name: str
) -> None:
    endings = {
        "ask_human": "handed_over",
        "do_not_call": "do_not_call",
        "wrong_person": "wrong_person",
        "third_party": "third_party",
        "busy_call_later": "call_later",
    }
    answers = {
        "ask_identity": "identity",
        "ask_is_robot": "robot",
        "suspect_fraud": "fraud_advice",
        "hold_on": "hold_on",
        "silence": "silence",
        "abuse": "abuse_calm",
    }
    for state, way in reachable[name].items():
        moves = endings | DIFFERENT_ENDINGS.get(state, {})
        for intent, outcome in moves.items():
            replies = walks.play(name, [*way, said(intent)])
            assert outcome_of(replies) == outcome, (state, intent)
            assert has_ended(replies[-1]) == (outcome != "no_colleague"), (state, intent)
            assert isinstance(replies[-1].steps[-1], Transfer) == (outcome in TAKEN_OVER)
        for intent, prompt in answers.items():
            reply = walks.play(name, [*way, said(intent)])[-1]
            assert names(reply) == [prompt, state.removeprefix("utter_")], (state, intent)
        assert names(walks.play(name, [*way, said("repeat")])[-1])[-1] == state.removeprefix("utter_")
        silent = walks.play(name, [*way, *[said("silence")] * 3])
        assert [names(reply)[0] for reply in silent[-3:-1]] == ["silence", "silence_again"]
        assert has_ended(silent[-1])
        insulted = walks.play(name, [*way, said("abuse"), said("abuse")])
        assert (has_ended(insulted[-1]), outcome_of(insulted)) == (True, "abusive")


@pytest.mark.parametrize("name", [REPAYMENT, TRANSACTION, OVERDUE])
def test_account_data_is_never_said_before_identity_is_verified(
    walks: Walks, reachable: dict[str, dict[str, list[JsonTurn]]], name: str
) -> None:
    unverified = ("utter_ask_right_person", "utter_ask_last4_given")
    for state, way in reachable[name].items():
        for turn in EVERY_TURN:
            reply = walks.play(name, [*way, turn])[-1]
            data = {slot for step in reply.steps if isinstance(step, Say) for slot in step.slots} & ACCOUNT_DATA
            if data:
                assert reply.slots.get("identity_verified") is True, (state, turn)
                assert state not in unverified or turn == RIGHT_DIGITS


@pytest.mark.parametrize("name", NAMES)
def test_no_turn_can_be_repeated_without_end(
    walks: Walks, reachable: dict[str, dict[str, list[JsonTurn]]], name: str
) -> None:
    way = max(reachable[name].values(), key=len)
    for turn in OF_THE_CUSTOMER:
        turns = list(way)
        while not has_ended(walks.play(name, turns)[-1]):
            turns.append(turn)
            assert len(turns) - len(way) <= 12, turn


@pytest.mark.parametrize("name", NAMES)
def test_a_customer_who_says_anything_at_all_gets_to_an_end(walks: Walks, name: str) -> None:
    choose = random.Random(20261121)
    staying = [turn for turn in OF_THE_CUSTOMER if not has_ended(walks.play(name, [turn])[-1])]
    for _ in range(10):
        turns: list[JsonTurn] = []
        while not has_ended(walks.play(name, turns)[-1]):
            turns.append(choose.choice(staying))
            assert len(turns) <= 30, turns
