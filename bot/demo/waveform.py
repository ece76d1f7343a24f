"""A two-channel recording as a picture: who spoke when, as SVG paths. Pure but for reading the file."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from speech.audio import Samples

WIDTH = 1000
LANE = 60
"""Units of the picture; the page scales it. One lane a voice."""


@dataclass(frozen=True, slots=True)
class Waveform:
    """Filled outlines of both voices in a WIDTH x 2·LANE picture, and the length of the recording."""

    customer: str
    bot: str
    seconds: float


def waveform(recording: Path) -> Waveform:
    """Of a recording as `bot.call.recording` writes it: customer left, bot right."""
    with wave.open(str(recording), "rb") as file:
        rate, frames = file.getframerate(), file.getnframes()
        both = np.frombuffer(file.readframes(frames), dtype="<i2").reshape(-1, 2)
    return Waveform(_outline(both[:, 0], LANE / 2), _outline(both[:, 1], LANE * 1.5), frames / rate)


def _outline(samples: Samples, middle: float) -> str:
    """The loudest sample of each column, mirrored around the middle of the lane."""
    if not samples.size:
        return ""
    columns = np.array_split(np.abs(samples.astype(np.int32)), min(WIDTH, samples.size))
    heights = np.array([column.max() for column in columns]) / 32768 * (LANE / 2)
    heights = np.maximum(heights, 0.4)  # silence is a thin line
    step = WIDTH / len(heights)
    above = [f"{i * step:.1f},{middle - h:.1f}" for i, h in enumerate(heights)]
    below = [f"{i * step:.1f},{middle + h:.1f}" for i, h in reversed(list(enumerate(heights)))]
    return "M" + "L".join([*above, *below]) + "Z"
