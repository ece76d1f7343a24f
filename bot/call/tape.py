"""The tape: every event, decision and measurement of one call, in order, one JSON object a line.

The first line is the header with the versions of everything that spoke or decided. Each further line has
`n` (its number), `t` (milliseconds since the call began, monotonic), `dir` (`event`: what came into the
turn-taking core, `command`: what it decided, `note`: what a shell measured), `kind`, and its fields.
Transcript, latency and outcome are derived from it (`transcript.py`), never stored beside it.

Each line ends with `hash`, which is made from the line and the hash of the line before it, and the last line of a
finished tape is the note `tape_closed` with the number of lines and the hash of the recording: `verify_tape`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from enum import Enum, StrEnum
from pathlib import Path
from typing import IO, Any, Literal

from bot.call.recording import recording_beside
from bot.hash_chain import chained, link_of

Direction = Literal["event", "command", "note"]

Observe = Callable[[Mapping[str, Any]], None]
"""Is told each line of a tape."""

RESERVE_BYTES = 256 * 1024
"""Set aside beside the tape, so that a full disk still leaves room to write how the call ended."""

Fields = dict[str, Any]


class TapeError(Exception):
    """The tape cannot be written or read; the message names the file."""


class TapeState(StrEnum):
    """What `verify_tape` found first."""

    INTACT = "intact"
    ALTERED = "altered"  # a line does not follow from the one before it
    LINES_MISSING = "lines_missing"
    NOT_CLOSED = "not_closed"  # its end was cut off, or the process died
    RECORDING_MISSING = "recording_missing"
    RECORDING_ALTERED = "recording_altered"  # it is not the one that the tape was closed with


@dataclasses.dataclass(frozen=True, slots=True)
class Verification:
    """`line`: where the chain breaks, counted from 1 as an editor does. `lines`: whole lines in the file.

    `last_hash` stands for the whole tape as far as it was followed: kept elsewhere, it shows that nobody wrote the
    tape anew.
    """

    state: TapeState
    lines: int
    last_hash: str
    line: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class TapeClosed:
    """The last line. `lines` counts the header and this one; `recording` is the file's SHA-256, None without one."""

    lines: int
    recording: str | None


class Tape:
    """Appends lines and flushes each to the system: what is on the tape survives the process.

    On the event loop, because it is cheap: a line with its flush takes 12 µs (p99 29 µs; the flush alone is 1 µs),
    opening a tape with its reserve 0.15 ms (p99 1 ms, before the dial). Measured on a local disk, 20,000 lines.
    """

    def __init__(
        self,
        path: Path,
        header: Mapping[str, Any],
        observe: Observe = lambda _: None,
        mask: Callable[[str, Fields], Fields] = lambda _, fields: fields,
    ) -> None:
        """`observe` sees each line as it is written; `mask(kind, fields)` gives the fields that may be written.

        Raises `TapeError` where the folder cannot be written.
        """
        self.path = path
        self._observe = observe
        self._mask = mask
        self._count = 0
        self._size = 0  # of the whole lines, in bytes
        self._at = 0.0
        self._hash = ""
        self._reserve = path.with_suffix(".reserve")
        self._file: IO[str] | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._reserve.write_bytes(bytes(RESERVE_BYTES))
            self._file = path.open("x", encoding="utf-8")
        except OSError as error:
            raise TapeError(f"the tape {path} cannot be written: {error.strerror}") from error
        self._write({"n": 0, "tape": 1, **header})

    def write(self, t: float, direction: Direction, item: Any) -> None:
        """Append a dataclass under its snake-case name. Raises `TapeError` once no room is left at all."""
        self._count += 1
        self._at = t
        kind = kind_of(type(item))
        fields = self._mask(kind, {field.name: _plain(getattr(item, field.name)) for field in dataclasses.fields(item)})
        row = {"n": self._count, "t": round(t, 1), "dir": direction, "kind": kind, **fields}
        self._write(row)
        self._observe(row)

    def note_after(self, item: Any) -> None:
        """Append a note that belongs to no moment of the call, under the time of the last line. Raises `TapeError`."""
        self.write(self._at, "note", item)

    def _write(self, line: Mapping[str, Any]) -> None:
        if self._file is None:
            raise TapeError(f"the tape {self.path} is closed")
        text, link = chained(self._hash, line)
        whole = f"{text}\n"
        try:
            self._append(self._file, whole)
        except OSError as error:
            self._use_reserve(whole, link, error)
        self._hash = link

    def _append(self, file: IO[str], whole: str) -> None:
        file.write(whole)
        file.flush()
        self._size += len(whole.encode())

    def _use_reserve(self, whole: str, link: str, error: OSError) -> None:
        """The disk is full: free the reserve, write on, and tell the call, which must end now. Raises `TapeError`.

        A disk that fails in another way has nothing to free; then the tape ends behind its last whole line.
        """
        try:
            self._let_go()
            self._reserve.unlink()
            self._file = self.path.open("a", encoding="utf-8")
            self._append(self._file, whole)
        except OSError:
            with contextlib.suppress(OSError):
                self._let_go()
            raise TapeError(f"the tape {self.path} cannot be written: {error.strerror}") from error
        self._hash = link
        raise TapeError(f"the disk under {self.path} is full ({error.strerror}); the tape is on its reserve")

    def _let_go(self) -> None:
        """Close the file behind its last whole line: what failed to be written must not surface between later ones."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
            self._file = None
        if self.path.stat().st_size > self._size:
            os.truncate(self.path, self._size)

    def close(self, recording: Path | None = None) -> None:
        """Write the last line, with the hash of the finished `recording`, and let go of the file.

        Never raises: a tape that has no room for its last line, or whose recording cannot be read, stays not closed.
        """
        if self._file is not None:
            with contextlib.suppress(TapeError, OSError):
                self.note_after(TapeClosed(self._count + 2, None if recording is None else _hash_of(recording)))
            with contextlib.suppress(OSError):
                self._let_go()
        with contextlib.suppress(OSError):
            self._reserve.unlink(missing_ok=True)


def read_tape(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Header and lines, without their hashes. A torn last line (the process died while writing) is left out.

    Raises `TapeError` for anything that is not a tape, naming the line.
    """
    if path.is_dir():
        raise TapeError(f"{path} is a folder; name one tape in it, a .jsonl file")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TapeError(f"{path}: cannot be read: {error}") from error
    lines = text.split("\n")
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(lines[:-1] if text.endswith("\n") else lines, start=1):
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            if number == len(lines) and not text.endswith("\n"):
                break
            raise TapeError(f"{path}:{number}: not a line of a tape ({error.msg})") from error
        rows.append(row)
    if not rows or not isinstance(rows[0], dict) or rows[0].get("tape") != 1:
        raise TapeError(f"{path}: not a tape (its first line is no tape header)")
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise TapeError(f"{path}:{number}: not a line of a tape (it is no JSON object)")
        row.pop("hash", None)
    return rows[0], rows[1:]


