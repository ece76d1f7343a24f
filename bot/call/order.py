"""What is asked of a call, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.vocabulary import Outcome
from telephony_bridge.line_status import Fault, LineStatus


@dataclass(frozen=True, slots=True)
class CallOrder:
    """Whom to call, with which script, and what the script needs to know of them.

    Where they call us, `called` is the number of ours that they called, and `number` theirs.
    """

    number: str
    script: str
    language: str
    contact: Mapping[str, str]
    day: date
    called: str | None = None


@dataclass(frozen=True, slots=True)
class CallResult:
    """What became of a call. The tape is the evidence; the recording is None where nobody answered."""

    call_id: str
    outcome: Outcome
    line_status: LineStatus
    fault: Fault
    tape: Path
    recording: Path | None
