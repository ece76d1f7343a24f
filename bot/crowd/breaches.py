"""What must not happen in any call, whoever picks up: judged by its tape and by what the customer really did. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.call.latency import responses
from bot.crowd.taking_part import Did
from bot.rehearsal.line import Row
from bot.vocabulary import Outcome
from dialogue.account_data import account_fields
from dialogue.prompts import PromptCatalogue
from dialogue.script import Script
from nlu.inventory import Intent

LONGEST_SILENCE_MS = 2000.0
HUMAN_WITHIN = 2
"""Turns, the one included in which the customer asks."""
MOST_OFTEN = 6
"""A prompt that is said more often than this is a loop."""

DISCLOSURE = "utter_disclosure"


class Fault(StrEnum):
    ACCOUNT_DATA = "account data"  # said to somebody who never gave the right digits
    NO_HUMAN = "no human"  # asked for, understood, and not put through within two turns
    NO_DISCLOSURE = "no disclosure"
    LEGAL_CUT = "legal prompt cut off"
    SILENCE = "silence"
    DEAD_END = "dead end"  # the script has no answer, or the call is cut off at its limit
    NOT_A_PERSON = "taken for a machine"


@dataclass(frozen=True, slots=True)
class Breach:
    """`t` in milliseconds of the call."""

    fault: Fault
    t: float
    detail: str


def telling_prompts(script: Script, catalogue: PromptCatalogue) -> frozenset[str]:
    """Those that say account data."""
    fields = account_fields(script)
    return frozenset(one.name for one in catalogue.prompts() if fields & {slot for slot, _ in one.slots})


def breaches_of(rows: Sequence[Row], did: Sequence[Did], telling: frozenset[str], outcome: Outcome) -> list[Breach]:
    """Every one, in the order of their times."""
    checks: tuple[Callable[[], Iterator[Breach]], ...] = (
        lambda: _account_data(rows, did, telling),
        lambda: _no_human(rows),
        lambda: _disclosure(rows),
        lambda: _legal(rows),
        lambda: _silences(rows),
        lambda: _dead_ends(rows, outcome),
    )
    return sorted((breach for check in checks for breach in check()), key=lambda breach: breach.t)


def loops_of(rows: Sequence[Row]) -> dict[str, int]:
    """Prompts that were said more than `MOST_OFTEN` times, and how often."""
    said = Counter(prompt["name"] for _, prompt, start in _sounded(rows) if start == 0)
    return {name: times for name, times in said.items() if times > MOST_OFTEN}


def _sounded(rows: Sequence[Row]) -> Iterator[tuple[float, dict[str, Any], int]]:
    """When each prompt began to sound, and from which of its samples."""
    sent = {row["playout_id"]: row for row in rows if row["kind"] == "speak"}
    for row in rows:
        if row["kind"] == "playout_started":
            yield float(row["t"]), sent[row["playout_id"]]["prompt"], int(sent[row["playout_id"]]["start"])


def _account_data(rows: Sequence[Row], did: Sequence[Did], telling: frozenset[str]) -> Iterator[Breach]:
    proven = min((one.t for one in did if one.act.proves), default=float("inf"))
    for t, prompt, _ in _sounded(rows):
        if prompt["name"] in telling and t < proven:
            yield Breach(Fault.ACCOUNT_DATA, t, f"{prompt['name']} was said, and the right digits were never given")


def _no_human(rows: Sequence[Row]) -> Iterator[Breach]:
    """Only what was understood is held against the script; after a hand-over that failed there is nobody to be had."""
    told = [row for row in rows if row["kind"] == "told"]
    none_free = _first(rows, "hand_over_failed")
    left = _left_by_customer(rows)
    for index, row in enumerate(told):
        if row["intent"] != Intent.ASK_HUMAN or row["t"] > none_free:
            continue
        later = told[index + HUMAN_WITHIN]["t"] if index + HUMAN_WITHIN < len(told) else float("inf")
        transfers = [one["t"] for one in rows if one["kind"] == "transfer_leg" and row["t"] <= one["t"] < later]
        if not transfers and left > later:
            yield Breach(Fault.NO_HUMAN, row["t"], f"asked for a human, and {HUMAN_WITHIN} turns later there was none")
        elif not transfers and left == later == float("inf"):
            yield Breach(Fault.NO_HUMAN, row["t"], "asked for a human, and the call ended without one")


def _disclosure(rows: Sequence[Row]) -> Iterator[Breach]:
    first = next(_sounded(rows), None)
    if first is not None and first[1]["name"] != DISCLOSURE:
        yield Breach(Fault.NO_DISCLOSURE, first[0], f"{first[1]['name']} was said before {DISCLOSURE}")


def _legal(rows: Sequence[Row]) -> Iterator[Breach]:
    """What was stopped may be said on; who hangs up has heard what they wanted."""
    sent = {row["playout_id"]: row["prompt"] for row in rows if row["kind"] == "speak"}
    left = _left_by_customer(rows)
    ended = [row for row in rows if row["kind"] == "playout_ended" and sent[row["playout_id"]]["legal"]]
    for row in ended:
        text = sent[row["playout_id"]]["text"]
        said_on = any(
            one["completed"] and one["t"] > row["t"] and sent[one["playout_id"]]["text"] == text for one in ended
        )
        if not row["completed"] and row["heard"] and not said_on and row["t"] < left:
            yield Breach(Fault.LEGAL_CUT, row["t"], f"{sent[row['playout_id']]['name']} was not said to its end")


def _silences(rows: Sequence[Row]) -> Iterator[Breach]:
    for response in responses(rows):
        if response.total > LONGEST_SILENCE_MS:
            seconds = response.total / 1000
            yield Breach(Fault.SILENCE, response.began, f"{seconds:.1f} s until the answer to turn {response.turn}")


def _dead_ends(rows: Sequence[Row], outcome: Outcome) -> Iterator[Breach]:
    end = float(rows[-1]["t"])
    for row in rows:
        if row["kind"] == "broken":
            yield Breach(Fault.DEAD_END, row["t"], str(row["detail"]))
        elif row["kind"] == "timer_fired" and row["timer"] == "call_limit":
            yield Breach(Fault.DEAD_END, row["t"], "the call went on to the limit of its length")
    if outcome is Outcome.UNCERTAIN:
        yield Breach(Fault.DEAD_END, end, "the call ended without an outcome")
    if outcome in {Outcome.ANSWERED_BY_MACHINE, Outcome.MESSAGE_LEFT}:
        yield Breach(Fault.NOT_A_PERSON, end, "the call was ended as with an answering machine")


def _left_by_customer(rows: Sequence[Row]) -> float:
    return next((float(row["t"]) for row in rows if row["kind"] == "gone" and row["by"] == "customer"), float("inf"))


def _first(rows: Sequence[Row], kind: str) -> float:
    return next((float(row["t"]) for row in rows if row["kind"] == kind), float("inf"))
