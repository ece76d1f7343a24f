"""The call's audio: customer on the left, bot on the right, one timeline in samples at 8 kHz.

The customer's side is written as it arrives (`customer_track.py`); the bot's side is laid over it from the playouts
that were heard when the call ends. With a key set, neither is ever on the disk unencrypted.
"""

from __future__ import annotations

import contextlib
import io
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from bot.call.customer_track import CustomerTrack, begin_track
from bot.call.keyring import NO_KEYS, Keyring
from bot.call.sealed_file import Seal, SealedWriter, unsealed
from speech.audio import TELEPHONE, Frame, Samples

SUFFIX = ".wav"
SEALED_SUFFIX = ".wav.sealed"


class RecordingError(Exception):
    """The recording cannot be written; the message names the file."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The first `length` samples of a WAV file sounded from `position` on."""

    position: int
    file: IO[bytes]
    length: int


class Recording:
    def __init__(self, path: Path, keys: Keyring = NO_KEYS) -> None:
        """`path` is the WAV file that `close` makes, sealed where there is a key. Raises `RecordingError`."""
        self._keys = keys
        self.path = recording_path(path, keys)
        self._heard: list[Heard] = []
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._track = begin_track(path, keys)
        except OSError as error:
            raise RecordingError(f"the recording {path} cannot be written: {error.strerror}") from error

    def customer(self, frame: Frame) -> None:
        """Append the customer's next frame. Raises `RecordingError`, as when the disk is full.

        On the event loop: 20 ms of sound take 2 µs (p99 4 µs, of 15,000 frames on a local disk); sealed, where
        a chunk is written every half second, 1 µs (p99 9 µs).
        """
        TELEPHONE.require(frame.format, "the recording")
        try:
            self._track.write(frame.data)
        except OSError as error:
            raise RecordingError(f"the recording {self.path} cannot be written: {error}") from error

    def discard(self) -> None:
        """Nobody answered: leave nothing behind."""
        with contextlib.suppress(OSError):  # what cannot be removed now is when the platform starts again
            self._track.remove()

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
            finish(self._track, self.path, silence, self._heard, seal_for(self.path, self._keys))
            self._track.remove()
        except (OSError, EOFError, wave.Error) as error:
            raise RecordingError(f"the recording {self.path} cannot be written: {error}") from error
        finally:
            with contextlib.ExitStack() as stack:
                for heard in self._heard:
                    stack.callback(heard.file.close)
                stack.callback(self._track.close)
        return self.path


def seal_for(path: Path, keys: Keyring) -> Seal | None:
    """For a new recording; None where they are not sealed."""
    return None if keys.current is None else Seal.new(keys, keys.current, path)


def finish(
    track: CustomerTrack,
    path: Path,
    silence: Sequence[tuple[int, int]],
    bot: Sequence[Heard] = (),
    seal: Seal | None = None,
) -> None:
    """Silence the customer's side, then write the two-channel file, whole or not at all.

    Raises `OSError`, and what a file of the bot's that is no WAV raises.
    """
    silence_in(track, silence)
    data = track.read()
    customer = np.frombuffer(data[: len(data) // 2 * 2], dtype="<i2")  # a process may die while it writes
    sounds = [(heard.position, _read_wav(heard.file)[: heard.length]) for heard in bot]
    length = max([len(customer), *(position + len(sound) for position, sound in sounds)])
    both = np.zeros((length, 2), dtype="<i2")
    both[: len(customer), 0] = customer
    for position, sound in sounds:
        inside = sound[max(0, -position) :]
        start = max(0, position)
        both[start : start + len(inside), 1] = inside
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as file:
        _write(file, both.tobytes(), seal)
    unfinished.replace(path)


def silence_in(track: CustomerTrack, stretches: Sequence[tuple[int, int]]) -> None:
    """Before anything else that can fail: overwriting needs no room on the disk. Raises `OSError`."""
    for start, end in stretches:
        track.blank(2 * start, 2 * end)
    track.flush()


def recording_path(tape: Path, keys: Keyring) -> Path:
    """Where the recording that belongs to a tape is written."""
    return tape.with_suffix(SUFFIX if keys.current is None else SEALED_SUFFIX)


def recording_beside(tape: Path) -> Path | None:
    """The recording that belongs to a tape, sealed or not; None where there is none."""
    kinds = (tape.with_suffix(suffix) for suffix in (SEALED_SUFFIX, SUFFIX))
    return next((path for path in kinds if path.exists()), None)


def open_recording(path: Path, keys: Keyring) -> IO[bytes]:
    """A recording of either kind as the WAV file it holds. Raises `OSError` and `SealError`."""
    if not path.name.endswith(SEALED_SUFFIX):
        return path.open("rb")
    with path.open("rb") as file:
        return io.BytesIO(b"".join(unsealed(file, keys, path)))


def _write(file: IO[bytes], both: bytes, seal: Seal | None) -> None:
    sound = io.BytesIO()
    with wave.open(sound, "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(TELEPHONE.rate)
        out.writeframes(both)
    if seal is None:
        file.write(sound.getbuffer())
        return
    writer = SealedWriter(file, seal)
    writer.write(sound.getvalue())
    writer.close()


def _read_wav(file: IO[bytes]) -> Samples:
    with wave.open(file, "rb") as sound:
        return np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2")
