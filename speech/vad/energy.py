"""Voice activity by loudness alone: a gate over a noise floor that follows the line.

It cannot tell a voice from a door, but it costs almost nothing and misses next to nothing, so it decides
when the real detector is worth running.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import numpy as np

from speech.audio import AudioFormat, Frame, Samples
from speech.vad.port import VoiceWindow
from speech.vad.windows import WindowCutter

WINDOW_MS = 32
"""The window of every detector here, so that they can be combined; it is Silero's."""


@dataclass(frozen=True, slots=True)
class EnergySettings:
    """Levels in dB relative to a full-scale square wave (dBFS)."""

    margin_db: float = 6.0
    """The gate opens this far above the noise floor; white noise stays within 2 dB of it."""
    quietest_db: float = -58.0
    """The gate never opens below. The test recordings average -39 to -18 dBFS while someone speaks (5 to 95 %);
    the silence of A-law is at -72 dBFS, that of mu-law at nothing."""
    memory_ms: int = 2000
    """The floor is the quietest window within this time: longer than speech goes without a pause, short
    enough to learn a new noise soon."""
    slope_db: float = 3.0
    """How fast the probability rises around the gate: 0.5 at the margin, 0.73 this many dB above."""


class EnergyGate:
    """Follows the noise floor of one stream of windows and says how likely each is more than noise."""

    def __init__(self, settings: EnergySettings | None = None, window_ms: int = WINDOW_MS) -> None:
        self.settings = settings or EnergySettings()
        self._levels: deque[float] = deque(maxlen=max(1, self.settings.memory_ms // window_ms))
        self.reset()

    def reset(self) -> None:
        """Assume a quiet line, so that a stream that begins with a voice is heard."""
        self._levels.clear()
        self._levels.extend([self.settings.quietest_db - self.settings.margin_db] * (self._levels.maxlen or 1))

    def probability(self, window: Samples) -> float:
        """0..1 for int16 samples of shape [n]; the gate is open from 0.5 on."""
        level = level_db(window)
        self._levels.append(level)
        threshold = max(min(self._levels) + self.settings.margin_db, self.settings.quietest_db)
        return 1.0 / (1.0 + math.exp((threshold - level) / self.settings.slope_db))


class EnergyDetector:
    """The gate as a detector of its own, for any rate; for tests and for lines where nothing better runs."""

    def __init__(self, format: AudioFormat, settings: EnergySettings | None = None) -> None:
        self._cutter = WindowCutter(format, format.samples_for_ms(WINDOW_MS))
        self._gate = EnergyGate(settings)

    @property
    def format(self) -> AudioFormat:
        return self._cutter.format

    def accept(self, frame: Frame) -> list[VoiceWindow]:
        return [
            VoiceWindow(piece.start, piece.end, self._gate.probability(piece.window))
            for piece in self._cutter.accept(frame)
        ]

    def reset(self) -> None:
        self._cutter.forget()
        self._gate.reset()


def level_db(samples: Samples) -> float:
    """Mean level of int16 samples in dBFS; -100 for digital silence."""
    scaled = samples.astype(np.float32) / 32768
    return 10 * math.log10(float(np.dot(scaled, scaled)) / max(1, len(scaled)) + 1e-10)
