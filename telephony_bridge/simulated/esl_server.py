"""The event socket's server side: authentication, commands, subscriptions, several clients at once."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Mapping
from typing import Protocol
from uuid import uuid4

import structlog

from telephony_bridge.esl import encoding
from telephony_bridge.esl.encoding import CommandParser, EslCommand
from telephony_bridge.esl.framing import EslProtocolError

log = structlog.get_logger(__name__)

GOODBYE = "Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n"


class Commands(Protocol):
    """What the switch does for its clients."""

    async def api(self, command: str) -> str:
        """Run an API command; the whole answer, line end included."""
        ...

    def background(self, command: str, job_uuid: str) -> None:
        """Run an API command and publish its answer as BACKGROUND_JOB."""
        ...

    async def send_message(self, uuid: str, headers: Mapping[str, str]) -> str:
        """Carry out a `sendmsg`; its Reply-Text. Header names are in lower case."""
        ...

    def send_event(self, name: str, headers: Mapping[str, str], body: str) -> str:
        """Publish a client's own event; its Reply-Text."""
        ...


class Subscription:
    """Which events a client wants; words add up over several `event` commands."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._subclasses: set[str] = set()

    def add(self, words: list[str]) -> None:
        """Event names, and after the word CUSTOM subclasses."""
        custom = words.index("CUSTOM") if "CUSTOM" in words else len(words)
        self._names |= set(words[:custom])
        self._subclasses |= set(words[custom + 1 :])

    def clear(self) -> None:
        self._names.clear()
        self._subclasses.clear()

    def wants(self, headers: Mapping[str, str]) -> bool:
        if "ALL" in self._names:
            return True
        if headers["Event-Name"] == "CUSTOM":
            return headers.get("Event-Subclass", "") in self._subclasses
        return headers["Event-Name"] in self._names


class EslServer:
    """Listens, and tells every client what it subscribed to."""

    def __init__(self, password: str, commands: Commands) -> None:
        self._password = password
        self._commands = commands
        self._server: asyncio.Server | None = None
        self._clients: set[_Client] = set()

    async def listen(self, host: str, port: int) -> int:
        """Start; returns the port. Raises `OSError`."""
        self._server = await asyncio.start_server(self._accept, host, port)
        chosen: int = self._server.sockets[0].getsockname()[1]
        return chosen

    def publish(self, headers: Mapping[str, str], body: str = "") -> None:
        takers = [client for client in self._clients if client.subscription.wants(headers)]
        if takers:
            data = encoding.event(headers, body)
            for client in takers:
                client.write(data)

    def drop_all(self) -> None:
        """Break every connection as a cut cable would."""
        for client in tuple(self._clients):
            client.abort()

    async def close(self) -> None:
        if self._server is None:
            return
        self._server.close()
        for client in tuple(self._clients):
            client.dismiss()
        await self._server.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = _Client(writer, self._password, self._commands)
        self._clients.add(client)
        try:
            await client.serve(reader)
        except (EslProtocolError, OSError) as error:
            log.warning("an event socket client was cut off", error=error)
        finally:
            self._clients.discard(client)
            writer.close()


class _Client:
    """One connection: commands are answered in order, one at a time."""

    def __init__(self, writer: asyncio.StreamWriter, password: str, commands: Commands) -> None:
        self._writer = writer
        self._password = password
        self._commands = commands
        self._admitted = False
        self.subscription = Subscription()

    def write(self, data: bytes) -> None:
        if not self._writer.is_closing():
            self._writer.write(data)

    def abort(self) -> None:
        self._writer.transport.abort()

    def dismiss(self) -> None:
        self.write(encoding.disconnect_notice(GOODBYE))
        self._writer.close()

    async def serve(self, reader: asyncio.StreamReader) -> None:
        parser = CommandParser()
        self.write(encoding.auth_request())
        while data := await reader.read(65536):
            for command in parser.feed(data):
                if not await self._obey(command):
                    return

    async def _obey(self, command: EslCommand) -> bool:
        """Carry out one command; False ends the connection."""
        if not self._admitted:
            return self._authenticate(command)
        match command.verb:
            case "api":
                self.write(encoding.api_response(await self._commands.api(command.argument)))
            case "bgapi":
                self._background(command)
            case "event":
                self._subscribe(command.argument.split())
            case "noevents":
                self.subscription.clear()
                self._reply("+OK no longer listening for events")
            case "sendmsg":
                headers = {name.lower(): value for name, value in command.headers.items()}
                self._reply(await self._commands.send_message(command.argument.strip(), headers))
            case "sendevent":
                self._reply(self._commands.send_event(command.argument.strip(), command.headers, command.body))
            case "exit":
                self._reply("+OK bye")
                self.dismiss()
                return False
            case _:
                self._reply("-ERR command not found")
        return True

    def _authenticate(self, command: EslCommand) -> bool:
        if command.verb == "auth":
            if hmac.compare_digest(command.argument.encode(), self._password.encode()):
                self._admitted = True
                self._reply("+OK accepted")
                return True
            self._reply("-ERR invalid")
        else:
            self._reply("-ERR command not found")
        self.dismiss()
        return False

    def _background(self, command: EslCommand) -> None:
        job_uuid = command.headers.get("Job-UUID") or str(uuid4())
        self.write(encoding.command_reply(f"+OK Job-UUID: {job_uuid}", {"Job-UUID": job_uuid}))
        self._commands.background(command.argument, job_uuid)

    def _subscribe(self, words: list[str]) -> None:
        if len(words) < 2 or words[0] != "plain":
            self._reply("-ERR the simulated switch sends plain events only: event plain <names>")
            return
        self.subscription.add(words[1:])
        self._reply("+OK event listener enabled plain")

    def _reply(self, text: str) -> None:
        self.write(encoding.command_reply(text))
