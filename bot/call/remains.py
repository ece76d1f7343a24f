"""What a process that died in mid-call left of the customer's voice: finished, as far as its tape vouches for it.

The raw side of the recording holds what the customer said unmasked. Its tape does not; but the tape's rows say where
a masked word was, so the same stretches are silenced as at the end of any call, and all that came after the last
utterance the tape holds, which nobody has judged. The tape itself stays as it is: not closed.
"""

from __future__ import annotations

import fcntl
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any

import structlog

from bot.call.customer_track import SEALED_TRACK, TRACK, CustomerTrack, take_over
from bot.call.keyring import NO_KEYS, Keyring, SealError
from bot.call.masking import AFTER_KEY, BEFORE_KEY, TO_THE_END, Masker
from bot.call.recording import finish, recording_beside, recording_path, seal_for, silence_in
from bot.call.tape import TapeError, read_tape

log = structlog.get_logger(__name__)

_MASKED = re.compile(r"<(?:\d+ digits?|text) #\d+>|<speech>")
_STAND_IN = "777"
"""In place of what was masked, so that the masker finds it again."""


def finish_remains(folder: Path, keys: Keyring = NO_KEYS) -> None:
    """Go over the tapes of a folder; what calls under way are writing is locked, and left alone.

    What was sealed stays so, under the key for new recordings, or its own where these are not sealed. What cannot be
    finished is told in the log and holds nothing up: a full disk is no reason not to start.
    """
    for path in sorted([*folder.glob(f"*{TRACK}"), *folder.glob(f"*{SEALED_TRACK}")]):
        call = path.name.removesuffix(SEALED_TRACK).removesuffix(TRACK)
        try:
            with path.open("r+b", buffering=0) as file:
                if _locked(file):
                    _finish(path, file, call, keys)
        except OSError as error:
            log.error("remains_not_finished", call=call, error=error, remedy="make room for tapes, and start again")
        except SealError as error:
            log.error("remains_locked", call=call, error=error, remedy="see [recordings.keys], and start again")


def _locked(file: IO[bytes]) -> bool:
    """Whether the file was nobody's and is now ours, until it is closed."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _finish(path: Path, file: IO[bytes], call: str, keys: Keyring) -> None:
    tape = path.with_name(f"{call}.jsonl")
    if recording_beside(tape) is not None:  # it is whole, with both sides
        path.unlink(missing_ok=True)
        return
    track = take_over(path, file, keys)
    if not track.read():  # nobody answered
        track.remove()
        return
    try:
        rows = read_tape(tape)[1]
        closed = bool(rows) and rows[-1]["kind"] == "tape_closed"
        stretches = silences(rows, whole=closed)
    except (TapeError, LookupError, TypeError, ValueError, AttributeError) as error:
        track.remove()
        log.warning("remains_removed", call=call, error=error, why="no tape says what must be silent in them")
        return
    if closed:  # the disk had no room for the recording, and the tape says that there is none: the raw side is all
        silence_in(track, stretches)
        return
    _finish_recording(track, tape, stretches, keys)
    tape.with_suffix(".reserve").unlink(missing_ok=True)
    log.warning("remains_finished", call=call, why="the process died in mid-call; the bot's side is not in them")


def _finish_recording(track: CustomerTrack, tape: Path, stretches: list[tuple[int, int]], keys: Keyring) -> None:
    keys = keys if keys.current is not None else keys.using(track.key_name)
    finish(track, recording_path(tape, keys), stretches, seal=seal_for(tape, keys))
    track.remove()


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
