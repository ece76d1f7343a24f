"""What a process that died in mid-call left of the customer's voice: finished, as far as its tape vouches for it.

The raw side of the recording holds what the customer said unmasked. Its tape does not; but the tape's rows say where
a masked word was, so the same stretches are silenced as at the end of any call, and all that came after the last
utterance the tape holds, which nobody has judged. The tape itself stays as it is: not closed.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any

import structlog

from bot.call.masking import AFTER_KEY, BEFORE_KEY, TO_THE_END, Masker
from bot.call.recording import RAW_SUFFIX, finish, silence_in
from bot.call.tape import TapeError, read_tape

log = structlog.get_logger(__name__)

_MASKED = re.compile(r"<(?:\d+ digits?|text) #\d+>|<speech>")
_STAND_IN = "777"
"""In place of what was masked, so that the masker finds it again."""


def finish_remains(folder: Path) -> None:
    """Go over the tapes of a folder; what calls under way are writing is locked, and left alone.

    What cannot be finished is told in the log and holds nothing up: a full disk is no reason not to start.
    """
    for raw in sorted(folder.glob(f"*{RAW_SUFFIX}")):
        call = raw.name.removesuffix(RAW_SUFFIX)
        try:
            with raw.open("r+b", buffering=0) as file:
                if _locked(file):
                    _finish(raw, file, call)
        except OSError as error:
            log.error("remains_not_finished", call=call, error=error, remedy="make room for tapes, and start again")


def _locked(file: IO[bytes]) -> bool:
    """Whether the file was nobody's and is now ours, until it is closed."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _finish(raw: Path, file: IO[bytes], call: str) -> None:
    recording, tape = (raw.with_name(call + suffix) for suffix in (".wav", ".jsonl"))
    if recording.exists() or file.seek(0, os.SEEK_END) == 0:  # it is whole, with both sides; or nobody answered
        raw.unlink(missing_ok=True)
        return
    try:
        rows = read_tape(tape)[1]
        closed = bool(rows) and rows[-1]["kind"] == "tape_closed"
        stretches = silences(rows, whole=closed)
    except (TapeError, LookupError, TypeError, ValueError, AttributeError) as error:
        raw.unlink(missing_ok=True)
        log.warning("remains_removed", call=call, error=error, why="no tape says what must be silent in them")
        return
    if closed:  # the disk had no room for the recording, and the tape says that there is none: the raw side is all
        silence_in(file, stretches)
        return
    finish(file, recording, stretches)
    raw.unlink(missing_ok=True)
    tape.with_suffix(".reserve").unlink(missing_ok=True)
    log.warning("remains_finished", call=call, why="the process died in mid-call; the bot's side is not in them")


def silences(rows: Iterable[Mapping[str, Any]], *, whole: bool) -> list[tuple[int, int]]:
    """Stretches of the customer's audio to silence, told from rows that are masked already.

    `whole`: the rows tell of the call to its end.
    """
    masker = Masker([_STAND_IN], asks=True)
    stretches: list[tuple[int, int]] = []
    judged = 0
    for row in rows:
        fields = {name: value for name, value in row.items() if name not in {"n", "t", "dir", "kind"}}
        if row["kind"] == "heard":
            utterance = fields["utterance"]
            judged = max(judged, utterance["end"])
            if _MASKED.search(utterance["text"]):
                fields["utterance"] = {**utterance, "text": _STAND_IN}
        elif row["kind"] == "key_pressed" and fields["digit"] == "*" and (at := fields.get("position")) is not None:
            stretches.append((max(0, at - BEFORE_KEY), at + AFTER_KEY))
        masker.row(row["kind"], fields)
    if not whole:
        stretches.append((judged, TO_THE_END))
    return [*masker.spans, *stretches]
