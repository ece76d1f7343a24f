"""The audio between a sound device and a call: what was heard in frames, and what is yet to sound in a buffer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from threading import Lock
from types import MappingProxyType

from speech.audio import TELEPHONE, AudioFormat, Frame
from telephony_bridge.dialects import MOD_AUDIO_FORK_TWO_WAY
from telephony_bridge.media import MediaClosed, MediaFault

LIKE = MOD_AUDIO_FORK_TWO_WAY
"""The loudspeaker takes frames as this module of a switch does: a few ahead of time, thrown away when it is told to."""


class Loudspeaker:
    """Samples that are yet to sound. The call puts them in, and the device's thread takes them out."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._ahead = bytearray()

    def put(self, data: bytes) -> None:
        with self._lock:
            self._ahead += data

    def take(self, samples: int) -> bytes:
        """So many samples of L16, with silence after the last that is there."""
        size = TELEPHONE.bytes_for(samples)
        with self._lock:
            data = bytes(self._ahead[:size])
            del self._ahead[:size]
        return data.ljust(size, b"\0")

    def clear(self) -> None:
        with self._lock:
            self._ahead.clear()


class MicrophoneLink:
    """See `telephony_bridge.media.AudioLink`."""

    format: AudioFormat = TELEPHONE
    two_way = True
    metadata: Mapping[str, str] = MappingProxyType({})

    def __init__(self, call_id: str, loudspeaker: Loudspeaker) -> None:
        self.call_id = call_id
        self._loudspeaker = loudspeaker
        self._frames: asyncio.Queue[Frame | None] = asyncio.Queue()
        self._position = 0
        self.fault: MediaFault | None = None
        self.detail = ""

    def take(self, data: bytes) -> None:
        """The next samples of the microphone; on the call's event loop."""
        if data and self.fault is None:
            frame = Frame(TELEPHONE, data, self._position)
            self._position = frame.end
            self._frames.put_nowait(frame)

    async def frames(self) -> AsyncIterator[Frame]:
        while (frame := await self._frames.get()) is not None:
            yield frame

    async def send(self, frame: Frame) -> None:
        self.offer(frame)

    def offer(self, frame: Frame) -> bool:
        """As `send`, which never waits."""
        self.format.require(frame.format, "the loudspeaker")
        self._require_up()
        self._loudspeaker.put(frame.data)
        return True

    async def send_text(self, text: str) -> None:
        """`LIKE.flush` is the one command there is."""
        self._require_up()
        if text == LIKE.flush:
            self._loudspeaker.clear()

    async def close(self) -> None:
        self.end(MediaFault.CLOSED, "closed by us")

    def end(self, fault: MediaFault, detail: str) -> None:
        """The first reason stands."""
        if self.fault is None:
            self.fault, self.detail = fault, detail
            self._loudspeaker.clear()
            self._frames.put_nowait(None)

    def _require_up(self) -> None:
        if self.fault is not None:
            raise MediaClosed(self.detail)
