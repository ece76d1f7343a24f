"""Making prompts equally loud and fit for a telephone line, whichever engine spoke them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from speech.audio import Frame

TARGET_DB = -20.0
"""Level of the speech itself, pauses left out, in dBFS: 6 dB above the -26 dBov at which telephone codecs are
tested, since prompts compete with the noise of a street, and still with room for the peaks of a voice."""

PEAK_DB = -3.0
"""No sample goes above; a voice of uneven level comes out softer rather than clipped."""

LOW_CUT_HZ = (150.0, 250.0)
"""Between these the sound fades in: what is below a telephone does not carry, but it takes up level."""

_PART_MS = 20
_PAUSE_DB = -30.0  # parts this far below the loudest are pauses


def for_the_telephone(frame: Frame) -> Frame:
    """The whole prompt (L16) without what lies below the telephone band, at `TARGET_DB`."""
    sound = _low_cut(frame.samples().astype(np.float64) / 32768, frame.format.rate)
    level = active_level_db(sound, frame.format.rate)
    if level is None:
        return frame
    gain_db = TARGET_DB - level
    peak_db = 20 * np.log10(np.abs(sound).max())
    gain = 10 ** (min(gain_db, PEAK_DB - peak_db) / 20)
    return Frame.of(np.rint(sound * gain * 32768).astype(np.int16), frame.format.rate, frame.position)


def active_level_db(sound: NDArray[np.float64], rate: int) -> float | None:
    """RMS level of what is not pause, in dBFS, for samples in -1..1; None for silence."""
    size = rate * _PART_MS // 1000
    parts = np.pad(sound, (0, -len(sound) % size)).reshape(-1, size)
    power = (parts**2).mean(axis=1)
    if not len(power) or power.max() < 1e-9:
        return None
    return float(10 * np.log10(power[power > power.max() * 10 ** (_PAUSE_DB / 10)].mean()))


def _low_cut(sound: NDArray[np.float64], rate: int) -> NDArray[np.float64]:
    low, high = LOW_CUT_HZ
    spectrum = np.fft.rfft(sound)
    hertz = np.fft.rfftfreq(len(sound), 1 / rate)
    fade = np.clip((hertz - low) / (high - low), 0.0, 1.0)
    return np.fft.irfft(spectrum * np.sin(np.pi / 2 * fade) ** 2, len(sound))
