"""The customer's side of a call, encrypted as it comes: grows, may be silenced in places, and is read again.

Chunks as in `sealed_file.py`, none of them the last. What a dead process left is whole but for its last half second.
"""

from __future__ import annotations

import os
from typing import IO

from bot.call.sealed_file import CHUNK, RECORD, Seal


class SealedTrack:
    """One file's sound; positions in bytes."""

    def __init__(self, file: IO[bytes], seal: Seal) -> None:
        """`file` has the seal's header, and perhaps the chunks that a dead process wrote. Raises `OSError`."""
        self._file = file
        self._seal = seal
        self._rest = bytearray()
        self._number, torn = divmod(file.seek(0, os.SEEK_END) - seal.place(0), RECORD)
        self._take_back(torn)

    def _take_back(self, torn: int) -> None:
        """A shorter chunk at the end, where the dead process wrote it whole; else what was torn is dropped."""
        if not torn:
            return
        self._file.seek(self._seal.place(self._number))
        data = self._seal.open(self._number, self._file.read(torn))
        if data is None:
            self._file.truncate(self._seal.place(self._number))
        else:
            self._rest += data

    def write(self, data: bytes) -> None:
        self._rest += data
        while len(self._rest) >= CHUNK:
            self._put(self._number, bytes(self._rest[:CHUNK]))
            self._number += 1
            del self._rest[:CHUNK]

    def flush(self) -> None:
        """Write what waits for its chunk to become full, too."""
        self.write(b"")  # full chunks that found no room when they came
        if self._rest:
            self._put(self._number, bytes(self._rest))

    def blank(self, start: int, end: int) -> None:
        """Zero the bytes from `start` to before `end`, in place: that needs no room on the disk."""
        for number in range(start // CHUNK, min(self._number, -(-end // CHUNK))):
            data = bytearray(self._chunk(number))
            _zero(data, start - number * CHUNK, end - number * CHUNK)
            self._put(number, bytes(data))
        _zero(self._rest, start - self._number * CHUNK, end - self._number * CHUNK)

    def read(self) -> bytes:
        """All of it. A chunk that cannot be opened is silence: its writing may have been cut off by a crash."""
        return b"".join(self._chunk(number) for number in range(self._number)) + bytes(self._rest)

    def _chunk(self, number: int) -> bytes:
        self._file.seek(self._seal.place(number))
        data = self._seal.open(number, self._file.read(RECORD))
        return bytes(CHUNK) if data is None else data

    def _put(self, number: int, data: bytes) -> None:
        self._file.seek(self._seal.place(number))
        self._file.write(self._seal.close(number, data))


def _zero(data: bytearray, start: int, end: int) -> None:
    start, end = max(0, start), min(len(data), end)
    if start < end:
        data[start:end] = bytes(end - start)
