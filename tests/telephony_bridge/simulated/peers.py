"""The two peers of a switch, as plain as can be: a raw event socket client and a media websocket server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from telephony_bridge.esl import protocol
from telephony_bridge.esl.protocol import EslMessage, EslParser, MessageKind
from telephony_bridge.simulated.customer import Customer
from telephony_bridge.simulated.settings import SwitchSettings
from telephony_bridge.simulated.switch import SimulatedSwitch
from tests.patience import PATIENCE_S
from tests.telephony_bridge.simulated.serving import serving


class RawEsl:
    """A client that shows everything it gets: replies are returned, events wait in order."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._parser = EslParser()
        self._others: asyncio.Queue[EslMessage] = asyncio.Queue()
        self._events: asyncio.Queue[EslMessage] = asyncio.Queue()
        self.seen: list[EslMessage] = []
        self.ended = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def connect(cls, port: int) -> RawEsl:
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    @classmethod
    async def admitted(cls, port: int, subscription: str = "event plain ALL") -> RawEsl:
        esl = await cls.connect(port)
        assert (await esl.message()).kind is MessageKind.AUTH_REQUEST
        assert (await esl.command("auth ClueCon")).reply == "+OK accepted"
        assert (await esl.command(subscription)).reply == "+OK event listener enabled plain"
        return esl

    async def _read(self) -> None:
        try:
            while data := await self._reader.read(65536):
                for message in self._parser.feed(data):
                    queue = self._events if message.kind is MessageKind.EVENT else self._others
                    queue.put_nowait(message)
        except ConnectionError:
            pass
        self.ended.set()

    async def message(self) -> EslMessage:
        async with asyncio.timeout(PATIENCE_S):
            return await self._others.get()

    def send(self, text: str) -> None:
        self._writer.write(f"{text}\n\n".encode())

    async def command(self, text: str) -> EslMessage:
        self.send(text)
        return await self.message()

    async def api(self, text: str) -> str:
        """The whole body of the answer."""
        message = await self.command(f"api {text}")
        assert message.kind is MessageKind.API_RESPONSE
        return message.body

    async def play(self, uuid: str, path: object, event_uuid: str) -> str:
        self._writer.write(protocol.sendmsg_execute(uuid, "playback", str(path), event_uuid))
        return (await self.message()).reply

    async def event(self, *names: str) -> EslMessage:
        """The next event with one of these names or subclasses; those before it are only in `seen`."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                event = await self._events.get()
                self.seen.append(event)
                if event.event_name in names or event.subclass in names:
                    return event

    async def answered_call(self, uuid: str = "call-1", number: str = "100", variables: str = "") -> None:
        given = f"{{origination_uuid={uuid},ignore_early_media=true{variables}}}"
        assert await self.api(f"originate {given}sofia/gateway/trunk/{number} &park()") == f"+OK {uuid}\n"

    async def wait_ended(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            await self.ended.wait()

    async def close(self) -> None:
        self._writer.close()
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)


@dataclass
class MediaConnection:
    """One stream as the server sees it."""

    socket: ServerConnection
    messages: asyncio.Queue[str | bytes] = field(default_factory=asyncio.Queue)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def next(self) -> str | bytes:
        async with asyncio.timeout(PATIENCE_S):
            return await self.messages.get()

    async def next_where(self, wanted: Callable[[str | bytes], bool]) -> str | bytes:
        async with asyncio.timeout(PATIENCE_S):
            while not wanted(message := await self.messages.get()):
                pass
            return message

    async def wait_ended(self) -> int | None:
        """The close code received; None where the connection broke without one."""
        async with asyncio.timeout(PATIENCE_S):
            await self.ended.wait()
        close = self.socket.protocol.close_rcvd
        return None if close is None else close.code


class MediaServer:
    """Accepts streams and keeps what they bring."""

    def __init__(self) -> None:
        self.port = 0
        self._connections: asyncio.Queue[MediaConnection] = asyncio.Queue()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/media?call=1"

    async def handle(self, socket: ServerConnection) -> None:
        connection = MediaConnection(socket)
        self._connections.put_nowait(connection)
        try:
            async for message in socket:
                connection.messages.put_nowait(message)
        except ConnectionClosed:
            pass
        connection.ended.set()

    async def connection(self) -> MediaConnection:
        async with asyncio.timeout(PATIENCE_S):
            return await self._connections.get()


@asynccontextmanager
async def media_server() -> AsyncIterator[MediaServer]:
    media = MediaServer()
    async with serve(media.handle, "127.0.0.1", 0, max_size=None) as server:
        media.port = next(iter(server.sockets)).getsockname()[1]
        yield media


@asynccontextmanager
async def running_switch(settings: SwitchSettings, customer: Callable[[], Customer]) -> AsyncIterator[SimulatedSwitch]:
    async with serving(SimulatedSwitch(settings, lambda _number, _variables: customer())) as switch:
        yield switch
