"""The windows of a line's sound: which are one frequency or a known pair, and how loud. Pure.

The sound is cut into windows of 50 ms, every 25 ms. A window is a *sound* when nearly all of its power is one
frequency, or one of two known pairs. All frequencies of a window come from one transform, which gives at each multiple
of 20 Hz what a Goertzel filter would, for less than thirty filters cost.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from speech.audio import TELEPHONE, Samples

WINDOW = TELEPHONE.samples_for_ms(50)
"""Long enough to keep 440 and 480 Hz apart; a beep of 150 ms still fills four."""
STEP = TELEPHONE.samples_for_ms(25)
BATCH = 8
"""Windows analysed at once, 200 ms of sound: one by one, the cost of calling numpy is most of the cost."""

BIN_HZ = TELEPHONE.rate / WINDOW
LOBE = 2
"""The bins to each side of a frequency that hold its power, given the Hann window."""
LOW_BIN, HIGH_BIN = round(360 / BIN_HZ), round(2140 / BIN_HZ)
PURE = 0.95
"""The share of a window's power that makes it a sound. A tone over G.711 has 0.999, over noise 15 dB below it 0.97."""
FLOOR_DB = -45.0
"""Quieter than this (RMS, full scale) nothing is a tone: 15 dB below the quietest that must be found."""
RING_BINS = (22, 24)  # 440 and 480 Hz
BUSY_BINS = (24, 31)  # 480 and 620 Hz
PAIR_SHARE = 0.1
"""Of a pair the weaker frequency has at least this part of the stronger one's power."""


class Sound(IntEnum):
    NONE = 0
    SINGLE = 1
    RING_PAIR = 2
    BUSY_PAIR = 3


class Window(NamedTuple):  # forty a second of each call
    start: int
    sound: Sound
    hertz: float  # of a single frequency
    level_db: float

    @property
    def end(self) -> int:
        return self.start + WINDOW


Rows: TypeAlias = NDArray[Any]
"""Shape [BATCH] or [BATCH, bins]: a row for each window of a batch."""

BATCH_SAMPLES = (BATCH - 1) * STEP + WINDOW
_WHERE = np.arange(BATCH)[:, None] * STEP + np.arange(WINDOW)[None, :]
_HANN = np.hanning(WINDOW + 1)[:-1].astype(np.float32)
_FULL_SCALE = np.float32(np.sum(_HANN.astype(float) ** 2) * WINDOW / 2 * 32768.0**2)
"""What the power of a window adds up to where every sample is full scale."""
_ROWS = np.arange(BATCH)
_AROUND = np.arange(-LOBE, LOBE + 1)


def analysed(samples: Samples, start: int) -> list[Window]:
    """`samples`: int16, shape [BATCH_SAMPLES], the first of them at `start`."""
    spectrum = np.fft.rfft(samples[_WHERE] * _HANN, axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    total = power.sum(axis=1) + 1e-9
    level = 10 * np.log10(total / _FULL_SCALE + 1e-12)
    peak = power[:, LOW_BIN:HIGH_BIN].argmax(axis=1) + LOW_BIN
    around = power[_ROWS[:, None], peak[:, None] + _AROUND]
    narrow = np.maximum(around.sum(axis=1), power[:, RING_BINS[0] - LOBE : BUSY_BINS[1] + LOBE + 1].sum(axis=1))
    maybe = (narrow >= PURE * total) & (level >= FLOOR_DB)
    if not maybe.any():  # speech and silence: most of a call
        return [Window(start + n * STEP, Sound.NONE, 0.0, db) for n, db in enumerate(level.tolist())]
    sounds = np.select(
        [~maybe, _is_ring_pair(power, total), _is_busy_pair(power, total), around.sum(axis=1) >= PURE * total],
        [Sound.NONE, Sound.RING_PAIR, Sound.BUSY_PAIR, Sound.SINGLE],
        Sound.NONE,
    )
    hertz = np.where(sounds == Sound.SINGLE, _frequency(peak, around), 0.0)
    rows = zip(sounds.tolist(), hertz.tolist(), level.tolist(), strict=True)
    return [Window(start + n * STEP, Sound(sound), hz, db) for n, (sound, hz, db) in enumerate(rows)]


def _frequency(peak: Rows, around: Rows) -> Rows:
    """Hertz of the tone whose strongest bin is `peak`: how a Hann window shares its power with the next bin tells."""
    below, at, above = around[:, LOBE - 1], around[:, LOBE], around[:, LOBE + 1]
    ratio = np.sqrt(np.maximum(below, above) / (at + 1e-9))
    shift = (2 * ratio - 1) / (ratio + 1)
    hertz: Rows = (peak + np.where(above >= below, shift, -shift)) * BIN_HZ
    return hertz


def _is_ring_pair(power: Rows, total: Rows) -> Rows:
    """440 and 480 Hz are two bins apart, and what lies between them depends on their phases."""
    low, high = RING_BINS
    first, between, second = power[:, low], power[:, low + 1], power[:, high]
    weaker, stronger = np.minimum(first, second), np.maximum(first, second)
    together = power[:, low - LOBE : high + LOBE + 1].sum(axis=1) >= PURE * total
    both: Rows = together & (weaker >= PAIR_SHARE * stronger) & (weaker >= 0.4 * between)
    return both


def _is_busy_pair(power: Rows, total: Rows) -> Rows:
    first, second = (power[:, at - LOBE : at + LOBE + 1].sum(axis=1) for at in BUSY_BINS)
    both: Rows = np.minimum(first, second) >= PAIR_SHARE * np.maximum(first, second)
    alone: Rows = first + second >= PURE * total
    return both & alone
