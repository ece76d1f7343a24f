"""What an engine builds for some hints when they first come, built before the first customer has to wait for it."""

from __future__ import annotations

import numpy as np

from speech.asr.port import Hints, Recogniser
from speech.audio import Frame

SOUND_MS = 300


def warm_up(recogniser: Recogniser, hints: Hints) -> None:
    """Hear a moment of noise with these hints, and forget it. Raises what `open` raises."""
    takes = recogniser.format
    noise = np.random.default_rng(0).normal(0, 1000, takes.samples_for_ms(SOUND_MS)).astype(np.int16)
    stream = recogniser.open(hints)
    stream.accept(Frame.of(noise, takes.rate))
    stream.preview()
    stream.close()
