"""Our own voice coming back: whether a sound is a copy of what was played, by the waves and not by the words.

A telephone returns some of what it plays, softer and a fraction of a second later. The copy has the same wave, which
no other speech has, not even of the same voice saying the same words. Pure.
"""

from __future__ import annotations

import numpy as np

from speech.audio import TELEPHONE, Samples

LATEST_MS = 900
"""How much later the copy may come: the echo itself, and how late one knows when a switch began to play."""

SHORTEST_MS = 150
"""Less sound is too little to compare."""

WINDOW_MS = 400
"""What is compared at a time: somebody may speak before an echo or after it."""


def likeness(heard: Samples, played: Samples) -> float:
    """How alike the loudest part of `heard` is to the best fitting part of `played`: 1 for a copy, 0 for nothing of it.

    Both are 8 kHz. `played` goes from `LATEST_MS` before `heard` to its end.
    """
    sound = _loudest(_sharpened(heard), TELEPHONE.samples_for_ms(WINDOW_MS))
    source = _sharpened(played)
    if len(sound) < TELEPHONE.samples_for_ms(SHORTEST_MS) or len(source) < len(sound) or not sound.any():
        return 0.0
    places = len(source) - len(sound) + 1
    products = np.fft.irfft(np.fft.rfft(source) * np.conj(np.fft.rfft(sound, len(source))), len(source))[:places]
    energies = _energies(source, len(sound))
    floor = 1e-6 * max(float(energies.max()), 1.0)  # rounding leaves a little energy in silence
    return float(np.max(np.abs(products) / np.sqrt(np.maximum(energies, floor) * np.sum(sound**2))))


def _sharpened(samples: Samples) -> np.ndarray:
    """The differences of neighbours: high sounds count as much as the hum of the voice, which all voices share."""
    return np.diff(samples.astype(float))


def _loudest(sound: np.ndarray, length: int) -> np.ndarray:
    """The run of `length` with the most energy; all of it where there is less."""
    if len(sound) <= length:
        return sound
    start = int(np.argmax(_energies(sound, length)))
    return sound[start : start + length]


def _energies(sound: np.ndarray, length: int) -> np.ndarray:
    """The energy of every run of `length`."""
    sums = np.concatenate(([0.0], np.cumsum(sound**2)))
    return sums[length:] - sums[:-length]
