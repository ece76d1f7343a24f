"""Checks: what they find, what they set, how they chain."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dialogue.worker.checks import Effect, Moment, SlotType, run

pytestmark = pytest.mark.unit

DAY = date(2030, 5, 1)
BOOL, WORDS = SlotType("bool"), SlotType("categorical")


def check(step: dict[str, Any], slots: dict[str, Any], result: SlotType = WORDS, **moment: Any) -> Any:
    effect = run("action_check", [{**step, "sets": "found"}], Moment(slots, DAY, **moment), {"found": result})
    return effect.slots["found"]


@pytest.mark.parametrize(
    ("given", "expected", "found"),
    [
        ("0815", "0815", "same"),
        ("08 15", "0815", "same"),
        (4217, "4217", "same"),
        ("ab-c", "ABC", "same"),
        ("815", "0815", "different"),
        (None, "0815", "missing"),
        ("0815", None, "missing"),
    ],
)
def test_compare(given: Any, expected: Any, found: str) -> None:
    step = {"compare": {"given": "a", "expected": "b"}}
    assert check(step, {"a": given, "b": expected}) == found
    assert check(step, {"a": given, "b": expected}, BOOL) is (found == "same")


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2030-04-30", "past"),
        ("2030-05-01", "within"),
        ("2030-05-15", "within"),
        ("2030-05-16", "too_late"),
        (None, "missing"),
    ],
)
def test_a_day_within_two_weeks(value: str | None, found: str) -> None:
    assert check({"date_within": {"slot": "day", "days": 14}}, {"day": value}) == found


def test_a_day_from_tomorrow_on() -> None:
    step = {"date_within": {"slot": "day", "days": 14, "from_days": 1}}
    assert check(step, {"day": "2030-05-01"}) == "past"


def test_a_day_within_the_last_week() -> None:
    step = {"date_within": {"slot": "day", "days": 0, "from_days": -7}}
    assert check(step, {"day": "2030-04-24"}) == "within"
    assert check(step, {"day": "2030-04-23"}) == "past"


def test_words_are_not_a_day() -> None:
    with pytest.raises(ValueError, match="isoformat"):
        check({"date_within": {"slot": "day", "days": 14}}, {"day": "Friday"})


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (0, "below"),
        (1, "within"),
        ("5", "within"),
        (6, "above"),
        ("5.00 USD", "within"),
        ("5.01 CNY", "above"),
        (None, "missing"),
    ],
)
def test_a_number_within(value: Any, found: str) -> None:
    assert check({"number_within": {"slot": "n", "min": 1, "max": 5}}, {"n": value}) == found


def test_a_count_reaches_its_limit() -> None:
    step = {"count": {"slot": "n", "limit": 2}, "sets": "enough"}
    first = run("action_count", [step], Moment({"n": 0}, DAY), {"enough": BOOL})
    second = run("action_count", [step], Moment({"n": 1.0}, DAY), {"enough": BOOL})
    assert first.slots == {"n": 1.0, "enough": False}
    assert second.slots == {"n": 2.0, "enough": True}


def test_only_a_run_of_the_same_intent_is_counted_in_a_row() -> None:
    step = {"count": {"slot": "n", "limit": 2, "in_a_row": True}}
    again = Moment({"n": 1.0}, DAY, intent="silence", previous_intent="silence")
    after_words = Moment({"n": 1.0}, DAY, intent="silence", previous_intent="affirm")
    assert run("action_count", [step], again, {}).slots == {"n": 2.0}
    assert run("action_count", [step], after_words, {}).slots == {"n": 1.0}


def test_a_count_at_one_question_starts_again_at_the_next() -> None:
    step = {"count": {"slot": "n", "limit": 3, "at_question": True}, "says": "utter_hint"}
    still_here = Moment({"n": 2.0}, DAY, question="utter_ask_b", previous_question="utter_ask_b")
    just_come = Moment({"n": 2.0}, DAY, question="utter_ask_b", previous_question="utter_ask_a")
    assert run("action_count", [step], still_here, {}) == Effect({"n": 3.0}, hint=("utter_hint",))
    assert run("action_count", [step], just_come, {}) == Effect({"n": 1.0})


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_checks_may_set_one_slot_and_either_makes_it_true(order: tuple[int, int]) -> None:
    steps = [{"count": {"slot": slot, "limit": 2}, "sets": "enough"} for slot in ("few", "many")]
    effect = run("action_count", [steps[i] for i in order], Moment({"few": 0, "many": 1}, DAY), {"enough": BOOL})
    assert effect.slots["enough"] is True


def test_changes_apply_in_order() -> None:
    steps: list[dict[str, Any]] = [{"copy": {"kept": "said"}}, {"reset": ["said", "n"]}, {"set": {"reason": "late"}}]
    types = {"said": SlotType("text"), "n": SlotType("float", 0)}
    effect = run("action_keep", steps, Moment({"said": "x", "n": 3}, DAY), types)
    assert effect == Effect({"kept": "x", "said": None, "n": 0, "reason": "late"})


def test_each_check_sees_what_the_one_before_set() -> None:
    steps: list[dict[str, Any]] = [
        {"set": {"given": "1"}},
        {"compare": {"given": "given", "expected": "expected"}, "sets": "found"},
    ]
    effect = run("action_two", steps, Moment({"given": None, "expected": "1"}, DAY), {"found": BOOL})
    assert effect.slots["found"] is True


def test_a_forms_check_empties_what_does_not_pass_and_says_why() -> None:
    step = {"number_within": {"slot": "n", "min": 1, "max": 5}, "otherwise": "utter_range"}
    assert run("validate_form", [step], Moment({"n": 9}, DAY), {}) == Effect({"n": None}, ("utter_range",))
    assert run("validate_form", [step], Moment({"n": 5}, DAY), {}) == Effect()
    assert run("validate_form", [step], Moment({"n": None}, DAY), {}) == Effect()
