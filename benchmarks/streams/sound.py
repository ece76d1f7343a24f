"""What is on the line."""

from __future__ import annotations

import numpy as np

from speech.audio import TELEPHONE, Samples

QUIET_RMS = 10.0
"""-70 dBFS: nobody speaks, and the line is not digitally silent."""


def quiet_line(seconds: float) -> Samples:
    noise = np.random.default_rng(1).normal(0, QUIET_RMS, round(seconds * TELEPHONE.rate))
    return noise.astype(np.int16)


def with_voice(sound: Samples, voice: Samples, every_s: float) -> Samples:
    """The same sentence over it, again and again, as far as it fits in."""
    mixed = sound.copy()
    for start in range(0, len(sound) - len(voice), round(every_s * TELEPHONE.rate)):
        mixed[start : start + len(voice)] += voice
    return mixed
