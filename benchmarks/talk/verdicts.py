"""What became of each trial, read off the tape of its call: pure.

How long something took is not decided here but measured at the edge (`measures.py`); the tape says what happened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.talk.held import HeldCall, Row
from benchmarks.talk.trial import NOISES, PAUSED, Kind, Trial
from nlu.inventory import Intent

EARLY_MS = 60
"""The customer's clock may be so far ahead of the tape's."""

MEANT = {
    "yes": {Intent.AFFIRM.value},
    "five": {Intent.GIVE_RATING.value, "inform"},
    "a human please": {Intent.ASK_HUMAN.value},
    "wrong number": {Intent.WRONG_PERSON.value},
}
"""What the dialogue must be told about the words of an interruption."""


class Verdict(StrEnum):
    # a noise
    UNMOVED = "unmoved"  # the prompt went on
    RESUMED = "resumed"  # stopped, then said to its end
    DROPPED = "dropped"  # never said to its end
    TAKEN_FOR_WORDS = "taken for words"  # the dialogue was asked about it
    # an interruption
    ACTED_UPON = "acted upon"
    NOT_STOPPED = "not stopped"
    TALKED_OVER = "talked over"  # stopped, then went on as if nothing had been said
    MISUNDERSTOOD = "misunderstood"  # taken for other words
    # a pause inside an answer
    WAITED = "waited"
    CUT_OFF = "cut off"
    # no trial
    TOO_LATE = "too late"  # nothing was sounding any more


FALSE_BARGE_INS = frozenset({Verdict.DROPPED, Verdict.TAKEN_FOR_WORDS})
MISSED_BARGE_INS = frozenset({Verdict.NOT_STOPPED, Verdict.TALKED_OVER, Verdict.MISUNDERSTOOD})


@dataclass(frozen=True, slots=True)
class Judged:
    """`heard`: what the recogniser made of it, in order; empty where it was not asked."""

    call: HeldCall
    trial: Trial
    verdict: Verdict
    heard: tuple[str, ...]


def judge(call: HeldCall) -> list[Judged]:
    """In the order of the trials."""
    return [_judged(call, trial) for trial in call.trials]


def _judged(call: HeldCall, trial: Trial) -> Judged:
    window = _window(call.rows, trial)
    if trial.kind in PAUSED:
        verdict = _of_pause(window, trial)
    elif _was_over(call.rows, trial):
        verdict = Verdict.TOO_LATE
    else:
        verdict = _of_noise(call.rows, window, trial) if trial.kind in NOISES else _of_words(window, trial)
    heard = tuple(row["utterance"]["text"] for row in window if row["kind"] == "heard")
    return Judged(call, trial, verdict, heard)


def _window(rows: Sequence[Row], trial: Trial) -> list[Row]:
    """The lines of the tape from the trial's sound to its end; the tape's first line is its header."""
    return [row for row in rows[: trial.until] if row["t"] >= trial.at - EARLY_MS]


def _was_over(rows: Sequence[Row], trial: Trial) -> bool:
    ended = [row["t"] for row in rows if row["kind"] == "playout_ended" and row["playout_id"] == trial.playout_id]
    return bool(ended) and ended[0] < trial.at


def _of_noise(rows: Sequence[Row], window: Sequence[Row], trial: Trial) -> Verdict:
    if any(row["kind"].startswith("consider") for row in window):
        return Verdict.TAKEN_FOR_WORDS
    playouts = {row["playout_id"] for row in rows if row["kind"] == "speak" and row["prompt"]["name"] == trial.prompt}
    ends = [row for row in window if row["kind"] == "playout_ended" and row["playout_id"] in playouts]
    if not any(row["completed"] for row in ends):
        return Verdict.DROPPED
    return Verdict.RESUMED if any(row["kind"] == "stop_speaking" for row in window) else Verdict.UNMOVED


def _of_words(window: Sequence[Row], trial: Trial) -> Verdict:
    told = [row["intent"] for row in window if row["kind"] == "told"]
    stops = [row["t"] for row in window if row["kind"] == "stop_speaking"]
    if not stops:
        return Verdict.NOT_STOPPED
    if not told:
        return Verdict.TALKED_OVER
    return Verdict.ACTED_UPON if told[0] in MEANT[trial.what] else Verdict.MISUNDERSTOOD


def _of_pause(window: Sequence[Row], trial: Trial) -> Verdict:
    """Ended too soon: the turn was ended, and then the voice came back."""
    said = [row["kind"] for row in window if row["t"] < trial.done]
    ended = said.index("finalise") if "finalise" in said else len(said)
    return Verdict.CUT_OFF if "voice_started" in said[ended:] else Verdict.WAITED


def kinds_of(judged: Sequence[Judged], kinds: Sequence[Kind]) -> list[Judged]:
    """The trials of these kinds that were in time."""
    return [one for one in judged if one.trial.kind in kinds and one.verdict is not Verdict.TOO_LATE]
