"""The ledger of a script: what happened to its versions, one chained JSON line each, in `ledger.jsonl`.

It is only ever appended to, by one process at a time, and each line is on the disk before anybody acts upon it. Who
writes in it obeys the state machine; who reads it follows chain and state machine, and trusts nothing that breaks one.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from bot.hash_chain import chained, link_of
from bot.studio.events import EVENT, Event
from bot.studio.standing import NotAllowed, Standing, step

FILE_NAME = "ledger.jsonl"


class LedgerError(Exception):
    """The ledger is not what was written; the message names file, line and remedy."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a ledger holds: its events, where they lead, and its last hash. `size`: of its whole lines, in bytes."""

    events: tuple[Event, ...] = ()
    standing: Standing = field(default_factory=Standing)
    last_hash: str = ""
    size: int = 0


class Ledger:
    def __init__(self, folder: Path) -> None:
        """`folder` is the script's; it is made when the first line is written."""
        self.path = folder / FILE_NAME
        self._seen: tuple[tuple[int, int], Written] | None = None

    def read(self) -> Written:
        """Read anew where the file has changed. Raises `LedgerError`."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return Written()
        mark = (status.st_mtime_ns, status.st_size)
        if self._seen is None or self._seen[0] != mark:
            self._seen = (mark, self._parsed(self.path.read_text(encoding="utf-8", errors="replace")))
        return self._seen[1]

    @property
    def standing(self) -> Standing:
        return self.read().standing

    def record(self, *events: Event) -> Standing:
        """Append what happened, all of it or nothing. Raises `NotAllowed` and `LedgerError`."""
        with self._locked() as file:
            written = self._parsed(file.read().decode(errors="replace"))
            standing, link, number = written.standing, written.last_hash, len(written.events)
            lines = []
            for event in events:
                standing = step(standing, event)
                line, link = chained(link, {"n": number, **event.model_dump(mode="json")})
                lines.append(f"{line}\n")
                number += 1
            file.seek(written.size)
            file.truncate()  # half a line, of a process that died while it wrote
            file.write("".join(lines).encode())
            file.flush()
            os.fsync(file.fileno())
        return standing

    @contextmanager
    def _locked(self) -> Iterator[IO[bytes]]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # until it is closed
            file.seek(0)
            yield file

    def _parsed(self, text: str) -> Written:
        lines = text.split("\n")[:-1]  # what follows the last line end was never finished
        events: list[Event] = []
        standing, link = Standing(), ""
        for number, line in enumerate(lines):
            found = link_of(link, line)
            if found is None:
                raise self._broken(number, "does not follow from the line before it")
            link = found
            try:
                event = _event(line, number)
                standing = step(standing, event)
            except (ValueError, NotAllowed) as error:
                raise self._broken(number, f"cannot have happened ({_first_line(error)})") from None
            events.append(event)
        size = len("".join(f"{line}\n" for line in lines).encode())
        return Written(tuple(events), standing, link, size)

    def _broken(self, number: int, what: str) -> LedgerError:
        return LedgerError(
            f"{self.path}:{number + 1}: {what}, so that nobody can tell which version is approved; put back the file "
            "from a backup"
        )


def _event(line: str, number: int) -> Event:
    row = json.loads(line)
    if row.pop("n", None) != number:
        raise ValueError("its number is another")
    row.pop("hash")
    return EVENT.validate_python(row, strict=False)


def _first_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors(include_input=False))
    return str(error)


def ledgers(studio: Path) -> Sequence[str]:
    """The scripts that have one."""
    return sorted(path.parent.name for path in studio.glob(f"*/{FILE_NAME}"))
