"""When each playout sounded and how much of it was heard: what the bot's side of the recording is made of.

While the call lasts, it tells what the line may give back of it.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from bot.call.recording import Recording
from speech import echo, wav
from speech.audio import TELEPHONE, Frame, Samples

ECHO_FROM = 0.42
"""The likeness from which a sound is an echo. Copies 21 and 28 dB softer had 0.65 and more, through the filters and
reflections of a poor line 0.48; 35 dB softer one in four stays below, and is soft enough to be taken for no voice.
436 recordings of people had up to 0.23, the bot's own voice saying something else 0.32."""


class PlayoutLog:
    def __init__(self) -> None:
        self._began: dict[str, float] = {}
        self._heard: dict[str, int] = {}

    def started(self, playout_id: str, at: float) -> None:
        """`at` is a monotonic time in seconds."""
        self._began[playout_id] = at

    def ended(self, playout_id: str, heard: int) -> None:
        """`heard` in samples at 8 kHz."""
        self._heard[playout_id] = heard

    def comes_back(self, sound: Frame, origin: float, files: Mapping[str, Path]) -> bool:
        """Whether what the customer's side gave is an echo of what was sounding; in any thread.

        `sound` lies where its positions say on the line, whose sample 0 is at the monotonic time `origin`. A prompt
        that cannot be read any more is taken for another one.
        """
        earliest = sound.position - TELEPHONE.samples_for_ms(echo.LATEST_MS)
        line = np.zeros(sound.end - earliest, dtype=np.int16)
        for playout_id, began in list(self._began.items()):
            start = round((began - origin) * TELEPHONE.rate) - earliest
            heard = self._heard.get(playout_id, sys.maxsize)
            if playout_id in files and start < len(line) and start + heard > 0:
                with contextlib.suppress(OSError, wav.WavError):
                    _lay(wav.read(files[playout_id]).samples()[:heard], start, line)
        return echo.likeness(sound.samples(), line) >= ECHO_FROM

    def lay_over(self, recording: Recording, origin: float, files: Mapping[str, Path]) -> None:
        """Put what was heard on the recording, whose sample 0 is at the monotonic time `origin`."""
        for playout_id, began in self._began.items():
            heard = self._heard.get(playout_id, 0)
            if heard and playout_id in files:
                recording.bot(round((began - origin) * TELEPHONE.rate), files[playout_id], heard)


def _lay(samples: Samples, start: int, line: Samples) -> None:
    """Put what of `samples` falls on `line` there, `start` being where their first one belongs."""
    inside = samples[max(0, -start) : max(0, len(line) - start)]
    line[max(0, start) :][: len(inside)] = inside
