"""Cutting a stream into the windows a detector judges, whatever the sizes of the frames that bring it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from speech.audio import AudioFormat, Frame, Samples


@dataclass(frozen=True, slots=True)
class Piece:
    """One window of the stream with the sound around it: `before` samples, the window, and what follows."""

    start: int  # of the window, in samples of the stream
    end: int
    samples: Samples  # int16, shape [before + (end - start) + after]
    before: int

    @property
    def window(self) -> Samples:
        return self.samples[self.before : self.before + self.end - self.start]


class WindowCutter:
    """Cuts contiguous windows of `length` samples, each with `before` and `after` samples of its neighbours.

    Silence stands for what was before the stream. A window is ready when `after` samples more have come.
    """

    def __init__(self, format: AudioFormat, length: int, before: int = 0, after: int = 0) -> None:
        AudioFormat(format.rate).require(format, "voice activity detection")
        self.format = format
        self._length = length
        self._before = before
        self._after = after
        self._kept: Samples = np.zeros(before, dtype=np.int16)
        self._next: int | None = None  # where the next window starts

    def accept(self, frame: Frame) -> list[Piece]:
        """Take the next frame; return the windows it completed.

        Raises `FormatMismatch` for another format and `ValueError` for a frame that does not follow the last.
        """
        self.format.require(frame.format, "voice activity detection")
        if self._next is None:
            self._next = frame.position
        expected = self._next + len(self._kept) - self._before
        if frame.position != expected:
            raise ValueError(f"frame at {frame.position} does not follow the last, which ended at {expected}")
        self._kept = np.concatenate((self._kept, frame.samples()))
        whole = self._before + self._length + self._after
        pieces = []
        while len(self._kept) >= whole:
            pieces.append(Piece(self._next, self._next + self._length, self._kept[:whole], self._before))
            self._kept = self._kept[self._length :]
            self._next += self._length
        return pieces

    def forget(self) -> None:
        """Let silence stand for everything before the next frame."""
        self._kept = np.zeros_like(self._kept)
