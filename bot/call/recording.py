"""The call's audio: customer on the left, bot on the right, one timeline in samples at 8 kHz.

The customer's side is written as it arrives, so that a crash loses nothing of it; the bot's side is laid
over it from the playouts that were heard when the call ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from speech.audio import TELEPHONE, Frame, Samples

RAW_SUFFIX = ".customer.l16"
"""The customer's side while the call lasts. Locked for as long: an unlocked one is what a dead process left."""


class RecordingError(Exception):
    """The recording cannot be written; the message names the file."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The first `length` samples of a WAV file sounded from `position` on."""

    position: int
    file: IO[bytes]
    length: int


class Recording:
    def __init__(self, path: Path) -> None:
        """`path` is the WAV file that `close` makes. Raises `RecordingError`."""
        self.path = path
        self._raw_path = path.with_suffix(RAW_SUFFIX)
        self._heard: list[Heard] = []
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._raw = _new_and_locked(self._raw_path)
        except OSError as error:
            raise RecordingError(f"the recording {path} cannot be written: {error.strerror}") from error

    def customer(self, frame: Frame) -> None:
        """Append the customer's next frame. Raises `RecordingError`, as when the disk is full.

        On the event loop: 20 ms of sound take 1 µs (p99 3 µs, of 15,000 frames on a local disk).
        """
        TELEPHONE.require(frame.format, "the recording")
        try:
            self._raw.write(frame.data)
        except OSError as error:
            raise RecordingError(f"the recording {self.path} cannot be written: {error}") from error

    def discard(self) -> None:
        """Nobody answered: leave nothing behind."""
        with contextlib.suppress(OSError):  # what cannot be removed now is when the platform starts again
            self._raw.close()
            self._raw_path.unlink(missing_ok=True)

    def bot(self, position: int, path: Path, heard: int) -> None:
        """The first `heard` samples of the WAV file at `path` sounded from `position` on.

        The position is negative for what sounded before the customer's audio began to arrive. The file is only opened
        here, on the event loop, for it may be removed before `close` reads it: 7 µs. Raises `RecordingError`.
        """
        try:
            self._heard.append(Heard(position, path.open("rb"), heard))
        except OSError as error:
            raise RecordingError(f"the recording {self.path} lacks what {path} said: {error}") from error

    def close(self, silence: Sequence[tuple[int, int]] = ()) -> Path:
        """Write the two-channel file and return its path. Raises `RecordingError`; the raw side then stays.

        `silence`: stretches of the customer's side, as samples (first, one past the last), to be zero in what stays.
        For a thread: five minutes take 30 to 40 ms.
        """
        try:
            finish(self._raw, self.path, silence, self._heard)
            self._raw_path.unlink()
        except (OSError, EOFError, wave.Error) as error:
            raise RecordingError(f"the recording {self.path} cannot be written: {error}") from error
        finally:
            for each in (self._raw, *(heard.file for heard in self._heard)):
                with contextlib.suppress(OSError):
                    each.close()
        return self.path


def _new_and_locked(path: Path) -> IO[bytes]:
    """Locked before it has its name: under that name nobody finds it unlocked while the call lasts."""
    nameless = path.with_suffix(".new")
    file = nameless.open("w+b", buffering=0)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        nameless.rename(path)
    except OSError:
        file.close()
        raise
    return file


def finish(raw: IO[bytes], path: Path, silence: Sequence[tuple[int, int]], bot: Sequence[Heard] = ()) -> None:
    """Silence the customer's side in `raw`, then write the two-channel file, whole or not at all.

    Raises `OSError`, and what a file of the bot's that is no WAV raises.
    """
    silence_in(raw, silence)
    raw.seek(0)
    customer = np.frombuffer(raw.read()[: _samples(raw) * 2], dtype="<i2")
    sounds = [(heard.position, _read_wav(heard.file)[: heard.length]) for heard in bot]
    length = max([len(customer), *(position + len(sound) for position, sound in sounds)])
    both = np.zeros((length, 2), dtype="<i2")
    both[: len(customer), 0] = customer
    for position, sound in sounds:
        inside = sound[max(0, -position) :]
        start = max(0, position)
        both[start : start + len(inside), 1] = inside
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as file, wave.open(file, "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(TELEPHONE.rate)
        out.writeframes(both.tobytes())
    unfinished.replace(path)


def silence_in(raw: IO[bytes], stretches: Sequence[tuple[int, int]]) -> None:
    """Before anything else that can fail: overwriting needs no room on the disk. Raises `OSError`."""
    samples = _samples(raw)
    for start, end in stretches:
        raw.seek(2 * start)
        raw.write(bytes(2 * max(0, min(end, samples) - start)))


def _samples(raw: IO[bytes]) -> int:
    """Whole ones: a process may die while it writes."""
    return raw.seek(0, os.SEEK_END) // 2


def _read_wav(file: IO[bytes]) -> Samples:
    with wave.open(file, "rb") as sound:
        return np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2")
