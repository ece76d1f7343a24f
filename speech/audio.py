"""The types for sound: a format, a frame, and the error for mixing two formats.

Sample rate and encoding are part of the type, so that 8 kHz audio cannot slip into a 16 kHz engine
unnoticed: every boundary calls `AudioFormat.require`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]


class Encoding(StrEnum):
    """How one sample is written."""

    L16 = "l16"  # signed 16-bit little-endian, what the media websocket carries
    ULAW = "ulaw"  # G.711 mu-law
    ALAW = "alaw"  # G.711 A-law

    @property
    def bytes_per_sample(self) -> int:
        return 2 if self is Encoding.L16 else 1


class FormatMismatch(ValueError):
    """Audio of one format reached a place that takes another."""

    def __init__(self, expected: AudioFormat, got: AudioFormat, where: str) -> None:
        super().__init__(f"{where} takes {expected}, but got {got}; convert it explicitly")
        self.expected = expected
        self.got = got


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """One channel of audio: samples per second and encoding."""

    rate: int
    encoding: Encoding = Encoding.L16

    def __post_init__(self) -> None:
        if self.rate <= 0 or self.rate % 50:
            raise ValueError(f"sample rate must be a positive multiple of 50 Hz, not {self.rate}")

    def __str__(self) -> str:
        return f"{self.encoding} at {self.rate} Hz"

    def require(self, got: AudioFormat, where: str) -> None:
        """Raise `FormatMismatch` naming `where` unless `got` is this format."""
        if got is not self and got != self:
            raise FormatMismatch(self, got, where)

    def bytes_for(self, samples: int) -> int:
        return samples * self.encoding.bytes_per_sample

    def samples_for_ms(self, ms: float) -> int:
        return round(self.rate * ms / 1000)

    def ms_for(self, samples: int) -> float:
        return samples * 1000 / self.rate


TELEPHONE = AudioFormat(8000)
"""Narrow-band telephone audio, decoded: what recognisers, prompts and recordings of a call use."""

WIDEBAND = AudioFormat(16000)


@dataclass(frozen=True, slots=True)
class Frame:
    """A run of samples and where it stands in its stream.

    `position` counts samples from the start of the stream at the frame's own rate.
    """

    format: AudioFormat
    data: bytes
    position: int = 0

    def __post_init__(self) -> None:
        if len(self.data) % self.format.encoding.bytes_per_sample:
            raise ValueError(f"{len(self.data)} bytes are not a whole number of {self.format.encoding} samples")

    def __len__(self) -> int:
        """Number of samples."""
        return len(self.data) // self.format.encoding.bytes_per_sample

    @property
    def end(self) -> int:
        """Position of the first sample after this frame."""
        return self.position + len(self)

    @property
    def duration_ms(self) -> float:
        return self.format.ms_for(len(self))

    def samples(self) -> Samples:
        """The samples as a read-only int16 array, shape [n]; only for L16 (decode G.711 first)."""
        if self.format.encoding is not Encoding.L16:
            raise FormatMismatch(AudioFormat(self.format.rate), self.format, "Frame.samples")
        return np.frombuffer(self.data, dtype="<i2")

    @classmethod
    def of(cls, samples: Samples, rate: int, position: int = 0) -> Frame:
        """A frame from an int16 array of shape [n]."""
        return cls(AudioFormat(rate), np.asarray(samples, dtype="<i2").tobytes(), position)


def silence(format: AudioFormat, ms: float, position: int = 0) -> Frame:
    """Digital silence in L16."""
    AudioFormat(format.rate).require(format, "silence")
    return Frame(format, bytes(format.bytes_for(format.samples_for_ms(ms))), position)
