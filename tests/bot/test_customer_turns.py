"""What a tape tells of each of the customer's turns, and what it must not tell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.call.tape import Tape, TapeError
from bot.customer_turns import CustomerTurns, customer_turns, turns_of
from nlu.labelling.turns import Guess, Why
from tests.needs import ROOT

pytestmark = pytest.mark.unit

Row = dict[str, Any]
CONTACT = {"customer_name": "Maria Gomez", "bank_name": "Harbour Bank", "last4": "<4 digits #1>", "amount": "9.00 USD"}
HEADER = {"language": "en", "contact": CONTACT}
HAND_OVER = {"kind": "hand_over", "queue": "service"}


def question(name: str, answer: str, *choices: str) -> Row:
    return {"name": name, "text": "?", "expectation": {"answer": answer, "choices": list(choices)}}


READ_BACK = question("utter_confirm", "yes_no", "affirm", "deny", "correct")
WILL_PAY = question("utter_will_pay", "choice", "affirm", "deny")


def asks(prompt: Row) -> Row:
    return {"kind": "speak", "prompt": prompt}


def says(turn: int, text: str, intent: str, *reply: Row, told: str | None = None, **more: Any) -> list[Row]:
    """A turn and the reply to it; `more` goes into the understanding."""
    meaning = {
        "intent": intent,
        "ranking": [[intent, 0.8], ["thanks", 0.1]],
        "sentiment": "neutral",
        "entities": [],
        "model": "live",
        "decision": {"action": "act", "intent": intent, "probability": 0.8},
        **more,
    }
    return [
        {"kind": "consider", "turn": turn, "expectation": WILL_PAY["expectation"]},
        {"kind": "understood", "turn": turn, "text": text, "understanding": meaning},
        {"kind": "told", "turn": turn, "intent": told or intent},
        {"kind": "decided", "turn": turn, "steps": list(reply)},
    ]


def unheard(turn: int) -> list[Row]:
    return [
        {"kind": "consider_absence", "turn": turn, "absence": "no_match", "expectation": {}},
        {"kind": "told", "turn": turn, "intent": "no_match"},
    ]


def read(*rows: Row) -> CustomerTurns:
    return turns_of(HEADER, rows, "tape")


def why(*rows: Row) -> list[tuple[Why, ...]]:
    return [turn.why for turn in read(*rows).turns]


def say(prompt: Row) -> Row:
    return {"kind": "say", "prompt": prompt}


def test_a_turn_has_its_question_the_models_answers_and_its_place() -> None:
    shadowed = {"kind": "shadowed", "turn": 1, "model": "new", "intent": "deny", "probability": 0.4, "action": "act"}
    consider, understood, *rest = says(1, "on friday", "affirm")
    (turn,) = read(asks(WILL_PAY), consider, understood, shadowed, *rest).turns
    assert (turn.text, turn.asked, turn.expects, turn.state_intents) == (
        "on friday",
        "utter_will_pay",
        "choice",
        ("affirm", "deny"),
    )
    assert turn.live == Guess(model="live", intent="affirm", probability=0.8, decision="act")
    assert turn.shadow == Guess(model="new", intent="deny", probability=0.4, decision="act")
    assert turn.heard_in == ("tape#1",)
    assert turn.margin == pytest.approx(0.7)


def test_a_read_back_that_is_denied_speaks_against_the_turn_before() -> None:
    friday = says(1, "friday", "promise_to_pay", say(READ_BACK))
    assert why(*friday, *says(2, "no", "deny")) == [(Why.TAKEN_BACK,), ()]
    assert why(*friday, *says(2, "what was that", "repeat")) == [(Why.TAKEN_BACK,), ()]
    assert why(*friday, *says(2, "yes", "affirm")) == [(), ()]
    assert why(*says(1, "four", "give_rating", say(WILL_PAY)), *says(2, "no", "deny")) == [(), ()]


def test_what_was_not_understood_and_what_came_before_it() -> None:
    rows = [*says(1, "hm well", "affirm"), *says(2, "blorp", "out_of_scope", told="no_match"), *unheard(3)]
    assert why(*rows) == [(Why.THEN_NOT_UNDERSTOOD,), (Why.NOT_UNDERSTOOD, Why.THEN_NOT_UNDERSTOOD)]
    assert read(*rows).unheard == 1


def test_a_hand_over_soon_after_counts_unless_it_was_wished_for() -> None:
    human = says(2, "a human", "ask_human", HAND_OVER)
    assert why(*says(1, "yes", "affirm"), *human) == [(Why.THEN_HANDED_OVER,), ()]
    assert why(*says(1, "i lost my job", "hardship"), *human) == [(), ()]
    assert why(*says(0, "yes", "affirm"), *says(1, "no", "deny"), *says(3, "no", "deny"), *human)[0] == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("it is <4 digits #1>", "masked on the tape"),
        ("<speech>", "masked on the tape"),
        ("write to anna@example.com", "looks like an e-mail address"),
        ("oh seven seven double zero nine one two three", "looks like a phone or account number"),
        ("yes this is maria", "says a name"),
        ("Harbour what", "says a name"),
    ],
)
def test_what_names_a_person_is_left_out_and_counted(text: str, reason: str) -> None:
    found = read(*says(1, text, "affirm"))
    assert found.turns == ()
    assert found.left_out == {reason: 1}


def test_a_strangers_name_is_left_out_and_everyday_words_are_not() -> None:
    name = {"type": "name", "value": "Bob", "text": "bob"}
    assert read(*says(1, "my name is bob", "wrong_person", entities=[name])).left_out == {"says a name": 1}
    assert len(read(*says(1, "which bank is this", "ask_identity")).turns) == 1


def test_a_name_in_mandarin_is_found_within_the_words() -> None:
    header = {"language": "zh", "contact": {"customer_name": "王大伟"}}
    assert turns_of(header, says(1, "我是王大伟啊", "affirm"), "tape").turns == ()


def test_words_said_before_the_question_have_no_reply_and_are_kept() -> None:
    consider, understood, *_ = says(1, "yes", "affirm")
    assert why(consider, understood) == [()]


@pytest.mark.parametrize(
    ("tape", "turns"),
    [
        ("has_paid_already_zh", [("utter_ask_right_person", "affirm"), ("utter_ask_will_pay", "already_paid")]),
        ("asks_for_a_human", [("utter_ask_right_person", "ask_human")]),
    ],
)
def test_a_tape_from_before_the_policy_can_be_read(tape: str, turns: list[tuple[str, str]]) -> None:
    found = customer_turns(ROOT / "tests" / "tapes" / f"{tape}.jsonl")
    assert [(turn.asked, turn.live.intent) for turn in found.turns] == turns
    assert {turn.live.decision for turn in found.turns} == {None}


@pytest.mark.parametrize(
    ("kind", "damage"),
    [
        ("understood", {"text": 7}),
        ("understood", {"understanding": None}),
        ("decided", {"steps": 3}),
        ("told", {"turn": ["Maria"]}),
        ("shadowed", {"turn": 1, "model": "m", "intent": "deny", "probability": "Maria", "action": "act"}),
    ],
)
def test_a_damaged_tape_is_named_and_nothing_of_it_is_told(kind: str, damage: Row, tmp_path: Path) -> None:
    rows = [*says(1, "yes", "affirm"), {"kind": "shadowed", "turn": 1}]
    damaged = [{"tape": 1, **HEADER}, *(row | damage if row["kind"] == kind else row for row in rows[:4])]
    if kind == "shadowed":
        damaged.append(rows[4] | damage)
    path = tmp_path / "call.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in damaged), encoding="utf-8")
    with pytest.raises(TapeError, match=r"call\.jsonl: a line is not as a tape has it") as raised:
        customer_turns(path)
    assert "Maria" not in str(raised.value)


def test_a_line_that_is_no_object_is_named(tmp_path: Path) -> None:
    path = tmp_path / "call.jsonl"
    path.write_text(json.dumps({"tape": 1, **HEADER}) + "\n5\n", encoding="utf-8")
    with pytest.raises(TapeError, match=r"call\.jsonl:2: not a line of a tape"):
        customer_turns(path)


def test_a_tape_that_lacks_something_is_named(tmp_path: Path) -> None:
    Tape(tmp_path / "call.jsonl", {"call": "a"}).close()
    with pytest.raises(TapeError, match=r"call\.jsonl: the tape lacks 'language'"):
        customer_turns(tmp_path / "call.jsonl")