def verify_tape(path: Path) -> Verification:
    """Follow the chain of a tape, and compare the recording beside it, as the file is, with the one it was closed with.

    A sealed one needs no key for that. Raises `TapeError` for anything that is not a tape.
    """
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
        recording = recording_beside(path)
        found = None if recording is None else _hash_of(recording)
    except OSError as error:
        raise TapeError(f"{path}: cannot be read: {error.strerror}") from error
    lines = text.split("\n")
    header = _row(lines[0])
    if header is None or header.get("tape") != 1:
        raise TapeError(f"{path}: not a tape (its first line is no tape header)")
    return verify(lines[:-1], found, torn=lines[-1] != "")


def verify(lines: Sequence[str], recording: str | None, *, torn: bool = False) -> Verification:
    """The same from whole lines and the SHA-256 of the recording that is there. `torn`: a piece of a line follows."""
    previous = ""
    rows: list[Fields] = []
    for number, line in enumerate(lines):
        row, link = _row(line), link_of(previous, line)
        if rows and rows[-1].get("kind") == "tape_closed":
            return Verification(TapeState.ALTERED, len(lines), previous, number + 1)
        if row is None or row.get("n") != number or link is None:
            state = TapeState.LINES_MISSING if _left_out(number, lines[number:]) else TapeState.ALTERED
            return Verification(state, len(lines), previous, number + 1)
        previous = link
        rows.append(row)
    return Verification(_end_state(rows[-1] if rows else {}, recording, torn), len(lines), previous)


def _left_out(number: int, rest: Sequence[str]) -> bool:
    """Whether line `number` is nowhere in the rest, which begins with a later one."""
    found = [(_row(line) or {}).get("n") for line in rest]
    return isinstance(found[0], int) and found[0] > number and number not in found


def _end_state(last: Mapping[str, Any], recording: str | None, torn: bool) -> TapeState:
    if last.get("kind") != "tape_closed":
        return TapeState.NOT_CLOSED
    if torn:
        return TapeState.ALTERED
    if last.get("lines") != last["n"] + 1:
        return TapeState.LINES_MISSING
    if last.get("recording") == recording:
        return TapeState.INTACT
    return TapeState.RECORDING_MISSING if recording is None else TapeState.RECORDING_ALTERED


def _row(line: str) -> Fields | None:
    try:
        row = json.loads(line)
    except json.JSONDecodeError:
        return None
    return row if isinstance(row, dict) else None


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def kind_of(cls: type) -> str:
    """`VoiceStarted` is `voice_started` on the tape."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in cls.__name__).lstrip("_")


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {"kind": kind_of(type(value)), **fields}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return round(value, 4)
    return value
