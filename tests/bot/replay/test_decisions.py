"""What was decided, and two calls side by side."""

from __future__ import annotations

import pytest

from bot.replay.comparison import Comparison, compare
from bot.replay.decisions import Decisions, decisions_of
from tests.bot.replay.tapes import (
    Row,
    consider,
    decided,
    ended,
    heard,
    row,
    say,
    speak,
    started,
    told,
    turn,
    understood,
)

pytestmark = pytest.mark.unit

OPENING = row(0, "answered", opening=[say("hello")])
END = row(9000, "end_call", outcome="promised")


def decisions(*rows: Row, contact: dict[str, str] | None = None) -> Decisions:
    return decisions_of({"contact": contact or {}}, [OPENING, *rows, END])


def compared(old: list[Row], new: list[Row]) -> Comparison:
    return compare(decisions(*old), decisions(*new))


def test_a_turn_holds_what_was_understood_and_what_the_bot_did() -> None:
    rows = [
        heard(100, "on friday"),
        consider(100, 1, "on friday"),
        understood(100, 1, "on friday", "promise_to_pay", ("date", "2026-11-27")),
        told(100, 1, "inform"),
        decided(100, 1, {"kind": "conclude", "outcome": "promised"}, say("thanks", "Thank you.")),
    ]
    found = decisions(*rows)
    assert found.outcome == "promised"
    last = found.turns[-1]
    assert (last.said, last.intent, last.told, last.entities) == (
        "on friday",
        "promise_to_pay",
        "inform",
        ("date 2026-11-27",),
    )
    assert last.replies == ("outcome promised", "thanks “Thank you.”")


def test_times_and_ids_are_no_decisions() -> None:
    old = [*turn(100, 1, "yes", "affirm", say("thanks")), speak(101, "p2", "thanks")]
    new = [*turn(900, 1, "yes", "affirm", say("thanks")), speak(950, "p7", "thanks")]
    assert not compared(old, new).changed


def test_keys_silence_and_failed_hand_overs_are_turns() -> None:
    rows = [
        row(1, "consider_keys", turn=1, keys="12"),
        row(2, "consider_absence", turn=2, absence="silence"),
        heard(3, "okay go to", accepted=False, bearing="nothing"),
        row(3, "consider_absence", turn=3, absence="no_match"),
        row(4, "consider_hand_over_failure", turn=4, reason="busy"),
    ]
    assert [one.said for one in decisions(*rows).turns] == [
        "",
        "[keys 12]",
        "[silence]",
        "okay go to",
        "[nobody took over: busy]",
    ]


def test_what_was_held_back_is_considered_under_its_own_words() -> None:
    rows = [heard(1, "yes"), consider(1, 1, "yes"), heard(2, "a human please"), decided(3, 1, say("a"))]
    found = decisions(*rows, consider(3, 2, "a human please"), decided(4, 2, say("b")))
    assert [one.replies[0].split()[0] for one in found.turns[1:]] == ["a", "b"]


@pytest.mark.parametrize(("said_on", "became"), [(True, "said on"), (False, "dropped")])
def test_a_stopped_prompt_is_said_on_or_dropped(said_on: bool, became: str) -> None:
    rows = [speak(0, "p1", "hello"), started(40, "p1"), row(500, "stop_speaking"), ended(520, "p1", completed=False)]
    rows += [speak(900, "p2", "hello", start=300)] if said_on else []
    assert decisions(*rows).turns[0].barge_ins == (f"hello stopped, and {became}",)


def test_what_nobody_decided_is_said_of_its_own_accord() -> None:
    rows = turn(1, 1, "yes", "affirm", say("thanks"))
    (found,) = [one for one in decisions(*rows, speak(2, "p2", "one_moment")).turns if one.said]
    assert found.replies[-1].startswith("of its own accord: one_moment")


def test_masked_values_are_counted_in_their_order_and_meanings_of_stand_ins_do_not_count() -> None:
    contact = {"last4": "<4 digits #1>"}
    old = decisions(*turn(1, 1, "<4 digits #6>", "correct"), contact=contact)
    new = decisions(*turn(1, 1, "<4 digits #9>", "give_rating"), contact=contact)
    assert old.turns[-1].said == "<4 digits #2>"
    assert old.turns[-1].intent == ""
    assert [one.said for one in old.turns] == [one.said for one in new.turns]


def test_an_inserted_turn_leaves_those_behind_it_unchanged() -> None:
    ones = [turn(n, n, f"words {n}", "affirm", say(f"reply_{n}")) for n in (1, 2, 3, 4)]
    old = [line for one in ones for line in one]
    new = [line for one in [*ones[:2], turn(9, 9, "cough", "out_of_scope"), *ones[2:]] for line in one]
    comparison = compared(old, new)
    assert [pair.changed for pair in comparison.pairs] == [False, False, False, True, False, False]
    assert comparison.pairs[3].recorded is None


def test_a_turn_with_the_same_words_is_laid_beside_its_own() -> None:
    old = [*turn(1, 1, "yes", "affirm", say("a")), *turn(2, 2, "no", "deny", say("b"))]
    new = [*turn(1, 1, "what", "repeat", say("x")), *turn(2, 2, "yes", "deny", say("c")), *turn(3, 3, "no", "deny")]
    pairs = compared(old, new).pairs[1:]
    assert [(p.recorded.said if p.recorded else None, p.replayed.said if p.replayed else None) for p in pairs] == [
        (None, "what"),
        ("yes", "yes"),
        ("no", "no"),
    ]


def test_who_answered_and_the_outcome_concern_the_whole_call() -> None:
    answerer = row(5, "record_answerer", detection={"answerer": "machine"})
    old, new = decisions(answerer), decisions()
    assert [one.what for one in compare(old, new).differences] == ["answered by"]
    assert compare(old, new).changed
    assert compare(old, new).changed_turns == 0
