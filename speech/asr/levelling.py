"""Makes utterances alike before a decoder judges them: as loud, and with the same quiet before and after the voice.

A soft and a loud caller, a quick and a hesitant one then sound the same to it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from speech.audio import Frame

TARGET = 300.0
"""RMS of the voiced parts after levelling, in 16-bit sample units."""

QUIET_MS = 300
"""What stands before and after the voice, cut or filled up with digital silence."""

_PIECE_MS = 10
_VOICED = 0.1
"""Pieces at least this loud, measured by the loudest, count for the level."""
_AUDIBLE = 0.04
"""Pieces at least this loud belong to the voice: an f or an s is soft."""


def levelled(frame: Frame) -> Frame:
    """The whole utterance (L16), evened out; position 0. Silence stays as it is."""
    samples = frame.samples().astype(np.float64)
    size = frame.format.samples_for_ms(_PIECE_MS)
    loudness = _loudness(samples, size)
    if not loudness.size or loudness.max() < 1:
        return frame
    audible = np.flatnonzero(loudness > loudness.max() * _AUDIBLE) * size
    quiet = frame.format.samples_for_ms(QUIET_MS)
    first, last = int(audible[0]), int(audible[-1]) + size
    before, after = samples[max(0, first - quiet) : first], samples[last : last + quiet]
    whole = np.concatenate(
        (np.zeros(quiet - len(before)), before, samples[first:last], after, np.zeros(quiet - len(after)))
    )
    even = np.clip(np.rint(whole * _gain(loudness)), -32768, 32767).astype(np.int16)
    return Frame.of(even, frame.format.rate)


def gain(frame: Frame) -> float:
    """What `levelled` multiplies the samples of an utterance (L16, not silent) by."""
    return _gain(_loudness(frame.samples().astype(np.float64), frame.format.samples_for_ms(_PIECE_MS)))


def _loudness(samples: npt.NDArray[np.float64], size: int) -> npt.NDArray[np.float64]:
    """RMS of each whole piece of `size` samples."""
    loudness: npt.NDArray[np.float64] = np.sqrt((samples[: len(samples) // size * size].reshape(-1, size) ** 2).mean(1))
    return loudness


def _gain(loudness: npt.NDArray[np.float64]) -> float:
    voiced = loudness[loudness > loudness.max() * _VOICED]
    return float(TARGET / np.sqrt((voiced**2).mean()))
