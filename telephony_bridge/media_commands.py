"""How one leg's audio is asked for and stopped over the event socket, by dialect."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from speech.audio import TELEPHONE
from telephony_bridge import originate
from telephony_bridge.dialects import MAX_METADATA, Dialect, MediaDialect
from telephony_bridge.esl.client import EslClient
from telephony_bridge.esl.protocol import EslMessage
from telephony_bridge.leg import SwitchError
from telephony_bridge.unicast import unicast_addresses

PARK_S = 1.0
"""How long the switch may take to park a call anew; its loop looks every 20 ms."""

Api = Callable[[str], Awaitable[str]]
"""Runs an API command on the leg. Raises `LegGone` and `SwitchUnreachable`."""


class MediaRefused(SwitchError):
    """The switch would not stream the leg's audio."""


class MediaCommands(Protocol):
    async def start(self, url: str, metadata: Mapping[str, str]) -> None:
        """Raises `MediaRefused`."""
        ...

    async def stop(self) -> None: ...

    def receive(self, event: EslMessage) -> None:
        """An event of the leg's channel."""
        ...


def media_commands(call_id: str, client: EslClient, dialect: Dialect, api: Api) -> MediaCommands:
    if isinstance(dialect, MediaDialect):
        return ModuleCommands(call_id, dialect, api)
    return UnicastCommands(call_id, client, api)


class ModuleCommands:
    """A module of the switch connects to a websocket of ours."""

    def __init__(self, call_id: str, dialect: MediaDialect, api: Api) -> None:
        self._call_id = call_id
        self._dialect = dialect
        self._api = api

    async def start(self, url: str, metadata: Mapping[str, str]) -> None:
        """Adds what the media server must know to `metadata`: the rate, and whether the link is two-way."""
        for name, value in self._dialect.variables.items():
            await self._api(originate.set_variable(self._call_id, name, value))
        text = encode_metadata(
            {**metadata, "rate": str(TELEPHONE.rate), "two_way": "yes" if self._dialect.two_way else "no"}
        )
        start = self._dialect.start_command(self._call_id, url, TELEPHONE.rate, text)
        answer = await self._api(start)
        if not answer.startswith("+OK"):  # a stream that failed earlier can stay attached until it is stopped
            await self._api(self._dialect.stop_command(self._call_id))
            answer = await self._api(start)
        if not answer.startswith("+OK"):
            raise MediaRefused(f"the switch does not start {self._dialect.name}: {answer}; is the module loaded?")

    async def stop(self) -> None:
        await self._api(self._dialect.stop_command(self._call_id))

    def receive(self, event: EslMessage) -> None:
        pass


class UnicastCommands:
    """The switch itself exchanges packets with a port of ours, for as long as the call stays parked.

    It must not be asked twice in one parking: at the end of that, the switch would wait for a thread that it never
    started, and die of it. So before each further time the call is parked anew, which ends the one before well; also
    where it has been away and is parked by somebody else, for which of its parkings an event tells of is not known.
    """

    def __init__(self, call_id: str, client: EslClient, api: Api) -> None:
        self._call_id = call_id
        self._client = client
        self._api = api
        self._asked = False
        self._parked = asyncio.Event()

    async def start(self, url: str, metadata: Mapping[str, str]) -> None:
        """Nobody reads `metadata`."""
        ours, the_switchs = unicast_addresses(url)
        if self._asked:
            await self._park_anew()
        self._asked = True
        answer = await self._client.unicast(self._call_id, the_switchs, ours)
        if not answer.startswith("+OK"):
            raise MediaRefused(f"the switch does not start unicast: {answer}")

    async def stop(self) -> None:
        """Nothing is sent: the switch has no command for it. It ends when the call leaves the park, or hangs up."""

    def receive(self, event: EslMessage) -> None:
        if event.event_name == "CHANNEL_PARK":
            self._parked.set()

    async def _park_anew(self) -> None:
        self._parked.clear()
        answer = await self._api(f"uuid_park {self._call_id}")
        if not answer.startswith("+OK"):
            raise MediaRefused(f"the switch does not park the call anew: {answer}")
        try:
            async with asyncio.timeout(PARK_S):
                await self._parked.wait()
        except TimeoutError:
            raise MediaRefused(f"the switch did not say in {PARK_S:g} s that it has parked the call anew") from None


def encode_metadata(metadata: Mapping[str, str]) -> str:
    """As compact JSON where the switch passes that on unharmed, else in base64.

    The switch cuts commands at spaces and eats backslashes and quotes. Raises `Unsafe` above the module's limit.
    """
    text = json.dumps(dict(metadata), ensure_ascii=True, separators=(",", ":"))
    if any(mark in text for mark in " \\'"):
        text = base64.b64encode(text.encode()).decode()
    if len(text) > MAX_METADATA:
        raise originate.Unsafe(f"media metadata of {len(text)} bytes; the switch takes {MAX_METADATA}")
    return text
