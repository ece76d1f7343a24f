"""Counts, from the tapes of a folder, what the guard judges by. A finished tape is read once."""

from __future__ import annotations

from collections import Counter, defaultdict
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
    """Counts the calls of one script that were dialled since a release."""

    def __init__(self, tapes: Path, script: str, since: datetime) -> None:
        """Knows no call yet: `look` finds those there are, `add` takes one that was made."""
        self._tapes, self._script, self._since = tapes, script, since
        self._read: set[str] = set()
        self._calls: Counter[str | None] = Counter()
        self._happened: dict[str | None, Counter[Metric]] = defaultdict(Counter)

    def of(self, published: str) -> Counts:
        """The calls of a version that are known."""
        return Counts(self._calls[published], self._happened[published].copy())

    def look(self) -> None:
        """Add what other processes have taped, too: takes as long as the folder is large."""
        if not self._tapes.is_dir():
            return
        for path in self._tapes.glob("*.jsonl"):
            if path.name not in self._read and path.stat().st_mtime >= self._since.timestamp():
                self.add(path)

    def add(self, tape: Path) -> None:
        """A call that is over. A tape is counted once."""
        call = _call(tape) if tape.name not in self._read else None
        if call is None:
            return
        self._read.add(tape.name)
        if call.script == self._script and call.at >= self._since and call.with_person:
            self._calls[call.published] += 1
            self._happened[call.published].update(call.happened)


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
