"""The switch the kit plays against our bridge: the simulated one, with callees that echo, press keys or refuse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from speech.audio import TELEPHONE, Frame, silence
from telephony_bridge.conformance.party import Party, attended
from telephony_bridge.conformance.prompts import Tones
from telephony_bridge.dialects import Dialect
from telephony_bridge.esl.connection import Endpoint
from telephony_bridge.freeswitch import FreeSwitch
from telephony_bridge.leg import Dial
from telephony_bridge.media import MediaSource
from telephony_bridge.media_server import MediaServer
from telephony_bridge.simulated.causes import CAUSE_OF_SIP
from telephony_bridge.simulated.customer import Customer, EchoCustomer, Said
from telephony_bridge.simulated.dialplan import DialPlan, Fate, NumberPlan
from telephony_bridge.simulated.extensions import AgentFate, Extension, Extensions
from telephony_bridge.simulated.settings import SwitchSettings
from telephony_bridge.simulated.sound import TICK_MS, TICK_SAMPLES
from telephony_bridge.simulated.switch import SimulatedSwitch
from telephony_bridge.unicast import UnicastMedia
from telephony_bridge.unicast_flow import UNICAST_PORTS

PASSWORD = "conformance"
ECHO, FINGERS, NOBODY_HOME = "1000", "1001", "1199"
REFUSES = "9"
"""Followed by the SIP status to refuse with."""
KEYS = "1#"
TAKEN, ABSENT = "9300", "no-such-queue"
NOT_TAKEN: Mapping[str, AgentFate] = {
    "9311": AgentFate.NOBODY,
    "9312": AgentFate.BUSY,
    "9313": AgentFate.DECLINES,
    "9314": AgentFate.CLOSED,
}

_AFTER_MS = 20


class Fingers:
    """Presses a key every 40 ms and hangs up after the last."""

    blocking = False

    def __init__(self) -> None:
        self._keys = list(KEYS)

    def hear_and_speak(self, heard: Frame) -> Said:
        quiet = silence(TELEPHONE, TICK_MS, heard.position)
        if heard.position // TICK_SAMPLES % 2:
            return Said(quiet)
        return Said(quiet, digits=self._keys.pop(0)) if self._keys else Said(quiet, hang_up=True)


@dataclass(slots=True)
class BridgeScene:
    """`switch` is there once the check that connects it has passed."""

    simulated: SimulatedSwitch
    dialect: Dialect
    media: MediaSource
    tones: Tones
    stack: AsyncExitStack
    connected: FreeSwitch | None = None

    @property
    def switch(self) -> FreeSwitch:
        if self.connected is None:
            raise RuntimeError("a check ran before the bridge was connected")
        return self.connected

    def endpoint(self, password: str = PASSWORD) -> Endpoint:
        return Endpoint("127.0.0.1", self.simulated.port, password)

    @asynccontextmanager
    async def call(self, number: str = ECHO) -> AsyncIterator[Party]:
        """An answered call, hung up when left."""
        leg = await self.switch.dial(Dial(number, str(uuid4())))
        async with attended(leg, self.dialect) as party:
            yield party

    @asynccontextmanager
    async def streaming(self) -> AsyncIterator[Party]:
        """An answered call with its media link."""
        async with self.call() as party:
            await party.stream(self.media)
            yield party


@asynccontextmanager
async def played_switch(dialect: Dialect, folder: Path) -> AsyncIterator[BridgeScene]:
    """Raises `OSError` where we cannot listen."""
    async with AsyncExitStack() as stack:
        tones = Tones(folder)
        stack.callback(tones.remove)
        media = own_media(dialect)
        await media.start()
        stack.push_async_callback(media.close)
        simulated = SimulatedSwitch(_settings(dialect), _customer)
        serving = asyncio.create_task(simulated.serve(), name="the played switch")
        ready = asyncio.create_task(simulated.ready.wait())
        await asyncio.wait([serving, ready], return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            ready.cancel()
            await serving
        stack.push_async_callback(_down, simulated, serving)
        yield BridgeScene(simulated, dialect, media, tones, stack)


def own_media(dialect: Dialect) -> MediaSource:
    """Where we take the audio of calls, on loopback."""
    return UnicastMedia("127.0.0.1", *UNICAST_PORTS) if dialect.while_parked else MediaServer("127.0.0.1", 0)


async def _down(simulated: SimulatedSwitch, serving: asyncio.Task[None]) -> None:
    await simulated.close()
    await serving


def _settings(dialect: Dialect) -> SwitchSettings:
    return SwitchSettings(
        password=PASSWORD,
        dial_plan=DialPlan(tuple(_numbers()), NumberPlan(at_ms=0)),
        extensions=Extensions(
            (
                (TAKEN, Extension(AgentFate.ANSWERS, _AFTER_MS)),
                *((number, Extension(fate, _AFTER_MS)) for number, fate in NOT_TAKEN.items()),
            ),
            default=Extension(AgentFate.ABSENT, _AFTER_MS),
        ),
        two_way=dialect.two_way,
    )


def _numbers() -> list[tuple[str, NumberPlan]]:
    refusing = [(f"{REFUSES}{status}", NumberPlan(Fate.REFUSES, at_ms=0, sip_status=status)) for status in CAUSE_OF_SIP]
    return [*refusing, (NOBODY_HOME, NumberPlan(Fate.RINGS_OUT))]


def _customer(number: str, _variables: Mapping[str, str]) -> Customer:
    return Fingers() if number == FINGERS else EchoCustomer()
