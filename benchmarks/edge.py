"""Response times at the switch's edge: read off the two-channel recording that the simulated switch makes.

Left is what the customer said, right what they heard, on one timeline. Nothing here knows the call's own
clocks, so these figures can contradict them.
"""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from speech.tts.trimming import SILENT_BELOW

LOUD = SILENT_BELOW
"""Peak, of 32767, from which 5 ms count as voice. The line carries no noise and the voices are synthetic: all but what
synthesis itself takes for silence is sound, the soft beginning of "thank you" included."""
STEP_MS = 5


@dataclass(frozen=True, slots=True)
class EdgeResponse:
    """`at_ms` from the answer; `ms` is the silence between the customer's last sample and the bot's first."""

    at_ms: float
    ms: float


SHORT_PAUSE_MS = 350
"""The bot is silent for less between words and sentences of a prompt; for more, it has been stopped."""


@dataclass(frozen=True, slots=True)
class Pause:
    """The bot's silence: `began_ms` from the answer, `ms` long; None where it never spoke again."""

    began_ms: float
    ms: float | None


class EdgeRecording:
    """Both voices of a recording in steps of `STEP_MS`, from the answer on."""

    def __init__(self, path: Path) -> None:
        self.customer, self.bot = _voiced(path)

    def responses(self) -> list[EdgeResponse]:
        """Each time the bot sounds after the customer's voice, with silence between."""
        found = []
        last_customer: int | None = None
        for step in range(len(self.customer)):
            if self.customer[step]:
                last_customer = step
            elif self.bot[step] and last_customer is not None:
                if not self.bot[last_customer:step].any():
                    found.append(EdgeResponse(step * STEP_MS, (step - last_customer - 1) * STEP_MS))
                last_customer = None
        return found

    def greeting_ms(self) -> float | None:
        """From the answer to the bot's first sound."""
        sounding = np.flatnonzero(self.bot)
        return float(sounding[0] * STEP_MS) if sounding.size else None

    def onset_ms(self, since_ms: float) -> float | None:
        """When the customer is first heard after a moment."""
        voiced = np.flatnonzero(self.customer[_step(since_ms) :])
        return since_ms // STEP_MS * STEP_MS + float(voiced[0]) * STEP_MS if voiced.size else None

    def pause_after(self, ms: float) -> Pause | None:
        """The first silence of the bot that begins at `ms` or later and is no pause for breath; None where it goes on.

        A bot that was silent at `ms` already has not been stopped.
        """
        start = _step(ms)
        if not self.bot[max(0, start - _step(SHORT_PAUSE_MS)) : start + 1].any():
            return None
        for step in range(start, len(self.bot)):
            if not self.bot[step]:
                following = np.flatnonzero(self.bot[step:])
                silence = None if not following.size else float(following[0]) * STEP_MS
                if silence is None or silence >= SHORT_PAUSE_MS:
                    return Pause(step * STEP_MS, silence)
        return None


def _step(ms: float) -> int:
    return max(0, int(ms // STEP_MS))


def _voiced(recording: Path) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    with wave.open(str(recording), "rb") as file:
        rate = file.getframerate()
        both = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").reshape(-1, 2)
    size = rate * STEP_MS // 1000
    steps = len(both) // size
    peaks = np.abs(both[: steps * size].astype(np.int32)).reshape(steps, size, 2).max(axis=1)
    return peaks[:, 0] >= LOUD, peaks[:, 1] >= LOUD
