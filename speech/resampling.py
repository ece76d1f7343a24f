"""Changing the sample rate, by soxr: a whole recording at once, or a stream as it comes.

`soxr.ResampleStream` hands its output over in bursts, up to 115 ms late at 8 kHz (measured, quality HQ).
A call cannot wait for that, so `Resampler` converts fixed blocks, each together with enough of its
neighbours that the joins cannot be seen: the result is that of `resample` on the whole stream, whatever the
sizes of the frames that carried it, and `latency_ms` bounds how late it comes (33 ms from 8 to 16 kHz).
"""

from __future__ import annotations

import math

import numpy as np
import soxr  # type: ignore[import-untyped]
from numpy.typing import NDArray

from speech.audio import AudioFormat, Frame, Samples

FILTER_REACH = 104
"""How far to either side soxr's filter of quality HQ reaches, in samples at the lower of the two rates."""

BLOCK_MS = 20.0
"""The usual length of a block: that of the frames a switch sends."""


def resample(frame: Frame, to_rate: int) -> Frame:
    """The whole of an L16 frame at another rate; `position` is converted too, rounded to a sample."""
    rate = frame.format.rate
    AudioFormat(rate).require(frame.format, "resample")
    AudioFormat(to_rate)
    if to_rate == rate:
        return frame
    converted = soxr.resample(frame.samples().astype(np.float32), rate, to_rate)
    expected = round(len(frame) * to_rate / rate)
    return Frame.of(_to_int16(_fit(converted, expected)), to_rate, round(frame.position * to_rate / rate))


class Resampler:
    """Converts one stream of L16 frames to another rate.

    Positions of the frames it returns count from the stream's first sample at the new rate: sample n of the
    output sounds where sample n * from / to of the input sounded; the filter's delay shows only in *when* a
    frame comes out. Not for several threads at once.
    """

    def __init__(self, from_format: AudioFormat, to_rate: int, block_ms: float = BLOCK_MS) -> None:
        AudioFormat(from_format.rate).require(from_format, "Resampler")
        self.format = from_format
        self.output_format = AudioFormat(to_rate)
        step = from_format.rate // math.gcd(from_format.rate, to_rate)  # whole samples at both rates
        self._block = step * max(1, round(from_format.samples_for_ms(block_ms) / step))
        around = math.ceil(FILTER_REACH * from_format.rate / min(from_format.rate, to_rate))
        self._around = step * math.ceil(around / step)
        self._kept: Samples = np.zeros(0, dtype=np.int16)  # from the sample `_kept_from` on
        self._kept_from = 0
        self._taken = 0  # input samples converted
        self._given = 0  # output samples returned
        self._origin: int | None = None  # position of the first frame

    @property
    def latency_ms(self) -> float:
        """The longest a sample waits inside until the frame that holds it comes out."""
        return 0.0 if self._passes_through else self.format.ms_for(self._block + self._around)

    def accept(self, frame: Frame) -> Frame:
        """Take the next frame; return what is ready, often an empty frame."""
        self.format.require(frame.format, "Resampler.accept")
        if self._origin is None:
            self._origin = frame.position
        if self._passes_through:
            self._given += len(frame)
            return frame
        self._kept = np.concatenate((self._kept, frame.samples()))
        ready = []
        while self._taken + self._block + self._around <= self._kept_from + len(self._kept):
            ready.append(self._convert(self._block, self._kept_from + len(self._kept)))
            self._forget()
        return self._frame(ready)

    def flush(self) -> Frame:
        """The rest of the stream; the next frame begins a new one."""
        end = self._kept_from + len(self._kept)
        rest = self._frame([self._convert(end - self._taken, end)] if end > self._taken else [])
        self._kept, self._kept_from = self._kept[:0], 0
        self._taken = self._given = 0
        self._origin = None
        return rest

    @property
    def _passes_through(self) -> bool:
        return self.format == self.output_format

    def _convert(self, count: int, end: int) -> NDArray[np.float32]:
        """`count` input samples from `_taken` on, converted with their neighbours as far as `end`."""
        last = min(end, self._taken + count + self._around)
        piece = self._kept[: last - self._kept_from].astype(np.float32)
        converted = soxr.resample(piece, self.format.rate, self.output_format.rate)
        before = self._at_output(self._taken - self._kept_from)
        self._taken += count
        wanted = self._at_output(self._taken) - self._given
        self._given += wanted
        return _fit(converted[before:], wanted)

    def _forget(self) -> None:
        """Drop what no later block looks back at."""
        surplus = self._taken - self._around - self._kept_from
        if surplus > 0:
            self._kept = self._kept[surplus:]
            self._kept_from += surplus

    def _at_output(self, samples: int) -> int:
        return round(samples * self.output_format.rate / self.format.rate)

    def _frame(self, pieces: list[NDArray[np.float32]]) -> Frame:
        samples = np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.float32)
        start = self._at_output(self._origin or 0) + self._given - len(samples)
        return Frame.of(_to_int16(samples), self.output_format.rate, start)


def _fit(samples: NDArray[np.float32], length: int) -> NDArray[np.float32]:
    """Exactly `length` samples: cut, or with silence after (soxr may round one sample the other way)."""
    return np.concatenate((samples[:length], np.zeros(max(0, length - len(samples)), dtype=np.float32)))


def _to_int16(samples: NDArray[np.float32]) -> Samples:
    return np.clip(np.rint(samples), -32768, 32767).astype(np.int16)
