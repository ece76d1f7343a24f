"""Silero where something sounds, and nothing where the line is quiet.

On a call the customer listens more than they speak. The energy gate spares the model those windows; when it
opens, the model first hears what came just before, so that it judges the onset as if it had listened all along.
A short sound that ends without having been a clear voice is heard once more as a whole (`second_look`).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from speech.audio import AudioFormat, Frame
from speech.vad.energy import WINDOW_MS, EnergyGate, EnergySettings
from speech.vad.port import VoiceWindow
from speech.vad.second_look import hear_again
from speech.vad.silero import SileroModel
from speech.vad.windows import Piece

OPEN = 0.5


@dataclass(frozen=True, slots=True)
class GateSettings:
    energy: EnergySettings = field(default_factory=EnergySettings)
    look_back_windows: int = 8
    """Windows before the opening that the model hears first, without reporting them anew."""
    hold_ms: int = 320
    """The gate stays open so long after the last loud window: over the gaps between words."""
    again_after_ms: int = 192
    """A sound is over, and may be heard again, after so much quiet: when a voice would be reported to have stopped."""
    again_shortest_ms: int = 96
    again_longest_ms: int = 640
    """From its first loud window to its last. Less than the one is a click; in more than the other the model had time
    to find a voice."""
    clear_windows: int = 3
    """So many windows that the model takes for a voice need no second look."""


class GatedDetector:
    """One stream at 8 or 16 kHz; windows the gate holds back have probability 0."""

    def __init__(self, model: SileroModel, format: AudioFormat, settings: GateSettings | None = None) -> None:
        self._settings = settings or GateSettings()
        self._model = model
        self._listener = model.listener(format)
        self._cutter = self._listener.cutter(format)
        self._gate = EnergyGate(self._settings.energy)
        self._past: deque[Piece] = deque(maxlen=self._settings.look_back_windows)
        self._open_ms = 0
        self._sound: list[Piece] = []
        """From the first loud window since the last look."""
        self._quiet_ms = 0
        """How much of it is quiet, at its end."""
        self._clear = 0
        """How many of its windows are clearly a voice."""

    @property
    def format(self) -> AudioFormat:
        return self._cutter.format

    def accept(self, frame: Frame) -> list[VoiceWindow]:
        return [self._window(piece) for piece in self._cutter.accept(frame)]

    def reset(self) -> None:
        self._cutter.forget()
        self._gate.reset()
        self._close()
        self._forget_sound()

    def _window(self, piece: Piece) -> VoiceWindow:
        loud = self._gate.probability(piece.window) >= OPEN
        probability = self._judge(piece, loud)
        return VoiceWindow(piece.start, piece.end, probability, self._again(piece, loud, probability))

    def _again(self, piece: Piece, loud: bool, probability: float) -> tuple[VoiceWindow, ...]:
        """The windows of the sound that has ended with this one, if it needs a second look."""
        if not self._sound and not loud:
            return ()
        self._sound.append(piece)
        self._quiet_ms = 0 if loud else self._quiet_ms + WINDOW_MS
        self._clear += probability >= OPEN
        if self._quiet_ms < self._settings.again_after_ms:
            return ()
        sound = self._sound[: len(self._sound) - self._quiet_ms // WINDOW_MS + 1]
        short = self._settings.again_shortest_ms <= (len(sound) - 1) * WINDOW_MS <= self._settings.again_longest_ms
        needed = short and self._clear < self._settings.clear_windows
        self._forget_sound()
        if not needed:
            return ()
        return hear_again(self._model, self.format, np.concatenate([part.window for part in sound]), sound[0].start)

    def _forget_sound(self) -> None:
        self._sound, self._quiet_ms, self._clear = [], 0, 0

    def _judge(self, piece: Piece, loud: bool) -> float:
        was_open = self._open_ms > 0
        self._open_ms = self._settings.hold_ms if loud else max(0, self._open_ms - WINDOW_MS)
        if not self._open_ms:
            if was_open:
                self._close()
            self._past.append(piece)
            return 0.0
        probability = self._listener.hear([*self._past, piece])[-1]
        self._past.clear()
        return probability

    def _close(self) -> None:
        self._open_ms = 0
        self._past.clear()
        self._listener.forget()
