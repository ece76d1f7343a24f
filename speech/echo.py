"""Our own voice coming back: whether a sound is a copy of what was played, by the waves and not by the words.

A telephone returns some of what it plays, softer and a fraction of a second later. The copy has the same wave, which
no other speech has, not even of the same voice saying the same words. Pure.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from speech.audio import TELEPHONE, Samples

LATEST_MS = 900
"""How much later the copy may come: the echo itself, and how late one knows when a switch began to play."""

LONGEST_MS = 10_000
"""An echo ends with what is played. Whoever is heard for longer says something."""

WINDOW_MS, STEP_MS = 400, 200
"""What is compared at a time. One window that is no copy is somebody who spoke before the echo, after it or over it."""

LOUD = 1 / 16
"""The share of the loudest window's energy (-12 dB) from which a window counts; softer ones may be the line's noise."""

_Wave = NDArray[np.float64]


def likeness(heard: Samples, played: Samples) -> float:
    """How alike `heard` is to what was played, where it is least so: 1 for a copy, 0 for nothing of it.

    Both are 8 kHz. `played` goes from `LATEST_MS` before `heard` to its end.
    """
    length, step, before = (TELEPHONE.samples_for_ms(ms) for ms in (WINDOW_MS, STEP_MS, LATEST_MS))
    if not length <= len(heard) <= TELEPHONE.samples_for_ms(LONGEST_MS):
        return 0.0
    sound, source = _sharpened(heard), _sharpened(played)
    starts = range(0, len(sound) - length + 2, step)
    windows = [(sound[start : start + length], source[start : start + before + length]) for start in starts]
    loudest = max(_energy(window) for window, _ in windows)
    if not loudest:
        return 0.0
    return min(_best_fit(window, near) for window, near in windows if _energy(window) >= LOUD * loudest)


def _sharpened(samples: Samples) -> _Wave:
    """The differences of neighbours: high sounds count as much as the hum of the voice, which all voices share."""
    return np.diff(samples.astype(np.float64))


def _energy(wave: _Wave) -> float:
    return float(np.sum(wave**2))


def _best_fit(window: _Wave, source: _Wave) -> float:
    """The normalised cross-correlation at the place in `source` where it is greatest."""
    places = len(source) - len(window) + 1
    if places < 1:
        return 0.0
    products = np.fft.irfft(np.fft.rfft(source) * np.conj(np.fft.rfft(window, len(source))), len(source))[:places]
    sums = np.concatenate(([0.0], np.cumsum(source**2)))
    energies = sums[len(window) :] - sums[: -len(window)]
    floor = 1e-6 * max(float(energies.max()), 1.0)  # rounding leaves a little energy in silence
    return float(np.max(np.abs(products) / np.sqrt(np.maximum(energies, floor) * _energy(window))))
