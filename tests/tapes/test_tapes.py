"""Every tape in this folder, replayed with the scripts and models of now: what was decided must be decided again."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.call.service import CallService
from bot.call.tape import TapeState
from bot.replay.recorded import read_call
from bot.replay.replaying import replay
from bot.replay.report import report_of

pytestmark = [
    pytest.mark.integration,
    pytest.mark.requires("rasa"),
    pytest.mark.asyncio(loop_scope="session"),
]

TAPES = sorted(Path(__file__).parent.glob("*.jsonl"))


@pytest.mark.parametrize("path", TAPES, ids=lambda path: path.stem)
async def test_the_call_goes_as_it_went(house: CallService, path: Path) -> None:
    call = read_call(path)
    assert call.state is TapeState.INTACT
    report = report_of(call, await replay(house, call, call.header["script"]))
    changes = [
        f"{side}: {line}"
        for pair in report.comparison.pairs
        if pair.changed
        for side, turn in (("recorded", pair.recorded), ("replayed", pair.replayed))
        for line in (turn.lines if turn is not None else ("-",))
    ]
    assert not report.comparison.changed, "\n".join([report.summary, *changes])
