"""WAV files in the one kind used here: L16, one channel; a call's recording has two, read as two frames."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np

from speech.audio import AudioFormat, Frame


class WavError(ValueError):
    """The file is not a WAV this product reads; the message names the file and the remedy."""


@dataclass(frozen=True, slots=True)
class WavInfo:
    """What a file holds: `samples` per channel."""

    format: AudioFormat
    channels: int
    samples: int

    @property
    def duration_ms(self) -> float:
        return self.format.ms_for(self.samples)


def inspect(path: Path) -> WavInfo:
    """Read the header and check that the file is as long as it says. Raises `WavError` or `OSError`."""
    with _opened(path) as file:
        return _info(path, file)


def read(path: Path) -> Frame:
    """The only channel of a mono file, at position 0."""
    info, data = _contents(path, channels=1)
    return Frame(info.format, data)


def read_stereo(path: Path, content: bytes | None = None) -> tuple[Frame, Frame]:
    """The left and the right channel of a two-channel file, both at position 0.

    `content` is the file's, where it does not lie there as it is.
    """
    info, data = _contents(path, channels=2, content=content)
    both = np.frombuffer(data, dtype="<i2").reshape(-1, 2)
    return Frame.of(both[:, 0], info.format.rate), Frame.of(both[:, 1], info.format.rate)


def write(path: Path, frame: Frame) -> None:
    """Write an L16 frame as a mono file, replacing what was there. Raises `OSError` where the disk refuses."""
    AudioFormat(frame.format.rate).require(frame.format, "wav.write")
    _write(path, frame.data, frame.format.rate, channels=1)


def write_stereo(path: Path, left: Frame, right: Frame) -> None:
    """Write two L16 frames of one rate as the two channels of a file; the shorter ends in silence."""
    AudioFormat(left.format.rate).require(left.format, "wav.write_stereo")
    left.format.require(right.format, "wav.write_stereo")
    both = np.zeros((max(len(left), len(right)), 2), dtype="<i2")
    both[: len(left), 0] = left.samples()
    both[: len(right), 1] = right.samples()
    _write(path, both.tobytes(), left.format.rate, channels=2)


def _write(path: Path, data: bytes, rate: int, channels: int) -> None:
    with path.open("wb") as target, wave.open(target, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(data)


@contextmanager
def _opened(path: Path, content: bytes | None = None) -> Iterator[wave.Wave_read]:
    try:
        with path.open("rb") if content is None else BytesIO(content) as source, wave.open(source, "rb") as file:
            yield file
    except (wave.Error, EOFError) as error:
        reason = str(error) or "the file ends inside its header"
        raise WavError(f"{path} is not a PCM WAV file ({reason}); {_remedy(1)}") from error


def _info(path: Path, file: wave.Wave_read, content: bytes | None = None) -> WavInfo:
    if file.getsampwidth() != 2:
        raise WavError(f"{path} has samples of {8 * file.getsampwidth()} bits, not 16; {_remedy(file.getnchannels())}")
    try:
        format = AudioFormat(file.getframerate())
    except ValueError as error:
        raise WavError(f"{path}: {error}; {_remedy(file.getnchannels())}") from error
    header_bytes = 44  # the shortest header there is
    promised = file.getnframes() * file.getnchannels() * 2
    size = path.stat().st_size if content is None else len(content)
    if size < header_bytes + promised:
        raise WavError(f"{path} is cut short: its header promises {file.getnframes()} samples; make the file anew")
    return WavInfo(format, file.getnchannels(), file.getnframes())


def _contents(path: Path, channels: int, content: bytes | None = None) -> tuple[WavInfo, bytes]:
    with _opened(path, content) as file:
        info = _info(path, file, content)
        if info.channels != channels:
            raise WavError(f"{path} has {info.channels} channels, not {channels}; {_remedy(channels)}")
        return info, file.readframes(info.samples)


def _remedy(channels: int) -> str:
    return f"convert it, e.g. ffmpeg -i in.wav -ac {channels} -c:a pcm_s16le out.wav"
