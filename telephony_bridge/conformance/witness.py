"""A second connection to the event socket that notes every event, to hold against what the bridge makes of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from telephony_bridge.channel import EVENTS
from telephony_bridge.dialects import Dialect
from telephony_bridge.esl import protocol
from telephony_bridge.esl.connection import Endpoint, EslConnection
from telephony_bridge.esl.protocol import EslMessage


class Witness:
    """Made by `Witness.admitted`; sees events from `subscribe` on."""

    def __init__(self) -> None:
        self._seen: list[EslMessage] = []
        self._news = asyncio.Event()
        self._connection: EslConnection | None = None

    @classmethod
    async def admitted(cls, endpoint: Endpoint) -> Witness:
        """Raises `SwitchUnreachable`."""
        witness = cls()
        witness._connection = await EslConnection.open(endpoint, witness._note)
        return witness

    async def subscribe(self, dialect: Dialect) -> str:
        return await self.command(protocol.event_plain(["BACKGROUND_JOB", *EVENTS], dialect.subclasses))

    async def api(self, command: str) -> str:
        return await self.command(protocol.api(command))

    async def job(self, command: str) -> str:
        return await self._open.job(protocol.bgapi(command))

    async def command(self, data: bytes) -> str:
        return (await self._open.command(data)).reply

    async def event(self, wanted: Callable[[EslMessage], bool]) -> EslMessage:
        """The first such event, whether it has come already or comes yet."""
        while (found := next(filter(wanted, self._seen), None)) is None:
            self._news.clear()
            await self._news.wait()
        return found

    async def close(self) -> None:
        await self._open.close()

    @property
    def _open(self) -> EslConnection:
        if self._connection is None:
            raise RuntimeError("a witness is made by Witness.admitted")
        return self._connection

    def _note(self, event: EslMessage) -> None:
        self._seen.append(event)
        self._news.set()
