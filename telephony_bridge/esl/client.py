"""A client of the event socket that outlives its connections: reconnects, subscribes again, says what happened.

Events go to whoever subscribed to their channel, synchronously and in order; a handler must not block.
"""

from __future__ import annotations

import asyncio
import itertools
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog

from telephony_bridge.esl import protocol
from telephony_bridge.esl.connection import Endpoint, EslConnection, EventHandler, SwitchRefused
from telephony_bridge.esl.protocol import EslMessage
from telephony_bridge.leg import SwitchUnreachable

log = structlog.get_logger(__name__)


def growing_delay(attempt: int) -> float:
    """Seconds to wait before the given attempt to reconnect, counted from 0: from 0.25 doubling up to 10."""
    return min(math.ldexp(0.25, min(attempt, 10)), 10.0)


def _ignore_event(_event: EslMessage) -> None:
    """Nobody asked to hear of other channels."""


def _ignore_loss(_reason: str) -> None:
    """Nobody asked to hear of a lost connection."""


async def _ignore_return() -> None:
    """Nobody asked to hear of a restored connection."""


class EslClient:
    """`await start()`, then commands. They raise `SwitchUnreachable` while the connection is down."""

    def __init__(
        self,
        endpoint: Endpoint,
        events: Sequence[str],
        subclasses: Sequence[str] = (),
        *,
        delay: Callable[[int], float] = growing_delay,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.endpoint = endpoint
        self.on_other: EventHandler = _ignore_event
        """Gets the events of channels that nobody subscribed to."""
        self.on_lost: Callable[[str], None] = _ignore_loss
        self.on_restored: Callable[[], Awaitable[None]] = _ignore_return
        self._subscription = protocol.event_plain(["BACKGROUND_JOB", *events], subclasses)
        self._delay = delay
        self._sleep = sleep
        self._handlers: dict[str, EventHandler] = {}
        self._connection: EslConnection | None = None
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect for the first time. Raises `SwitchUnreachable`: a wrong setting should be seen at once."""
        self._connection = await self._connect()
        self.keep_connected()

    def keep_connected(self) -> None:
        """Connect as soon as the switch can be reached, and again after each loss; `on_restored` tells of both."""
        self._watching = asyncio.create_task(self._watch(), name=f"esl watch {self.endpoint}")

    @property
    def connected(self) -> bool:
        return self._connection is not None

    async def close(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        if self._connection is not None:
            await self._connection.close()
            self._connection = None

    async def api(self, command: str) -> str:
        """Run an API command; returns its text without the line end, +OK or -ERR included."""
        return (await self._current().command(protocol.api(command))).reply

    async def bgapi(self, command: str) -> str:
        """Run an API command in the background of the switch; returns the job's result when it comes."""
        return await self._current().job(protocol.bgapi(command))

    async def execute(self, uuid: str, application: str, argument: str, event_uuid: str) -> str:
        """Queue an application on a channel; returns the reply, +OK or -ERR."""
        message = protocol.sendmsg_execute(uuid, application, argument, event_uuid)
        return (await self._current().command(message)).reply

    async def unicast(self, uuid: str, local: tuple[str, int], remote: tuple[str, int]) -> str:
        """See `protocol.sendmsg_unicast`; returns the reply, +OK or -ERR."""
        return (await self._current().command(protocol.sendmsg_unicast(uuid, local, remote))).reply

    async def send_event(self, subclass: str, headers: Mapping[str, str]) -> str:
        """Send a CUSTOM event to the switch's other clients; returns the reply, +OK or -ERR."""
        return (await self._current().command(protocol.sendevent_custom(subclass, headers))).reply

    def subscribe(self, unique_id: str, handler: EventHandler) -> None:
        """Hand every event of a channel to `handler`, over reconnections too, until `unsubscribe`."""
        self._handlers[unique_id] = handler

    def unsubscribe(self, unique_id: str) -> None:
        self._handlers.pop(unique_id, None)

    def _current(self) -> EslConnection:
        if self._connection is None:
            raise SwitchUnreachable(f"not connected to the switch at {self.endpoint}")
        return self._connection

    def _dispatch(self, event: EslMessage) -> None:
        handler = self._handlers.get(event.unique_id, self.on_other)
        try:
            handler(event)
        except Exception as error:  # one channel's trouble must not end the connection that all channels share
            log.error("esl event handler failed", event_name=event.event_name, error=error)

    async def _connect(self) -> EslConnection:
        connection = await EslConnection.open(self.endpoint, self._dispatch)
        try:
            answer = await connection.command(self._subscription)
            if not answer.reply.startswith("+OK"):
                raise SwitchUnreachable(f"the switch refuses the subscription to events: {answer.reply}")
        except BaseException:
            await connection.close()
            raise
        return connection

    async def _watch(self) -> None:
        while True:
            if self._connection is not None:
                reason = await asyncio.shield(self._connection.ended)
                self._connection = None
                log.warning("switch lost", host=self.endpoint.host, port=self.endpoint.port)
                self.on_lost(reason)
            self._connection = await self._reconnect()
            log.info("switch restored", host=self.endpoint.host, port=self.endpoint.port)
            try:
                await self.on_restored()
            except SwitchUnreachable:
                continue  # lost again while taking stock; the next round tells
            except Exception as error:  # one call's trouble must not cost every later reconnection
                log.error("taking stock after a reconnection failed", error=error)

    async def _reconnect(self) -> EslConnection:
        refused = False
        for attempt in itertools.count():
            await self._sleep(self._delay(attempt))
            try:
                return await self._connect()
            except SwitchUnreachable as error:
                before, refused = refused, isinstance(error, SwitchRefused)
                tell = log.warning if refused and not before else log.info  # a refusal passes only if somebody mends it
                why = "switch refuses us" if refused else "switch still unreachable"
                tell(why, host=self.endpoint.host, port=self.endpoint.port, error=error)
        raise AssertionError("itertools.count has no end")
