"""A scripted peer for the event socket: it answers as the test says, over a real socket, and can drop the line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from telephony_bridge.esl import encoding
from telephony_bridge.esl.connection import Endpoint
from telephony_bridge.esl.encoding import CommandParser, EslCommand
from tests.patience import PATIENCE_S, soon

PASSWORD = "a secret"

Answer = Callable[[EslCommand], bytes | None]


def usual(command: EslCommand) -> bytes | None:
    """What a switch without calls answers."""
    match command.verb:
        case "auth":
            return encoding.command_reply("+OK accepted" if command.argument == PASSWORD else "-ERR invalid")
        case "event":
            return encoding.command_reply("+OK event listener enabled plain")
        case "api":
            return encoding.api_response("+OK\n")
        case "bgapi":
            return encoding.command_reply("+OK Job-UUID: job-1", {"Job-UUID": "job-1"})
        case "sendmsg":
            return encoding.command_reply("+OK")
    return encoding.command_reply("-ERR command not found")


class EslPeer:
    """`answer` gives the reply to each command, or None for none. `commands` is what came, oldest first."""

    def __init__(self, answer: Answer = usual, greeting: bytes | None = None) -> None:
        self.answer = answer
        self.commands: list[EslCommand] = []
        self._greeting = encoding.auth_request() if greeting is None else greeting
        self._writers: list[asyncio.StreamWriter] = []
        self._news = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._port = 0

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Refuse new connections and drop those there are."""
        if self._server is not None:
            self._server.close()
        self.drop()

    def drop(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    def endpoint(self, password: str = PASSWORD, timeout_s: float = PATIENCE_S) -> Endpoint:
        return Endpoint("127.0.0.1", self._port, password, timeout_s)

    def send(self, data: bytes) -> None:
        for writer in self._writers:
            writer.write(data)

    async def got(self, verb: str, start: str = "", times: int = 1) -> EslCommand:
        """Wait until a command has come `times` times."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    found = [one for one in self.commands if one.verb == verb and one.argument.startswith(start)]
                    if len(found) >= times:
                        return found[times - 1]
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            came = [f"{one.verb} {one.argument}" for one in self.commands]
            raise AssertionError(
                f"{verb} {start} came {len(found)} times, not {times}; all that came: {came}"
            ) from None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        writer.write(self._greeting)
        parser = CommandParser()
        while data := await reader.read(65536):
            for command in parser.feed(data):
                self.commands.append(command)
                answer = self.answer(command)
                if answer is not None:
                    writer.write(answer)
                self._news.set()
        writer.close()


class Gate:
    """Stands in for the sleep before a reconnection: tells of each in `asked`, lets one pass per release."""

    def __init__(self) -> None:
        self.asked: asyncio.Queue[float] = asyncio.Queue()
        self.opened = asyncio.Semaphore(0)

    async def sleep(self, seconds: float) -> None:
        self.asked.put_nowait(seconds)
        await self.opened.acquire()

    async def asks(self) -> float:
        """The next sleep that is asked for."""
        return await soon(self.asked.get())


class Hurried:
    """An endpoint that has patience for the first `steps`, and none at all for the one after."""

    def __init__(self, endpoint: Endpoint, steps: int) -> None:
        self.host, self.port, self.password = endpoint.host, endpoint.port, endpoint.password
        self._steps = steps

    @property
    def timeout_s(self) -> float:
        """Asked for once for each step."""
        self._steps -= 1
        return PATIENCE_S if self._steps >= 0 else 0.0
