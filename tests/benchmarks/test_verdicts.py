"""What became of a trial, on tapes whose answer is known."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.talk.held import HeldCall
from benchmarks.talk.trial import Kind, Trial
from benchmarks.talk.verdicts import Verdict, judge
from bot.vocabulary import Outcome

pytestmark = pytest.mark.unit

PROMPT = "utter_ask_rating"


def row(t: float, kind: str, **fields: Any) -> dict[str, Any]:
    return {"t": t, "kind": kind, **fields}


def speak(t: float, playout_id: str) -> dict[str, Any]:
    return row(t, "speak", playout_id=playout_id, prompt={"name": PROMPT})


def ended(t: float, playout_id: str, *, completed: bool) -> dict[str, Any]:
    return row(t, "playout_ended", playout_id=playout_id, completed=completed)


def verdict(rows: list[dict[str, Any]], kind: Kind, what: str = "", at: float = 1000, done: float = 1500) -> Verdict:
    trial = Trial(kind, what, at, done, len(rows), "p1", PROMPT)
    (judged,) = judge(HeldCall("7001", Outcome.UNCERTAIN, rows, None, (trial,)))
    return judged.verdict


def test_a_prompt_that_a_noise_does_not_stop_is_unmoved() -> None:
    assert verdict([speak(0, "p1"), ended(3000, "p1", completed=True)], Kind.COUGH) is Verdict.UNMOVED


def test_a_prompt_that_is_said_on_to_its_end_is_resumed() -> None:
    rows = [speak(0, "p1"), row(1100, "stop_speaking"), ended(1120, "p1", completed=False)]
    assert verdict(rows, Kind.COUGH) is Verdict.DROPPED
    rows += [speak(1800, "p2"), ended(4000, "p2", completed=True)]
    assert verdict(rows, Kind.COUGH) is Verdict.RESUMED


def test_a_noise_that_the_dialogue_is_asked_about_was_taken_for_words() -> None:
    rows = [speak(0, "p1"), ended(3000, "p1", completed=True), row(3100, "consider_absence")]
    assert verdict(rows, Kind.HUM) is Verdict.TAKEN_FOR_WORDS


def test_what_comes_after_the_prompt_is_no_trial() -> None:
    assert verdict([speak(0, "p1"), ended(900, "p1", completed=True)], Kind.COUGH) is Verdict.TOO_LATE


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ([], Verdict.NOT_STOPPED),
        ([row(1100, "stop_speaking")], Verdict.TALKED_OVER),
        ([row(1100, "stop_speaking"), row(1900, "told", intent="repeat")], Verdict.MISUNDERSTOOD),
        ([row(1100, "stop_speaking"), row(1900, "told", intent="affirm")], Verdict.ACTED_UPON),
    ],
)
def test_words_must_stop_the_prompt_and_be_acted_upon(after: list[dict[str, Any]], expected: Verdict) -> None:
    assert verdict([speak(0, "p1"), *after], Kind.INTERRUPTION, "yes") is expected


def test_a_turn_that_ends_before_the_voice_is_back_was_cut_off() -> None:
    rows = [row(1000, "voice_started"), row(1200, "voice_stopped"), row(1500, "finalise"), row(1500, "voice_started")]
    assert verdict(rows, Kind.DIGITS, done=2100) is Verdict.CUT_OFF


def test_a_turn_that_ends_after_its_last_word_was_waited_for() -> None:
    rows = [row(1000, "voice_started"), row(1200, "voice_stopped"), row(1500, "voice_started"), row(2000, "finalise")]
    rows += [row(2200, "voice_started")]  # of the next turn
    assert verdict(rows, Kind.DIGITS, done=2100) is Verdict.WAITED
