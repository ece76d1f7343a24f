"""Sound files as the simulated switch plays them: 8 kHz mono, whatever rate the file has.

Playable, as on a real FreeSWITCH without mod_shout: 16-bit WAV of any rate, and headerless `.r8` and `.r16`.
Everything else is not found, as the switch reports it.
"""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import soxr  # type: ignore[import-untyped]

from speech.audio import Samples

CHANNEL_RATE = 8000
"""Rate of a channel (G.711) in Hz; positions in a playback count samples at this rate."""

TICK_MS = 20
TICK_SAMPLES = CHANNEL_RATE * TICK_MS // 1000

_RAW_RATES = {".r8": 8000, ".r16": 16000}


class NotPlayable(Exception):
    """A file that is missing or that the switch cannot open; the message names it and says why."""


def load_sound(path: Path) -> Samples:
    """The file as 8 kHz mono samples. Raises `NotPlayable`."""
    try:
        if path.suffix in _RAW_RATES:
            samples, rate = _read_raw(path), _RAW_RATES[path.suffix]
        elif path.suffix == ".wav":
            samples, rate = _read_wav(path)
        else:
            raise NotPlayable(f"{path}: the switch plays .wav, .r8 and .r16 files")
    except (OSError, wave.Error, EOFError) as error:
        raise NotPlayable(f"{path}: {error}") from error
    if rate == CHANNEL_RATE:
        return samples
    resampled: Samples = soxr.resample(samples, rate, CHANNEL_RATE)
    return resampled


def _read_raw(path: Path) -> Samples:
    data = path.read_bytes()
    return np.frombuffer(data[: len(data) // 2 * 2], dtype="<i2")


def _read_wav(path: Path) -> tuple[Samples, int]:
    with wave.open(str(path), "rb") as wav:
        if wav.getsampwidth() != 2:
            raise NotPlayable(f"{path}: {8 * wav.getsampwidth()} bits a sample; write 16")
        channels = wav.getnchannels()
        samples: Samples = np.frombuffer(wav.readframes(wav.getnframes()), dtype="<i2")
        if channels > 1:
            samples = samples.reshape(-1, channels).mean(axis=1).astype(np.int16)
        return samples, wav.getframerate()
