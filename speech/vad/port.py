"""The port for voice activity detection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from speech.audio import AudioFormat, Frame


@dataclass(frozen=True, slots=True)
class VoiceWindow:
    """How likely a voice sounds between two positions of the stream (samples, at the detector's input rate).

    `again`: windows of a sound that has just ended, judged anew now that it is known as a whole. They lie before
    `end`, among windows given before.
    """

    start: int
    end: int
    probability: float
    again: tuple[VoiceWindow, ...] = ()


class VoiceActivityDetector(Protocol):
    """One per stream; it keeps the stream's state. `format` is what `accept` takes."""

    @property
    def format(self) -> AudioFormat: ...

    def accept(self, frame: Frame) -> list[VoiceWindow]:
        """Take the next frame; return the windows it completed, in order (often none or one).

        Raises `FormatMismatch` for any other format.
        """
        ...

    def reset(self) -> None:
        """Forget the past of the stream, not its position."""
        ...
