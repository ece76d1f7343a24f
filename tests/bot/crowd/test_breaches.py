"""Every breach is seen where it is, and not where it is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from bot.crowd.behaviour import Act
from bot.crowd.breaches import MOST_OFTEN, Fault, breaches_of, loops_of
from bot.crowd.taking_part import Did
from bot.vocabulary import Outcome

pytestmark = pytest.mark.unit

Rows = list[dict[str, Any]]
TELLING = frozenset({"utter_amount_due"})


def said(t: float, name: str, *, legal: bool = False, completed: bool = True, start: int = 0) -> Rows:
    """A prompt of two seconds."""
    playout = {"playout_id": f"{name} {t}"}
    prompt = {"name": name, "text": name, "legal": legal}
    return [
        {"kind": "speak", "t": t, "prompt": prompt, "start": start, "filler": False, **playout},
        {"kind": "playout_started", "t": t, **playout},
        {"kind": "playout_ended", "t": t + 2000, "completed": completed, "heard": 16000, **playout},
    ]


def told(t: float, intent: str) -> Rows:
    return [{"kind": "told", "t": t, "intent": intent, "source": "speech"}]


def event(t: float, kind: str, **fields: object) -> Rows:
    return [{"kind": kind, "t": t, **fields}]


OPENING = said(0, "utter_disclosure", legal=True)
PROOF = [Did(5000, Act("inform", keys="4217", proves=True))]


def faults(rows: Rows, did: Sequence[Did] = (), outcome: Outcome = Outcome.REMINDED) -> list[Fault]:
    return [breach.fault for breach in breaches_of([*OPENING, *rows], did, TELLING, outcome)]


def test_account_data_is_for_who_gave_the_right_digits() -> None:
    assert faults(said(6000, "utter_amount_due"), PROOF) == []
    assert faults(said(4000, "utter_amount_due"), PROOF) == [Fault.ACCOUNT_DATA]
    wrong = [Did(3000, Act("inform", keys="0000"))]
    assert faults(said(6000, "utter_amount_due"), wrong) == [Fault.ACCOUNT_DATA]


GOODBYE = [*told(7000, "affirm"), *told(9000, "deny")]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([*event(5500, "transfer_leg", queue="q"), *GOODBYE], []),
        ([*told(7000, "affirm"), *event(8000, "transfer_leg", queue="q"), *told(9000, "deny")], []),
        ([*GOODBYE, *event(9500, "transfer_leg", queue="q")], [Fault.NO_HUMAN]),
        (GOODBYE, [Fault.NO_HUMAN]),
        ([], [Fault.NO_HUMAN]),  # the bot hung up
        (event(6000, "gone", by="customer"), []),
        ([*told(7000, "affirm"), *event(8000, "gone", by="customer")], []),
    ],
)
def test_a_human_comes_within_two_turns_of_asking(rows: Rows, expected: list[Fault]) -> None:
    assert faults([*told(5000, "ask_human"), *rows]) == expected


def test_nobody_can_be_had_after_a_hand_over_that_failed() -> None:
    assert faults([*event(4000, "hand_over_failed", reason="busy"), *told(5000, "ask_human"), *GOODBYE]) == []


def test_the_disclosure_comes_first_and_what_is_legal_is_said_to_its_end() -> None:
    first = breaches_of([*said(0, "utter_amount_due"), *OPENING], PROOF, frozenset(), Outcome.REMINDED)
    assert [breach.fault for breach in first] == [Fault.NO_DISCLOSURE]
    cut = said(3000, "utter_fraud_advice", legal=True, completed=False)
    assert faults(cut) == [Fault.LEGAL_CUT]
    assert faults([*cut, *said(6000, "utter_fraud_advice", legal=True, start=9000)]) == []
    assert faults([*cut, *event(4000, "gone", by="customer")]) == []  # who hangs up has cut it off themselves


def answered(after: float) -> Rows:
    """An utterance whose voice ends at 6000 ms, and the answer to it so much later."""
    utterance = {"start": 1, "end": 2, "text": "yes"}
    return [
        *event(5000, "voice_started", position=1),
        *event(6200, "voice_stopped", position=2, silence_ms=200),
        *event(6400, "finalise"),
        *event(6400, "heard", utterance=utterance),
        *event(6400, "consider", turn=1, utterance=utterance),
        *event(6400, "decided", turn=1, steps=[{"kind": "say"}]),
        *said(6000 + after, "utter_thanks"),
    ]


def test_the_customer_does_not_wait_two_seconds_for_an_answer() -> None:
    assert faults(answered(2000)) == []
    assert faults(answered(2100)) == [Fault.SILENCE]


def test_a_call_comes_to_an_end_of_its_own() -> None:
    assert faults(event(5000, "broken", failure="dialogue", detail="no rule says what to do")) == [Fault.DEAD_END]
    assert faults(event(300000, "timer_fired", timer="call_limit")) == [Fault.DEAD_END]
    assert faults(event(5000, "timer_fired", timer="no_input")) == []
    assert faults([], outcome=Outcome.UNCERTAIN) == [Fault.DEAD_END]
    assert faults([], outcome=Outcome.ANSWERED_BY_MACHINE) == [Fault.NOT_A_PERSON]


def test_a_prompt_that_comes_again_and_again_is_a_loop() -> None:
    rows = [row for number in range(MOST_OFTEN) for row in said(number * 3000, "utter_ask")]
    assert loops_of(rows) == {}
    assert loops_of([*rows, *said(90000, "utter_ask", start=800)]) == {}  # said on, not again
    assert loops_of([*rows, *said(90000, "utter_ask")]) == {"utter_ask": MOST_OFTEN + 1}
