"""When each playout sounded and how much of it was heard: what the bot's side of the recording is made of.

While the call lasts, it tells what the line may give back (`line_echo.py`).
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from bot.call.recording import Recording
from speech import wav
from speech.audio import TELEPHONE, Samples
from telephony_bridge.leg import LegEvent, PlayoutEnded, PlayoutStarted

READ_AT_A_TIME = 4
"""Prompts whose audio is kept in memory: what sounds, what sounded a moment ago, and their remainders."""


@dataclass(frozen=True, slots=True)
class AudioOrigin:
    """Where the recording lies on the call's clock: the time, in milliseconds, of its sample 0."""

    ms: float


class PlayoutLog:
    def __init__(self) -> None:
        self._began: dict[str, float] = {}
        self._heard: dict[str, int] = {}
        self._samples = lru_cache(READ_AT_A_TIME)(_read)

    def observe(self, told: LegEvent, at: float) -> None:
        """What the line tells at the monotonic time `at`, in seconds."""
        if isinstance(told, PlayoutStarted):
            self.started(told.playout_id, at)
        elif isinstance(told, PlayoutEnded):
            self.ended(told.playout_id, told.heard)

    def started(self, playout_id: str, at: float) -> None:
        """`at` is a monotonic time in seconds."""
        self._began[playout_id] = at

    def ended(self, playout_id: str, heard: int) -> None:
        """`heard` in samples at 8 kHz."""
        self._heard[playout_id] = heard

    def sounding(self, first: int, end: int, origin: float, files: Mapping[str, Path]) -> Samples:
        """What was played from sample `first` to `end` of the line, whose sample 0 is at the monotonic time `origin`.

        In any thread. A prompt that cannot be read any more is silence.
        """
        line = np.zeros(end - first, dtype=np.int16)
        for playout_id, began in list(self._began.items()):
            start = round((began - origin) * TELEPHONE.rate) - first
            heard = self._heard.get(playout_id, sys.maxsize)
            if playout_id in files and start < len(line) and start + heard > 0:
                with contextlib.suppress(OSError, wav.WavError):
                    _lay(self._samples(files[playout_id])[:heard], start, line)
        return line

    def lay_over(self, recording: Recording, origin: float, files: Mapping[str, Path]) -> None:
        """Put what was heard on the recording, whose sample 0 is at the monotonic time `origin`."""
        for playout_id, began in self._began.items():
            heard = self._heard.get(playout_id, 0)
            if heard and playout_id in files:
                recording.bot(round((began - origin) * TELEPHONE.rate), files[playout_id], heard)


def _read(path: Path) -> Samples:
    return wav.read(path).samples()


def _lay(samples: Samples, start: int, line: Samples) -> None:
    """Put what of `samples` falls on `line` there, `start` being where their first one belongs."""
    inside = samples[max(0, -start) : max(0, len(line) - start)]
    line[max(0, start) :][: len(inside)] = inside
