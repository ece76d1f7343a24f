"""The bridge on the simulated switch over real sockets, with a media server."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from speech.audio import TELEPHONE, Frame, silence
from telephony_bridge.dialects import MOD_AUDIO_STREAM, Dialect
from telephony_bridge.esl.connection import Endpoint
from telephony_bridge.freeswitch import FreeSwitch
from telephony_bridge.leg import Dial, Leg, LegEvent
from telephony_bridge.media import MediaLink, MediaSource
from telephony_bridge.media_server import MediaServer
from telephony_bridge.simulated.customer import Customer, CustomerFactory, EchoCustomer, Said
from telephony_bridge.simulated.dialplan import DialPlan, Fate, NumberPlan
from telephony_bridge.simulated.extensions import Extensions
from telephony_bridge.simulated.settings import SwitchSettings
from telephony_bridge.simulated.switch import SimulatedSwitch
from telephony_bridge.unicast import UnicastMedia
from telephony_bridge.unicast_flow import UNICAST_PORTS
from tests.patience import PATIENCE_S
from tests.telephony_bridge.simulated.serving import serving

LOUD = 3000
TONE_SAMPLES = 30 * 8000
BUSY, OFF, NOBODY_HOME, FINGERS = "100486", "100480", "100199", "100200"
PLAN = DialPlan(
    (
        (BUSY, NumberPlan(Fate.REFUSES, at_ms=0, sip_status=486)),
        (OFF, NumberPlan(Fate.REFUSES, at_ms=0, sip_status=480)),
        (NOBODY_HOME, NumberPlan(Fate.RINGS_OUT)),
    ),
    NumberPlan(at_ms=0),
)

T = TypeVar("T")


class Fingers:
    """Presses a key every 40 ms and hangs up after the last."""

    blocking = False

    def __init__(self, keys: str) -> None:
        self._keys = list(keys)

    def hear_and_speak(self, heard: Frame) -> Said:
        quiet = silence(TELEPHONE, 20, heard.position)
        if heard.position // 160 % 2:
            return Said(quiet)
        return Said(quiet, digits=self._keys.pop(0)) if self._keys else Said(quiet, hang_up=True)


def customer(number: str, variables: Mapping[str, str]) -> Customer:
    return Fingers("1#") if number == FINGERS else EchoCustomer()


class Scene:
    """A simulated switch, the bridge connected to it, and a media server."""

    def __init__(self, simulated: SimulatedSwitch, switch: FreeSwitch, media: MediaSource) -> None:
        self.simulated = simulated
        self.switch = switch
        self.media = media

    async def call(self, number: str = "79990000100", call_id: str = "call-1") -> tuple[Leg, MediaLink]:
        leg = await self.switch.dial(Dial(number, call_id, ring_timeout_s=PATIENCE_S))
        return leg, await self.media.connect(leg, {"call_id": call_id}, within_s=PATIENCE_S)


@asynccontextmanager
async def scene(
    two_way: bool = False,
    extensions: Extensions | None = None,
    *,
    dialect: Dialect | None = None,
    answers: CustomerFactory | None = None,
    recordings: Path | None = None,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[Scene]:
    """`extensions` are where transfers lead; without them, those of the switch itself. `tls` is the media server's.

    Without a `dialect` it is that of mod_audio_stream, `two_way` or not.
    """
    dialect = dialect or replace(MOD_AUDIO_STREAM, two_way=two_way)
    settings = SwitchSettings(
        password="secret",
        dial_plan=PLAN,
        two_way=dialect.two_way,
        extensions=extensions or Extensions(),
        recordings=recordings,
    )
    async with AsyncExitStack() as stack:
        media: MediaServer | UnicastMedia = MediaServer("127.0.0.1", 0, tls=tls, metadata_timeout_s=PATIENCE_S)
        if dialect.while_parked:
            media = UnicastMedia("127.0.0.1", *UNICAST_PORTS)
        await media.start()
        stack.push_async_callback(media.close)
        simulated = await stack.enter_async_context(serving(SimulatedSwitch(settings, answers or customer)))
        endpoint = Endpoint("127.0.0.1", simulated.port, "secret", PATIENCE_S)
        switch = FreeSwitch(endpoint, "sofia/gateway/trunk/{number}", dialect, delay=lambda attempt: 0.0)
        await switch.start()
        stack.push_async_callback(switch.close)
        yield Scene(simulated, switch, media)


async def until(events: AsyncIterator[LegEvent], kind: type[T]) -> T:
    async with asyncio.timeout(PATIENCE_S):
        async for event in events:
            if isinstance(event, kind):
                return event
    raise AssertionError(f"the events ended without {kind.__name__}")


async def until_heard(link: MediaLink) -> None:
    """Wait for the echo of what the customer's side was played."""
    async with asyncio.timeout(PATIENCE_S):
        async for frame in link.frames():
            if int(np.abs(frame.samples().astype(int)).max(initial=0)) > LOUD:
                return
    raise AssertionError("the link ended without a sound")


async def to_the_end(link: MediaLink) -> None:
    async with asyncio.timeout(PATIENCE_S):
        async for _ in link.frames():
            pass
