"""The calls of one script, measured from a folder of tapes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bot.call.measured_tape import measured
from bot.call.measures import CallMeasures
from bot.call.tape import TapeError


class NothingToLearn(Exception):
    """No call is there that was asked about; the message says what there is instead."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One call and its tape; the recording of it, where there is one, lies beside the tape as `.wav`."""

    tape: Path
    measures: CallMeasures


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which calls are wanted. `since` is a day, which begins at midnight UTC."""

    script: str
    since: date | None = None
    language: str | None = None

    def takes(self, header: dict[str, Any]) -> bool:
        if header.get("script") != self.script or self.language not in {None, header.get("language")}:
            return False
        return self.since is None or _day(header) >= self.since


@dataclass(frozen=True, slots=True)
class Reading:
    """What a folder gave: the calls in the order of their dates, and why a tape was left out."""

    calls: tuple[Recorded, ...]
    left_out: tuple[str, ...]


def read_calls(
    folder: Path, wanted: Wanted, progress: Callable[[int, int], None] = lambda done, total: None
) -> Reading:
    """From the tapes in a folder, not in those below it. `progress` is told how many of how many have been read.

    Raises `NothingToLearn`, and `TapeError` where there is no such folder.
    """
    if not folder.is_dir():
        raise TapeError(f"{folder}: no such folder; name one that holds tapes (*.jsonl)")
    paths = sorted(folder.glob("*.jsonl"))
    calls: list[Recorded] = []
    left_out: list[str] = []
    there: Counter[str] = Counter()
    for number, path in enumerate(paths, 1):
        try:
            header = _header(path)
            there[str(header.get("script"))] += 1
            if wanted.takes(header):
                calls.append(Recorded(path, measured(path).measures))
        except TapeError as error:
            left_out.append(str(error))
        progress(number, len(paths))
    if not calls:
        raise NothingToLearn(_nothing(folder, wanted, there, left_out))
    calls.sort(key=lambda call: (call.measures.at or datetime.min.replace(tzinfo=UTC), call.tape.name))
    return Reading(tuple(calls), tuple(left_out))


def version_called(name: str, calls: Iterable[Recorded], option: str) -> str:
    """The version that a name or its beginning means. Raises `NothingToLearn` with those there are."""
    there = versions(calls)
    found = [version for version in there if version.startswith(name)]
    if len(found) == 1 or name in found:
        return name if name in found else found[0]
    said = "begins more than one version" if found else "no call was made with it"
    raise NothingToLearn(f"{option} {name}: {said}; these tapes have {', '.join(found or there)}")


def versions(calls: Iterable[Recorded]) -> list[str]:
    """The version of the latest call first."""
    return list(dict.fromkeys(call.measures.version for call in reversed(list(calls))))


def _header(path: Path) -> dict[str, Any]:
    """Only the first line is read: most tapes of a folder may be of another script. Raises `TapeError`."""
    try:
        with path.open(encoding="utf-8") as file:
            header = json.loads(file.readline())
    except (OSError, ValueError) as error:
        raise TapeError(f"{path}: cannot be read as a tape ({type(error).__name__})") from error
    if not isinstance(header, dict) or header.get("tape") != 1:
        raise TapeError(f"{path}: not a tape (its first line is no tape header)")
    return header


def _day(header: dict[str, Any]) -> date:
    try:
        return datetime.fromisoformat(header["at"]).astimezone(UTC).date()
    except (KeyError, TypeError, ValueError):
        return date.min


def _nothing(folder: Path, wanted: Wanted, there: Counter[str], left_out: Sequence[str]) -> str:
    if not there and not left_out:
        return f"{folder}: there is no tape (*.jsonl) in this folder"
    if not there:
        return f"{folder}: none of {len(left_out)} tapes can be read; the first: {left_out[0]}"
    if wanted.script in there:
        narrowed = [f"--since {wanted.since}"] if wanted.since is not None else []
        narrowed += [f"--language {wanted.language}"] if wanted.language is not None else []
        if not narrowed:
            return f"{folder}: none of {there[wanted.script]} calls of {wanted.script} can be read: {left_out[0]}"
        return f"{folder}: has {there[wanted.script]} calls of {wanted.script}, but none with {' '.join(narrowed)}"
    counted = ", ".join(f"{count} of {name}" for name, count in there.most_common())
    return f"{folder}: has no call of {wanted.script}; there are {counted}"
