"""The customer's audio in virtual time: silence, and what is put on the line, in frames of 20 ms."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from speech.audio import TELEPHONE, AudioFormat, Frame, Samples
from telephony_bridge.media import MediaClosed, MediaFault

FRAME_MS = 20
FRAME = TELEPHONE.samples_for_ms(FRAME_MS)


class RehearsalLink:
    """See `telephony_bridge.media.MediaLink`; one-way."""

    format: AudioFormat = TELEPHONE
    two_way = False
    detail = ""
    fault: MediaFault | None = None
    metadata: Mapping[str, str] = {}

    def __init__(self, call_id: str, begins_ms: float = 0.0) -> None:
        """`begins_ms`: when its first sample is due, from when it is listened to."""
        self.call_id = call_id
        self._begins_ms = begins_ms
        self.position = 0
        """The next sample that goes out."""
        self._ahead: Samples = np.zeros(0, dtype=np.int16)
        self._returns: Callable[[int], Samples] | None = None
        self._returned: deque[Samples] = deque()
        self._gain = 0.0
        self._closed = asyncio.Event()

    def put(self, samples: Samples, in_ms: float = 0) -> None:
        """Mix 8 kHz samples into the line, beginning `in_ms` from now."""
        start = TELEPHONE.samples_for_ms(in_ms)
        length = max(self._ahead.size, start + samples.size)
        mixed = np.zeros(length, dtype=np.int32)
        mixed[: self._ahead.size] += self._ahead
        mixed[start : start + samples.size] += samples
        self._ahead = np.clip(mixed, -32768, 32767).astype(np.int16)

    def give_back(self, heard: Callable[[int], Samples], level_db: float, delay_ms: float) -> None:
        """From now on return what the customer hears, so much louder (below 0: softer) and later.

        `heard(n)` gives the last n samples of it.
        """
        self._returns = heard
        self._gain = 10 ** (level_db / 20)
        frames = round(delay_ms / FRAME_MS)
        self._returned = deque(np.zeros(FRAME, dtype=np.int16) for _ in range(frames))

    def end_echo(self) -> None:
        self._returns = None

    async def frames(self) -> AsyncIterator[Frame]:
        loop = asyncio.get_running_loop()
        origin = loop.time() + self._begins_ms / 1000
        while not self._closed.is_set():
            due = origin + (self.position + FRAME) / TELEPHONE.rate
            await asyncio.sleep(max(0.0, due - loop.time()))
            part = self._next()
            out = np.pad(part, (0, FRAME - part.size)) + self._echo()
            frame = Frame.of(np.clip(out, -32768, 32767).astype(np.int16), TELEPHONE.rate, self.position)
            self.position += FRAME
            yield frame

    def _next(self) -> Samples:
        """What the customer sounds like in the next frame, or the beginning of it."""
        part, self._ahead = self._ahead[:FRAME], self._ahead[FRAME:]
        return part

    def _echo(self) -> NDArray[np.int32]:
        if self._returns is None:
            return np.zeros(FRAME, dtype=np.int32)
        self._returned.append(self._returns(FRAME))
        return (self._returned.popleft() * self._gain).astype(np.int32)

    async def send(self, frame: Frame) -> None:
        raise MediaClosed("the line of a rehearsal is one-way")

    async def close(self) -> None:
        self._closed.set()
