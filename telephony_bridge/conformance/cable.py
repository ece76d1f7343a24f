"""A connection through us that can be cut: how the kit breaks the bridge's control of a switch it cannot command."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

from telephony_bridge.esl.connection import Endpoint


class Cable:
    """Listens on loopback; what comes goes to the switch and back, unread."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def listen(self) -> Endpoint:
        """Where the switch can be reached through the cable."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return Endpoint("127.0.0.1", port, self._endpoint.password, self._endpoint.timeout_s)

    def cut(self) -> None:
        """Break every connection; new ones can be made at once."""
        for writer in tuple(self._writers):
            writer.transport.abort()

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            self.cut()
            await self._server.wait_closed()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with _known(self._writers, writer), contextlib.suppress(OSError):
            far_reader, far_writer = await asyncio.open_connection(self._endpoint.host, self._endpoint.port)
            with _known(self._writers, far_writer):
                await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))


@contextlib.contextmanager
def _known(writers: set[asyncio.StreamWriter], writer: asyncio.StreamWriter) -> Iterator[None]:
    writers.add(writer)
    try:
        yield
    finally:
        writers.discard(writer)
        writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()


@asynccontextmanager
async def cable_to(endpoint: Endpoint) -> AsyncIterator[tuple[Cable, Endpoint]]:
    cable = Cable(endpoint)
    try:
        yield cable, await cable.listen()
    finally:
        await cable.close()
