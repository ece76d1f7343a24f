"""The sound the kit plays: a tone, as a prompt file."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

from speech.audio import TELEPHONE

SHORT_MS, LONG_MS = 200, 20_000
"""One that is played to its end, and one that outlasts the check that stops it."""

_HERTZ, _PEAK = 440, 8000


def write_tone(path: Path, milliseconds: int) -> int:
    """A prompt of so much tone; returns its length in samples."""
    count = TELEPHONE.rate * milliseconds // 1000
    samples = _PEAK * np.sin(np.arange(count) * 2 * np.pi * _HERTZ / TELEPHONE.rate)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(TELEPHONE.rate)
        file.writeframes(samples.astype("<i2").tobytes())
    path.chmod(0o644)  # the switch runs as another user
    return count
