"""What a replay found, for people (a table) and as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from rich.table import Table
from rich.text import Text

from bot.call.tape import TapeState
from bot.replay.comparison import Comparison, Pair, compare
from bot.replay.decisions import Turn, decisions_of
from bot.replay.recorded import RecordedCall
from bot.replay.replaying import Replayed

VERSIONS = {"script": "script_version", "model of meaning": "understander", "recogniser": "recogniser"}
"""What a replay may be held with, and where a tape names it."""


@dataclass(frozen=True, slots=True)
class Report:
    call: RecordedCall
    replayed: Replayed
    comparison: Comparison

    @property
    def summary(self) -> str:
        turns, changed = len(self.comparison.pairs), self.comparison.changed_turns
        whole = [f"{one.what} changed" for one in self.comparison.differences]
        return ", ".join([f"{turns} turn{'s' if turns != 1 else ''}", f"{changed} changed", *whole])

    @property
    def notes(self) -> list[str]:
        """Where the replay is not the call itself."""
        return list(_notes(self.call, self.replayed))

    def as_json(self) -> dict[str, Any]:
        return {
            "tape": str(self.call.path),
            "changed": self.comparison.changed,
            "recorded_with": {what: self.call.header[field] for what, field in VERSIONS.items()},
            "replayed_with": {what: self.replayed.header[field] for what, field in VERSIONS.items()},
            "turns": [
                {
                    "changed": pair.changed,
                    "recorded": asdict(pair.recorded) if pair.recorded is not None else None,
                    "replayed": asdict(pair.replayed) if pair.replayed is not None else None,
                }
                for pair in self.comparison.pairs
            ],
            "differences": [asdict(difference) for difference in self.comparison.differences],
            "notes": self.notes,
        }


def report_of(call: RecordedCall, replayed: Replayed) -> Report:
    recorded = decisions_of(call.header, call.rows)
    return Report(call, replayed, compare(recorded, decisions_of(replayed.header, replayed.rows)))


def _notes(call: RecordedCall, replayed: Replayed) -> Iterator[str]:
    if call.state is not TapeState.INTACT:
        state = call.state.value.replace("_", " ")
        yield f"warning: the tape is not what was written ({state}; see `voicebot tape verify`)"
    for what, field in VERSIONS.items():
        then, now = call.header[field], replayed.header[field]
        if then != now and not (field == "recogniser" and call.sound is None):
            yield f"{what}: {then} on the tape, {now} in the replay"
    if replayed.not_heard_again:
        turns = "1 turn" if replayed.not_heard_again == 1 else f"{replayed.not_heard_again} turns"
        yield f"{turns} with sensitive digits not heard again: the recording is silent there, other digits stand in"
    if replayed.held_ms:
        yield f"the bot spoke for longer than on the tape; the customer had to wait {replayed.held_ms / 1000:.1f} s"
    if replayed.beyond_ms >= 1000:
        yield (
            f"the replay went on for {replayed.beyond_ms / 1000:.1f} s after the recorded call had ended; there the "
            "customer is silent, and what is decided is nobody's answer"
        )


def table_of(comparison: Comparison) -> Table:
    """The changed turns side by side, each with one line of what came before it."""
    table = Table("turn", "recorded", "replayed", expand=True, show_lines=False, pad_edge=False, box=None)
    table.columns[1].overflow = table.columns[2].overflow = "fold"  # Mandarin has no spaces to wrap at
    table.columns[1].ratio = table.columns[2].ratio = 1
    for number, pair in enumerate(comparison.pairs):
        if pair.changed:
            _context(table, comparison.pairs[number - 1] if number else None, number - 1)
            table.add_row(str(number), _side(pair.recorded, pair.replayed, "red"), _side(pair.replayed, pair.recorded))
            table.add_section()
    for difference in comparison.differences:
        table.add_row("", f"{difference.what}: [red]{difference.recorded}[/]", f"[green]{difference.replayed}[/]")
    return table


def _context(table: Table, before: Pair | None, number: int) -> None:
    if before is not None and not before.changed and before.recorded is not None:
        line = Text(before.recorded.lines[0], style="dim")
        table.add_row(str(number), line, line)


def _side(turn: Turn | None, other: Turn | None, style: str = "green") -> Text:
    """One turn; what the other side does not have is coloured."""
    if turn is None:
        return Text("-", style="dim")
    elsewhere = other.lines if other is not None else ()
    text = Text()
    for number, line in enumerate(turn.lines):
        text.append(("\n" if number else "") + line, style="dim" if line in elsewhere else style)
    return text
