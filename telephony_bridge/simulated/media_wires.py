"""A call's media connection: its websocket, what goes out on it and what comes back, and the files it leaves."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from speech.audio import Samples
from telephony_bridge.simulated.media_socket import MediaSocket, MediaWatcher
from telephony_bridge.simulated.signals import StreamRequest
from telephony_bridge.simulated.wire import FromServer, ToServer, summed


class MediaWires:
    """At most one connection at a time."""

    def __init__(self) -> None:
        self._request: StreamRequest | None = None
        self._socket: MediaSocket | None = None
        self._to_server: ToServer | None = None
        self._from_server: FromServer | None = None
        self._files: list[Path] = []
        self._closing: list[MediaSocket] = []

    def connect(self, request: StreamRequest, two_way: bool, watcher: MediaWatcher) -> None:
        """`two_way`: the module is one that can play what comes back, if the request asks for it."""
        self._request = request
        self._to_server = ToServer(request)
        self._from_server = FromServer(request.plays) if two_way and request.plays is not None else None
        self._socket = MediaSocket(request, watcher)

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._closing.append(self._socket)
        self._socket = self._to_server = self._from_server = self._request = None
        for file in self._files:
            file.unlink(missing_ok=True)
        self._files.clear()

    async def closed(self) -> None:
        """Wait for the goodbyes that are still under way."""
        await asyncio.gather(*(socket.wait_closed() for socket in self._closing))

    def store(self, path: Path, data: bytes) -> None:
        """Keep what the server sent as a file, until the connection is closed."""
        self._files.append(path)
        path.write_bytes(data)

    def send(self, message: str | bytes) -> bool:
        """False where there is no connection."""
        if self._socket is None:
            return False
        self._socket.send(message)
        return True

    def send_tick(self, said: Samples, heard: Samples) -> None:
        """20 ms of both sides of the line."""
        if self._to_server is not None:
            for message in self._to_server.messages(said, heard):
                self.send(message)

    def feed(self, message: bytes) -> None:
        """Audio from the server, which a one-way module throws away."""
        if self._from_server is not None:
            self._from_server.feed(message)

    def over(self, heard: Samples) -> Samples:
        """What the customer hears in a tick: what the switch plays, and the server's audio over it."""
        return heard if self._from_server is None else summed(heard, self._from_server.take())

    def drop_audio(self) -> bool:
        """Play nothing of what the server has sent so far."""
        if self._from_server is None:
            return False
        self._from_server.drop()
        return True

    def abort(self) -> bool:
        """Break the connection without a close frame; the module reports an abnormal end."""
        if self._socket is None:
            return False
        self._socket.abort()
        return True

    def stall(self) -> bool:
        """A peer that is held up: for a while nothing is read and nothing sent, then what has gathered goes at once."""
        return self._socket is not None and self._socket.stall()

    def double_rate(self) -> bool:
        """From now on send twice the samples per second that were asked for."""
        if self._request is None:
            return False
        self._to_server = ToServer(replace(self._request, rate=2 * self._request.rate))
        return True
