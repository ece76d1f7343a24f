"""One connection to a switch's event socket, from TCP connect to its end; it never comes back to life.

Replies carry no id: the switch answers commands in the order it got them, so they are matched by order, and a
caller that stopped waiting still keeps its place in the queue.
"""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog

from telephony_bridge.esl import protocol
from telephony_bridge.esl.protocol import EslMessage, EslParser, EslProtocolError, MessageKind
from telephony_bridge.leg import SwitchUnreachable

log = structlog.get_logger(__name__)

REMEDY = "start the switch, or correct host, port and password under [switch] in voicebot.toml"

EventHandler = Callable[[EslMessage], None]


class SwitchRefused(SwitchUnreachable):
    """The switch is there but does not let us in: wrong password, or our address is not on its access list."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a switch's event socket listens. Times in seconds."""

    host: str
    port: int = 8021
    password: str = field(default="ClueCon", repr=False)
    timeout_s: float = 5.0
    """Limit for connecting, and for each reply: FreeSWITCH answers an api command in milliseconds."""

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(slots=True)
class _Sent:
    """A command whose reply is due; with `job` where a background result follows the reply."""

    reply: asyncio.Future[EslMessage]
    job: asyncio.Future[str] | None = None


class EslConnection:
    """Made by `EslConnection.open`; `ended` gives the reason once the connection is over."""

    def __init__(
        self, endpoint: Endpoint, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, on_event: EventHandler
    ) -> None:
        self._endpoint = endpoint
        self._reader = reader
        self._writer = writer
        self._on_event = on_event
        self._sent: deque[_Sent] = deque()
        self._jobs: dict[str, asyncio.Future[str]] = {}
        loop = asyncio.get_running_loop()
        self._admission: asyncio.Future[None] = loop.create_future()
        self.ended: asyncio.Future[str] = loop.create_future()
        self._reading = asyncio.create_task(self._read(), name=f"esl {endpoint}")

    @classmethod
    async def open(cls, endpoint: Endpoint, on_event: EventHandler) -> EslConnection:
        """Connect and authenticate. Raises `SwitchUnreachable`, or `SwitchRefused` where we are not let in."""
        try:
            async with asyncio.timeout(endpoint.timeout_s):
                reader, writer = await asyncio.open_connection(endpoint.host, endpoint.port)
        except TimeoutError:
            raise SwitchUnreachable(
                f"no answer from the switch at {endpoint} in {endpoint.timeout_s:g} s; {REMEDY}"
            ) from None
        except OSError as error:
            raise SwitchUnreachable(f"cannot connect to the switch at {endpoint} ({error}); {REMEDY}") from None
        _notice_dead_peers(writer)
        connection = cls(endpoint, reader, writer, on_event)
        try:
            await connection._authenticate()
        except BaseException:
            await connection.close("authentication did not succeed")
            raise
        return connection

    async def _authenticate(self) -> None:
        try:
            async with asyncio.timeout(self._endpoint.timeout_s):
                await self._admission
        except TimeoutError:
            raise SwitchUnreachable(
                f"{self._endpoint} accepts connections but does not greet like a FreeSWITCH event socket"
            ) from None
        answer = await self.command(protocol.auth(self._endpoint.password))
        if not answer.reply.startswith("+OK"):
            raise SwitchRefused(
                f"the switch at {self._endpoint} refuses the password; set [switch] password to the one in its "
                "event_socket.conf.xml"
            )

    async def command(self, data: bytes) -> EslMessage:
        """Send one command and return its reply. Raises `SwitchUnreachable` if the connection ends first."""
        sent = _Sent(asyncio.get_running_loop().create_future())
        return await self._reply_to(data, sent)

    async def job(self, data: bytes) -> str:
        """Send a bgapi command and return the job's result, however long it takes."""
        loop = asyncio.get_running_loop()
        job: asyncio.Future[str] = loop.create_future()
        answer = await self._reply_to(data, _Sent(loop.create_future(), job))
        if "Job-UUID" not in answer.headers:
            return answer.reply
        return await job

    async def _reply_to(self, data: bytes, sent: _Sent) -> EslMessage:
        if self.ended.done():
            raise SwitchUnreachable(self.ended.result())
        self._sent.append(sent)
        self._writer.write(data)
        try:
            async with asyncio.timeout(self._endpoint.timeout_s):
                return await sent.reply
        except TimeoutError:
            reason = f"the switch did not answer a command in {self._endpoint.timeout_s:g} s"
            log.warning("the switch does not answer a command", within_s=self._endpoint.timeout_s)
            self._end(reason)
            raise SwitchUnreachable(reason) from None

    async def close(self, reason: str = "closed by us") -> None:
        self._end(reason)
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)

    async def _read(self) -> None:
        parser = EslParser()
        reason = "the switch closed the connection"
        try:
            while data := await self._reader.read(65536):
                for message in parser.feed(data):
                    self._receive(message)
        except EslProtocolError as error:
            reason = f"the switch sent something that is not the event socket protocol: {error}"
            log.warning("the switch sends something else than its protocol", error=error)
        except OSError as error:
            reason = f"the connection to the switch broke: {error}"
            log.warning("the connection to the switch broke", error=error)
        self._end(reason)

    def _receive(self, message: EslMessage) -> None:
        match message.kind:
            case MessageKind.COMMAND_REPLY | MessageKind.API_RESPONSE:
                self._receive_reply(message)
            case MessageKind.EVENT if message.event_name == "BACKGROUND_JOB":
                job = self._jobs.pop(message.headers.get("Job-UUID", ""), None)
                if job is not None and not job.done():
                    job.set_result(message.body.rstrip("\n"))
            case MessageKind.EVENT:
                self._on_event(message)
            case MessageKind.AUTH_REQUEST if not self._admission.done():
                self._admission.set_result(None)
            case MessageKind.REJECTED if not self._admission.done():
                self._admission.set_exception(
                    SwitchRefused(
                        f"the switch at {self._endpoint} refuses this machine's address; admit it in the access list "
                        "that event_socket.conf.xml names in apply-inbound-acl"
                    )
                )
            case _:
                log.debug("esl message without a use", kind=message.kind.value)

    def _receive_reply(self, message: EslMessage) -> None:
        if not self._sent:
            raise EslProtocolError("a reply to no command")
        sent = self._sent.popleft()
        if sent.job is not None and "Job-UUID" in message.headers:
            self._jobs[message.headers["Job-UUID"]] = sent.job
        if not sent.reply.done():
            sent.reply.set_result(message)

    def _end(self, reason: str) -> None:
        """Fail what still waits, close the socket. Only the first call has an effect."""
        if self.ended.done():
            return
        self.ended.set_result(reason)
        self._writer.close()
        jobs = [sent.job for sent in self._sent if sent.job is not None] + list(self._jobs.values())
        waiting: list[asyncio.Future[Any]] = [self._admission, *(sent.reply for sent in self._sent), *jobs]
        for future in waiting:
            if not future.done():
                future.set_exception(SwitchUnreachable(reason))
                future.exception()  # retrieved: not every one of them has a caller left
        self._sent.clear()
        self._jobs.clear()


def _notice_dead_peers(writer: asyncio.StreamWriter) -> None:
    """Let the kernel find out within about 25 s that the switch's machine is gone without a word."""
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (("TCP_KEEPIDLE", 10), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 3)):
        if hasattr(socket, option):
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
