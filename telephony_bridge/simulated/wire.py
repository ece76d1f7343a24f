"""Audio between a line and the media websocket: mixing, rates and message sizes. No I/O."""

from __future__ import annotations

import numpy as np
import soxr  # type: ignore[import-untyped]

from speech.audio import Samples
from telephony_bridge.simulated.signals import BinaryPlayback, Mix, StreamRequest
from telephony_bridge.simulated.sound import CHANNEL_RATE, TICK_MS, TICK_SAMPLES

TWO_WAY_LIMIT_S = 60
"""How far ahead of the line a server may send on a two-way link; what is beyond that is dropped."""

_NOTHING: Samples = np.zeros(0, dtype=np.int16)

_STREAM_QUALITY = "QQ"
"""soxr's cubic interpolation: the better ones hold back 60-120 ms of a stream (measured), this one under 1 ms."""


class ToServer:
    """Turns each tick of a line into what the module sends, if a message is full."""

    def __init__(self, request: StreamRequest) -> None:
        self._mix = request.mix
        self._message_samples = request.rate * request.buffer_ms // 1000
        channels = 2 if request.mix is Mix.STEREO else 1
        self._resamplers = [_resampler(CHANNEL_RATE, request.rate) for _ in range(channels)]
        # A resampler gives slightly less than it was fed at first: as much silence ahead keeps every message whole.
        spare = 0 if request.rate == CHANNEL_RATE else request.rate * TICK_MS // 1000 // 16
        self._pending = np.zeros((spare, channels), dtype=np.int16)

    def messages(self, said: Samples, heard: Samples) -> list[bytes]:
        """One tick: what the customer said and what they heard, 160 samples each."""
        channels = [_resampled(*pair) for pair in zip(self._resamplers, self._channels(said, heard), strict=True)]
        self._pending = np.concatenate([self._pending, np.stack(channels, axis=1)])
        messages = []
        while len(self._pending) >= self._message_samples:
            messages.append(self._pending[: self._message_samples].astype("<i2").tobytes())
            self._pending = self._pending[self._message_samples :]
        return messages

    def _channels(self, said: Samples, heard: Samples) -> list[Samples]:
        if self._mix is Mix.MONO:
            return [said]
        return [said, heard] if self._mix is Mix.STEREO else [summed(said, heard)]


class FromServer:
    """What a server plays on a two-way link: binary messages in, 20 ms at 8 kHz out, silence when there is none.

    Against jitter a module collects some of it first; what is short of a block waits there until more comes.
    """

    def __init__(self, playback: BinaryPlayback) -> None:
        self._playback = playback
        self._resampler = _resampler(playback.rate, CHANNEL_RATE)
        self._collected = _NOTHING
        self._pending = _NOTHING
        self._block = CHANNEL_RATE * playback.first_ms // 1000
        self.underruns = 0
        """How often it ran dry in the middle of sound: for a listener, a gap in a word."""
        self._sounded = False

    def feed(self, message: bytes) -> None:
        samples: Samples = np.frombuffer(message[: len(message) // 2 * 2], dtype="<i2")
        self._collected = np.concatenate([self._collected, _resampled(self._resampler, samples)])
        if len(self._collected) < self._block:
            return
        self._block = CHANNEL_RATE * self._playback.block_ms // 1000
        self._pending = np.concatenate([self._pending, self._collected])[: TWO_WAY_LIMIT_S * CHANNEL_RATE]
        self._collected = _NOTHING

    def drop(self) -> None:
        """Play nothing of what has come so far."""
        self._collected = self._pending = _NOTHING
        self._sounded = False

    def take(self) -> Samples:
        frame = np.zeros(TICK_SAMPLES, dtype=np.int16)
        part = self._pending[:TICK_SAMPLES]
        frame[: len(part)] = part
        self._pending = self._pending[TICK_SAMPLES:]
        self.underruns += self._sounded and not len(part)
        self._sounded = bool(np.any(part[-2:]))
        return frame


def summed(one: Samples, other: Samples) -> Samples:
    """Both at once, clipped as a switch clips."""
    both: Samples = np.clip(one.astype(np.int32) + other, -32768, 32767).astype(np.int16)
    return both


def _resampler(source: int, target: int) -> soxr.ResampleStream | None:
    if source == target:
        return None
    return soxr.ResampleStream(source, target, 1, dtype="int16", quality=_STREAM_QUALITY)


def _resampled(resampler: soxr.ResampleStream | None, samples: Samples) -> Samples:
    if resampler is None:
        return samples
    return np.asarray(resampler.resample_chunk(samples), dtype=np.int16)
