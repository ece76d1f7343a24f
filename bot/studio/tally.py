"""Counts, from the tapes of a folder, what the guard judges by. A finished tape is read once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.call.measured_tape import measured
from bot.call.measures import CallMeasures
from bot.call.tape import TapeError
from bot.studio.events import Metric
from bot.studio.guard import Counts


@dataclass(frozen=True, slots=True)
class _Call:
    """`published` is None for the working folder."""

    script: str
    published: str | None
    at: datetime
    with_person: bool
    happened: frozenset[Metric]


class Tally:
    def __init__(self, tapes: Path) -> None:
        self._tapes = tapes
        self._known: dict[str, _Call] = {}

    def of(self, script: str, published: str | None, since: datetime) -> Counts:
        """The calls of a version that were dialled since then. Reads the tapes that came since it was last asked."""
        self._read_new(since)
        calls = [
            call
            for call in self._known.values()
            if (call.script, call.published) == (script, published) and call.at >= since and call.with_person
        ]
        return Counts(len(calls), Counter(metric for call in calls for metric in call.happened))

    def _read_new(self, since: datetime) -> None:
        if not self._tapes.is_dir():
            return
        for path in self._tapes.glob("*.jsonl"):
            if path.name in self._known or path.stat().st_mtime < since.timestamp():
                continue
            call = _call(path)
            if call is not None:
                self._known[path.name] = call


def _call(path: Path) -> _Call | None:
    """None for a call that goes on, and for what is no tape, or a damaged one: it counts for nobody."""
    try:
        tape = measured(path)
    except TapeError:
        return None
    measures = tape.measures
    if not tape.closed or measures.at is None:
        return None
    published = tape.header.get("published")
    return _Call(measures.script, published, measures.at, measures.with_person, frozenset(_happened(measures)))


def _happened(measures: CallMeasures) -> Iterator[Metric]:
    if measures.left_early:
        yield Metric.EARLY_HANG_UP
    if measures.human_asked_at is not None:
        yield Metric.HUMAN_ASKED
    if measures.no_matches:
        yield Metric.NO_MATCH
    if measures.negative_turns:
        yield Metric.NEGATIVE_SENTIMENT
