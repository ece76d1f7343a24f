"""The end of a call, when its tape is closed: whoever is told of it cannot harm it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from bot.call.masking import Masker
from bot.call.prepared import Prepared
from bot.call.script_source import ScriptSource, WorkingFolder
from bot.call.service import CallService
from bot.call.tape import Tape, TapeState, verify_tape

pytestmark = pytest.mark.unit

NOTHING = cast("Any", None)


class Breaking(WorkingFolder):
    """Breaks when it is told of the end of a call, and remembers how the tape stood then."""

    found: TapeState | None = None

    def __init__(self, tape: Path) -> None:
        super().__init__(tape.parent)
        self.tape = tape

    def ended(self, source: ScriptSource, tape: Path) -> None:
        self.found = verify_tape(self.tape).state
        raise RuntimeError("the figures cannot be read")


async def test_a_guard_that_breaks_is_told_of_a_closed_tape_and_harms_no_call(tmp_path: Path) -> None:
    tape = Tape(tmp_path / "call.jsonl", {"call": "c"})
    scripts = Breaking(tape.path)
    source = scripts.choose("survey", "c")
    masker = Masker((), asks=False)
    prepared = Prepared("c", NOTHING, (), NOTHING, tape, masker, source, NOTHING, {})
    with capture_logs() as logs:
        assert await CallService(NOTHING, NOTHING, None, None, scripts).finish(prepared, None) is None
    assert scripts.found is TapeState.INTACT
    assert [line["event"] for line in logs] == ["the guard of a release failed"]
