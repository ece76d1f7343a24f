"""The customer's side while a call lasts: written as it arrives, so that a crash loses nothing of it.

With a key it is sealed in chunks (`sealed_track.py`), and a crash loses the half second whose chunk was not full. The
file is locked for as long as the call lasts: an unlocked one is what a dead process left.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO, Protocol

from bot.call.keyring import Keyring
from bot.call.sealed_file import Seal
from bot.call.sealed_track import SealedTrack

TRACK = ".customer.l16"
SEALED_TRACK = ".customer.l16.sealed"


class _Sound(Protocol):
    """Positions in bytes. Everything may raise `OSError`."""

    def write(self, data: bytes) -> None: ...
    def flush(self) -> None: ...
    def blank(self, start: int, end: int) -> None: ...
    def read(self) -> bytes: ...


class CustomerTrack:
    """One call's. `key_name` is of the key it is sealed with, None where it is not."""

    def __init__(self, path: Path, file: IO[bytes], sound: _Sound, key_name: str | None) -> None:
        self.path = path
        self.key_name = key_name
        self._file = file
        self.write = sound.write
        self.flush = sound.flush
        self.blank = sound.blank
        self.read = sound.read

    def close(self) -> None:
        self._file.close()

    def remove(self) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)


class _Plain:
    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, data: bytes) -> None:
        self._file.write(data)

    def flush(self) -> None:
        """The file has no buffer."""

    def blank(self, start: int, end: int) -> None:
        size = self._file.seek(0, os.SEEK_END)
        self._file.seek(start)
        self._file.write(bytes(max(0, min(end, size) - start)))

    def read(self) -> bytes:
        self._file.seek(0)
        return self._file.read()


def begin_track(recording: Path, keys: Keyring) -> CustomerTrack:
    """For the call whose recording will be at `recording`. Raises `OSError`."""
    if keys.current is None:
        path = recording.with_suffix(TRACK)
        file = _new_and_locked(path, b"")
        return CustomerTrack(path, file, _Plain(file), None)
    path = recording.with_suffix(SEALED_TRACK)
    seal = Seal.new(keys, keys.current, path)
    file = _new_and_locked(path, seal.header)
    return CustomerTrack(path, file, SealedTrack(file, seal), keys.current)


def take_over(path: Path, file: IO[bytes], keys: Keyring) -> CustomerTrack:
    """What a dead process left at `path`, open for reading and writing. Raises `OSError` and `SealError`."""
    if not path.name.endswith(SEALED_TRACK):
        return CustomerTrack(path, file, _Plain(file), None)
    seal = Seal.of(file, keys, path)
    return CustomerTrack(path, file, SealedTrack(file, seal), seal.key_name)


def _new_and_locked(path: Path, header: bytes) -> IO[bytes]:
    """Locked, and begun, before it has its name: under that name nobody finds it otherwise while the call lasts."""
    nameless = path.with_suffix(".new")
    file = nameless.open("w+b", buffering=0)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        file.write(header)
        nameless.rename(path)
    except OSError:
        file.close()
        raise
    return file
