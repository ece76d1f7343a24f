"""Tapes of calls in a folder, as the guard finds them there."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

from tests.bot.call.made_calls import DISCLOSURE, GOODBYE, HANG_UP, WHO, MadeCall
from tests.bot.studio.shelf import SCRIPT


def leaves_at_once() -> MadeCall:
    return MadeCall().opens(DISCLOSURE, WHO).hangs_up()


def stays() -> MadeCall:
    call = MadeCall().opens(DISCLOSURE, WHO).says("yes", "affirm", WHO).says("yes", "affirm", GOODBYE, HANG_UP)
    return call.ends("survey_completed")


def tape(
    folder: Path,
    name: str,
    made: MadeCall,
    published: str | None,
    at: datetime,
    script: str = SCRIPT,
    closed: bool = True,
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    header = {**made.header, "call": name, "script": script, "published": published, "at": at.isoformat()}
    rows = [header, *made.rows, *([{"t": made.t, "kind": "tape_closed"}] if closed else [])]
    path = folder / f"{name}.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path
