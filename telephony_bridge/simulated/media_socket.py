"""The media websocket as mod_audio_stream opens it: a client that sends L16 and reports what becomes of it."""

from __future__ import annotations

import asyncio
import contextlib
import re
from dataclasses import dataclass
from typing import Protocol

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI
from websockets.typing import Origin, Subprotocol

from telephony_bridge.simulated.signals import StreamRequest
from telephony_bridge.simulated.stream import ABNORMAL_EOF, CONNECT_FAILED_CODE, REFUSED

SEND_QUEUE_MESSAGES = 1024
"""Messages the module keeps for a server that does not read; further ones are dropped."""

CLOSE_TIMEOUT_S = 1.0

STALL_S = 3.0

_ADDRESS = re.compile(r"^(wss?)://([A-Za-z0-9.-]+)(?::(\d{1,5}))?(?:[/?].*)?$")


class MediaWatcher(Protocol):
    """Who hears of a media websocket; nothing more comes after `failed` or `closed_by_server`."""

    def opened(self) -> None: ...

    def failed(self, code: int, error: str) -> None: ...

    def closed_by_server(self, code: int, reason: str) -> None: ...

    def received(self, message: str | bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class _Close:
    """The last thing in the send queue."""


def acceptable_url(url: str) -> bool:
    """Whether the module takes the address: ws or wss, a host of letters, digits, `-` and `.`, no user name."""
    return _ADDRESS.match(url) is not None


def origin_of(url: str) -> str:
    """The Origin header the module sends: `http://<host>:<port>`."""
    match = _ADDRESS.match(url)
    if match is None:
        raise ValueError(f"not an address the module accepts: {url}")
    scheme, host, port = match.groups()
    return f"http://{host}:{port or ('443' if scheme == 'wss' else '80')}"


class MediaSocket:
    """One connection. `send` never waits; `close` sends what is queued, then 1000."""

    def __init__(self, request: StreamRequest, watcher: MediaWatcher) -> None:
        self._request = request
        self._watcher: MediaWatcher | None = watcher
        self._queue: asyncio.Queue[str | bytes | _Close] = asyncio.Queue(SEND_QUEUE_MESSAGES)
        self._connection: ClientConnection | None = None
        self._flows = asyncio.Event()
        self._flows.set()
        self._task = asyncio.create_task(self._run(), name="media websocket")

    def send(self, message: str | bytes) -> None:
        with contextlib.suppress(asyncio.QueueFull):
            self._queue.put_nowait(message)

    def close(self) -> None:
        """End without a further report."""
        self._watcher = None
        if self._connection is None:
            self._task.cancel()
            return
        if self._queue.full():
            self._queue.get_nowait()
        self._queue.put_nowait(_Close())
        asyncio.get_running_loop().call_later(CLOSE_TIMEOUT_S, self.abort)  # for a server that does not read

    def abort(self) -> None:
        """Break the connection without a close frame."""
        if self._connection is not None:
            self._connection.transport.abort()

    def stall(self) -> bool:
        """For `STALL_S`, read nothing and send nothing; False before there is a connection."""
        if self._connection is None:
            return False
        self._flows.clear()
        self._connection.transport.pause_reading()
        asyncio.get_running_loop().call_later(STALL_S, self._go_on, self._connection)
        return True

    def _go_on(self, connection: ClientConnection) -> None:
        self._flows.set()
        connection.transport.resume_reading()

    async def wait_closed(self) -> None:
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        connection = await self._connect()
        if connection is None:
            return
        self._connection = connection
        sending = asyncio.create_task(self._send(connection), name="media websocket sender")
        if self._watcher is not None:
            self._watcher.opened()
        try:
            async for message in connection:
                if self._watcher is not None:
                    self._watcher.received(message)
        except ConnectionClosed:
            pass  # told below
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
        self._report_end(connection)

    async def _connect(self) -> ClientConnection | None:
        try:
            return await connect(
                self._request.url,
                origin=Origin(origin_of(self._request.url)),
                subprotocols=[Subprotocol(offered)] if (offered := self._request.subprotocol) else None,
                compression=None,
                user_agent_header=None,
                additional_headers=dict(self._request.extra_headers),
                proxy=None,
                ping_interval=self._request.heartbeat_s,
                ping_timeout=None,
                max_size=None,
                close_timeout=CLOSE_TIMEOUT_S,
            )
        except ConnectionRefusedError:
            failure = REFUSED
        except (OSError, InvalidHandshake, InvalidURI) as error:  # only the refusal was seen on a real switch
            failure = (CONNECT_FAILED_CODE, str(error))
        if self._watcher is not None:
            self._watcher.failed(*failure)
        return None

    async def _send(self, connection: ClientConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            while not isinstance(message := await self._queue.get(), _Close):
                await self._flows.wait()
                await connection.send(message)
            await connection.close(1000, "Normal closure")

    def _report_end(self, connection: ClientConnection) -> None:
        if self._watcher is None:
            return
        if connection.protocol.close_rcvd is None:
            self._watcher.failed(*ABNORMAL_EOF)
        else:
            self._watcher.closed_by_server(connection.protocol.close_rcvd.code, connection.protocol.close_rcvd.reason)
