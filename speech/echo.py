"""Our own voice coming back: whether a sound is a copy of what was played, by the waves and not by the words.

A telephone returns some of what it plays, softer and a fraction of a second later. The copy has the same wave, which
no other speech has, not even of the same voice saying the same words: `likeness` tells it, from half a second of
sound. How much softer it is (`coupling`) then tells at once, by the level alone, what can be no copy (`may_be_echo`,
which is the Geigel algorithm of echo cancellers). Pure.
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

PIECE_MS = 20
"""Levels are those of pieces so long."""

MARGIN = 2.0
"""How much louder (6 dB) a later echo may be than those before it: pieces of a copy and of what it is a copy of do not
begin alike, and another sound passes the line's filters otherwise."""

_Wave = NDArray[np.float64]


def likeness(heard: Samples, played: Samples) -> float:
    """How alike `heard` is to what was played, where it is least so: 1 for a copy, 0 for nothing of it.

    Both are 8 kHz. `played` goes from `LATEST_MS` before `heard` to its end.
    """
    length, step, before = (TELEPHONE.samples_for_ms(ms) for ms in (WINDOW_MS, STEP_MS, LATEST_MS))
    if not length <= len(heard) <= TELEPHONE.samples_for_ms(LONGEST_MS):
        return 0.0
    sound, source = _sharpened(heard), _sharpened(played)
    last = len(sound) - length + 1
    starts = [*range(0, last, step), last]
    windows = [(sound[start : start + length], source[start : start + before + length]) for start in starts]
    loudest = max(_energy(window) for window, _ in windows)
    if not loudest:
        return 0.0
    return min(_best_fit(window, near) for window, near in windows if _energy(window) >= LOUD * loudest)


def coupling(heard: Samples, played: Samples) -> float:
    """How loud the line gives back what is played, as a share of its amplitude, where `heard` is a copy of it.

    Shapes as for `likeness`. 0 where nothing was played.
    """
    levels, source = (
        _levels(heard),
        _levels(played),
    )  # of what `likeness` compares: a thump beside an echo is none of it
    before = LATEST_MS // PIECE_MS
    loud = [i for i in range(len(levels)) if levels[i] ** 2 >= LOUD * np.max(levels) ** 2]
    shares = [levels[i] / loudest for i in loud if (loudest := np.max(source[i : i + before + 1], initial=0.0))]
    return float(max(shares, default=0.0))


def may_be_echo(heard: Samples, played: Samples, coupling: float) -> bool:
    """Whether `heard`, a piece or a few, is no louder than a copy of anything that was played before it."""
    return bool(np.max(_levels(heard)) <= MARGIN * coupling * np.max(_levels(played)))


def _levels(samples: Samples) -> _Wave:
    """The root mean square of each whole piece, sharpened, or of all there is where that is less."""
    length = min(TELEPHONE.samples_for_ms(PIECE_MS), max(1, len(samples)))
    sharpened = np.diff(samples.astype(np.float64), prepend=samples[:1].astype(np.float64))
    pieces = sharpened[: len(samples) // length * length].reshape(-1, length)
    levels: _Wave = np.sqrt(np.mean(pieces**2, axis=1))
    return levels


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
