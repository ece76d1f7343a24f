"""Tapes on disk, measured. A damaged one is told as such, so that it does not stop whoever reads many."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.call.latency import Row
from bot.call.measures import CallMeasures
from bot.call.measuring import measure
from bot.call.tape import TapeError, read_tape


@dataclass(frozen=True, slots=True)
class MeasuredTape:
    """`closed`: the call has ended, and the tape is there to its end."""

    header: Row
    measures: CallMeasures
    closed: bool


def measured(path: Path) -> MeasuredTape:
    """Raises `TapeError` for what is no tape, or not as a tape is."""
    header, rows = read_tape(path)
    try:
        return MeasuredTape(header, measure(header, rows), bool(rows) and rows[-1]["kind"] == "tape_closed")
    except KeyError as error:
        raise TapeError(f"{path}: the tape lacks {error}; it is of another version, or was changed by hand") from None
    except (AttributeError, IndexError, TypeError, ValueError):  # their messages quote what a customer said
        raise TapeError(
            f"{path}: a line is not as a tape has it; `voicebot tape verify` shows whether it was changed"
        ) from None
