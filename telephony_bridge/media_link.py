"""One call's audio over one websocket: the shell around `media_protocol.py`."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping

import structlog
from websockets.exceptions import ConnectionClosed, ConnectionClosedOK
from websockets.frames import CloseCode

from speech.audio import AudioFormat, Frame
from telephony_bridge.gapless import gapless
from telephony_bridge.media import MediaClosed, MediaFault
from telephony_bridge.media_connection import MediaConnection
from telephony_bridge.media_protocol import MediaProtocol, MediaProtocolError

log = structlog.get_logger(__name__)

QUEUE_FRAMES = 500
"""10 s of 20 ms frames. Beyond it the oldest go: a listener that far behind cannot answer in time anyway."""

_CLOSE_CODES = {
    MediaFault.MALFORMED: CloseCode.INVALID_DATA,
    MediaFault.OVERSIZED: CloseCode.MESSAGE_TOO_BIG,
    MediaFault.WRONG_RATE: CloseCode.POLICY_VIOLATION,
}


class WebsocketMediaLink:
    """See `telephony_bridge.media.MediaLink`. The media server makes it and runs it."""

    def __init__(
        self,
        call_id: str,
        websocket: MediaConnection,
        clock: Callable[[], float] = time.monotonic,
        queue_frames: int = QUEUE_FRAMES,
    ) -> None:
        self._call_id = call_id
        self._websocket = websocket
        self._clock = clock
        self._protocol = MediaProtocol()
        self._frames: deque[Frame] = deque(maxlen=queue_frames)
        self._news = asyncio.Event()
        self._over = asyncio.Event()
        self._fault: MediaFault | None = None
        self._detail = ""
        self._overflowed = False
        self._slow_told = False

    @property
    def call_id(self) -> str:
        return self._call_id

    @property
    def format(self) -> AudioFormat:
        return self._protocol.format

    @property
    def metadata(self) -> Mapping[str, str]:
        return self._protocol.metadata

    @property
    def two_way(self) -> bool:
        return self._protocol.two_way

    @property
    def fault(self) -> MediaFault | None:
        return self._fault

    @property
    def detail(self) -> str:
        return self._detail

    def frames(self) -> AsyncIterator[Frame]:
        """Where the listener fell more than the queue behind, silence stands for what was dropped."""
        return gapless(self._frames, self._news, lambda: self._fault is not None)

    async def send(self, frame: Frame) -> None:
        self.format.require(frame.format, "the media link")
        await self._send(self._websocket.send(frame.data))

    def offer(self, frame: Frame) -> bool:
        """As `send`, where that need not wait; else False, and nothing is sent."""
        self.format.require(frame.format, "the media link")
        if self._fault is not None or not self.two_way:
            raise MediaClosed(self._detail or "this media link does not take audio")
        return self._websocket.write_audio(frame.data)

    async def send_text(self, text: str) -> None:
        """A command of the module at the other end; only where `two_way`. Raises `MediaClosed`."""
        await self._send(self._websocket.send(text))

    async def _send(self, sending: Coroutine[None, None, None]) -> None:
        if self._fault is not None or not self.two_way:
            sending.close()
            raise MediaClosed(self._detail or "this media link does not take audio")
        try:
            await sending
        except ConnectionClosed as closed:
            self._end(*_fault_of(closed))
            raise MediaClosed(self._detail) from None

    async def close(self) -> None:
        self._end(MediaFault.CLOSED, "closed by us")
        await self._websocket.close()

    async def run(self, announce: Callable[[], bool], metadata_timeout_s: float) -> None:
        """Receive until the link ends.

        Calls `announce` when the metadata is there, or the link ended without; it answers whether the call wants it.
        """
        try:
            async with asyncio.timeout(metadata_timeout_s):
                await self._receive()
            if not announce():
                self._end(MediaFault.CLOSED, "the call no longer expects this link")
            while self._fault is None and not self._websocket.hand_on(self._taken):
                await self._receive()
            await self._until_over()
        except MediaProtocolError as error:
            self._end(error.fault, str(error))
        except TimeoutError:
            self._end(MediaFault.MALFORMED, f"no metadata within {metadata_timeout_s:g} s of connecting")
        except ConnectionClosed as closed:
            self._end(*_fault_of(closed))
        finally:
            self._end(MediaFault.UNKNOWN, "the media server failed")
            announce()
        code = _CLOSE_CODES.get(self._fault) if self._fault else None
        goodbye = self._websocket.close(code or CloseCode.NORMAL_CLOSURE, self._detail[:100])
        await asyncio.gather(goodbye, self._drain())

    async def _drain(self) -> None:
        """Throw away what still comes: the peer's goodbye stands in the queue behind it."""
        with contextlib.suppress(ConnectionClosed):
            while True:
                await self._websocket.recv()

    async def _until_over(self) -> None:
        """What is handed on says of itself when it is over; the queue gets what comes in fragments, and the goodbye."""
        receiving = asyncio.ensure_future(self._receive_all())
        over = asyncio.ensure_future(self._over.wait())
        try:
            await asyncio.wait([receiving, over], return_when=asyncio.FIRST_COMPLETED)
            if receiving.done():
                receiving.result()
        finally:
            for waiting in (receiving, over):
                waiting.cancel()
            await asyncio.gather(receiving, over, return_exceptions=True)

    async def _receive_all(self) -> None:
        while self._fault is None:
            await self._receive()

    async def _receive(self) -> None:
        self._take(await self._websocket.recv())

    def _taken(self, message: str | bytes) -> None:
        """Handed on by the connection, which must not be told of faults."""
        if self._fault is None:
            try:
                self._take(message)
            except MediaProtocolError as error:
                self._end(error.fault, str(error))

    def _take(self, message: str | bytes) -> None:
        if isinstance(message, str):
            self._protocol.receive_text(message)
            return
        frame = self._protocol.receive_binary(message, self._clock())
        if frame is None:
            return
        if self._protocol.too_slow is not None and not self._slow_told:
            self._slow_told = True
            log.warning("audio comes slower than announced", call_id=self._call_id, rate=round(self._protocol.too_slow))
        if len(self._frames) == self._frames.maxlen and not self._overflowed:
            self._overflowed = True
            log.warning("media queue full, dropping the oldest audio", call_id=self._call_id)
        self._frames.append(frame)
        self._news.set()

    def _end(self, fault: MediaFault, detail: str) -> None:
        """The first reason stands."""
        if self._fault is None:
            self._fault, self._detail = fault, detail
            self._over.set()
            self._news.set()


def _fault_of(closed: ConnectionClosed) -> tuple[MediaFault, str]:
    if closed.sent is not None and closed.sent.code == CloseCode.MESSAGE_TOO_BIG:
        return MediaFault.OVERSIZED, closed.sent.reason or "a message above the limit"
    if closed.sent is not None and closed.sent.code == CloseCode.PROTOCOL_ERROR:
        return MediaFault.MALFORMED, f"not the websocket protocol: {closed.sent.reason}"
    if closed.sent is not None and not closed.rcvd_then_sent:
        return MediaFault.CLOSED, "closed by us"
    if isinstance(closed, ConnectionClosedOK):
        return MediaFault.CLOSED, "the switch closed the link"
    if closed.rcvd is None:
        return MediaFault.DROPPED, "the connection broke without a goodbye"
    return MediaFault.DROPPED, f"the peer closed with code {closed.rcvd.code}"
