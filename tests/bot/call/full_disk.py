"""A file on a disk that is full, to put in the place of a tape's own."""

from __future__ import annotations

import errno
from pathlib import Path


class FullDisk:
    """Takes the first half of a line, then says that the disk is full."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")

    def write(self, text: str) -> int:
        self._file.write(text[: len(text) // 2])
        self._file.flush()
        raise OSError(errno.ENOSPC, "No space left on device")

    def flush(self) -> None: ...

    def close(self) -> None:
        self._file.close()
