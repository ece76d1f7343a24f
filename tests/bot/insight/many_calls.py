"""Calls by the dozen, made by hand: each asks who is there, then whether they will pay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.call.measuring import measure
from bot.insight.calls import Recorded
from bot.insight.summary import VersionSummary, summarise
from tests.bot.call.made_calls import DISCLOSURE, GOODBYE, HAND_OVER, HANG_UP, PAY, WHO, MadeCall

BEGAN = datetime(2026, 11, 20, 9, tzinfo=UTC)


def going(call: MadeCall) -> MadeCall:
    return call.opens(DISCLOSURE, WHO).says("yes that is me", "affirm", PAY)


def goes_well(call: MadeCall) -> MadeCall:
    return going(call).says("yes I will", "affirm", GOODBYE, HANG_UP).ends("promised")


def hangs_up_at_once(call: MadeCall) -> MadeCall:
    return call.opens(DISCLOSURE, WHO).hangs_up()


def hangs_up_at_paying(call: MadeCall) -> MadeCall:
    return going(call).says("what about the fees", "no_match", PAY, meant="out_of_scope", sentiment="angry").hangs_up()


def wants_a_human(call: MadeCall) -> MadeCall:
    return going(call).says("a person please", "ask_human", GOODBYE, HAND_OVER).hands_over()


def is_a_machine(call: MadeCall) -> MadeCall:
    return call.opens(DISCLOSURE, WHO).is_("machine").ends("answered_by_machine")


def reaches_nobody(call: MadeCall) -> MadeCall:
    call.rows.append({"t": 0.0, "kind": "dial_ended", "status": "busy", "fault": "callee", "cause": "USER_BUSY"})
    return call


KINDS = (goes_well, hangs_up_at_once, hangs_up_at_paying, wants_a_human, is_a_machine, reaches_nobody)


def calls(version: str, *counts: int, began: datetime = BEGAN) -> Iterator[MadeCall]:
    """So many of each of `KINDS`, a minute after each other."""
    number = 0
    for kind, count in zip(KINDS, counts, strict=False):
        for _ in range(count):
            at = began + timedelta(minutes=number)
            yield kind(MadeCall(f"{version}-{number:03}", version, at=at.isoformat()))
            number += 1


def recorded(version: str, *counts: int, began: datetime = BEGAN) -> list[Recorded]:
    made = calls(version, *counts, began=began)
    return [Recorded(Path(f"{call.call}.jsonl"), measure(call.header, call.rows)) for call in made]


def summary(version: str, *counts: int, began: datetime = BEGAN) -> VersionSummary:
    return summarise(version, [one.measures for one in recorded(version, *counts, began=began)])
