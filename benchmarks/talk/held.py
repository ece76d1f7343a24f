"""A finished call of the benchmark, as evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.talk.trial import Trial
from bot.vocabulary import Outcome

Row = Mapping[str, Any]

DAY = date(2026, 11, 24)
"""The day all calls take place, so that "Friday" means the same in every run."""


@dataclass(frozen=True, slots=True)
class HeldCall:
    """`rows`: the tape. `recording`: both channels at the switch's edge; None for a rehearsed call."""

    number: str
    outcome: Outcome
    rows: list[dict[str, Any]]
    recording: Path | None
    trials: tuple[Trial, ...]
