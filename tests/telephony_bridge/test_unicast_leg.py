"""A unicast leg on its way to a colleague and back: it hears the customer again, whatever broke in between."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path

import pytest

from bot.rehearsal.leg import RehearsalLeg
from speech.audio import Frame
from telephony_bridge.dialects import UNICAST
from telephony_bridge.leg import Dial, HandOverFailed, SwitchError, SwitchUnreachable
from telephony_bridge.line_status import HandOverFailure
from telephony_bridge.media import MediaFault
from telephony_bridge.simulated.switch import Fault
from telephony_bridge.unicast import UnicastLink
from telephony_bridge.unicast_flow import BROKEN_S
from telephony_bridge.unicast_leg import UnicastLeg
from tests.patience import soon
from tests.telephony_bridge.bridge_scene import Scene, scene, until, until_heard

pytestmark = pytest.mark.integration

PACKET = b"\1\0" * 160
LOUD_PACKET = b"\0\x40" * 160
CLOSED = HandOverFailed(HandOverFailure.CLOSED)


class Parked(RehearsalLeg):
    """Transfers as `transferring` does, and notes when its audio is asked for, which fails with `refusal`."""

    transferring: Callable[[], Awaitable[None]]
    refusal: SwitchError | None = None

    def __init__(self) -> None:
        super().__init__("u-1")
        self.asked = asyncio.Event()

    async def start_media(self, url: str, metadata: Mapping[str, str]) -> None:
        self.asked.set()
        if self.refusal is not None:
            raise self.refusal

    async def transfer(self, destination: str, variables: Mapping[str, str]) -> None:
        await self.transferring()


class Line:
    """A unicast leg whose link hears what `packet` sends; its link's clock stands still."""

    def __init__(self) -> None:
        self.now = 0.0
        self.switch = Parked()
        self.leg = UnicastLeg(self.switch)
        ours, self._theirs = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        for one in (ours, self._theirs):
            one.bind(("127.0.0.1", 0))
            one.setblocking(False)
        ours.connect(self._theirs.getsockname())
        self._theirs.connect(ours.getsockname())
        self.link = UnicastLink("u-1", ours, lambda: self.now, lambda link: None)
        self._frames = self.link.frames()

    async def heard(self, packet: bytes) -> Frame:
        self._theirs.send(packet)
        return await soon(anext(self._frames))

    async def close(self) -> None:
        await self.leg.close()
        self._theirs.close()


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    made = Line()
    await made.heard(PACKET)
    made.leg.connect(made.link)
    yield made
    await made.close()


async def test_a_queue_that_is_closed_may_say_so_before_the_transfer_is_answered(line: Line) -> None:
    async def transferring() -> None:
        line.switch._emit(CLOSED)
        await soon(line.switch.asked.wait())

    line.switch.transferring = transferring
    told = asyncio.ensure_future(until(line.leg.events(), HandOverFailed))
    await line.leg.transfer("9314 XML default", {})
    assert (await line.heard(LOUD_PACKET)).data == LOUD_PACKET
    assert await told == CLOSED


async def test_a_transfer_that_the_switch_refuses_leaves_the_customer_heard(line: Line) -> None:
    async def transferring() -> None:
        raise SwitchError("no reason")

    line.switch.transferring = transferring
    with pytest.raises(SwitchError, match="no reason"):
        await line.leg.transfer("9300 XML default", {})
    assert (await line.heard(LOUD_PACKET)).data == LOUD_PACKET
    assert not line.switch.asked.is_set()


async def test_audio_that_does_not_begin_anew_is_told_of_as_lost(line: Line) -> None:
    async def transferring() -> None:
        line.switch._emit(CLOSED)

    line.switch.transferring = transferring
    line.switch.refusal = SwitchUnreachable("not connected")
    await line.leg.transfer("9314 XML default", {})
    assert await until(line.leg.events(), HandOverFailed) == CLOSED
    line.now += BROKEN_S
    line.link.look()
    assert line.link.fault is MediaFault.DROPPED


async def _never_sent(bridge: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    bridge.simulated.inject_fault(Fault.DROP_ESL)


async def _lost_on_the_way(bridge: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    api = bridge.simulated.api

    async def breaking(command: str) -> str:
        if command.startswith("uuid_transfer"):
            bridge.simulated.inject_fault(Fault.DROP_ESL)
            return "-ERR nobody is there to read this\n"
        return await api(command)

    monkeypatch.setattr(bridge.simulated, "api", breaking)


@pytest.mark.parametrize(
    ("breaks", "reason"),
    [(_never_sent, HandOverFailure.UNREACHABLE), (_lost_on_the_way, HandOverFailure.UNKNOWN)],
)
async def test_a_transfer_that_broke_off_leaves_the_customer_heard_once_the_switch_is_back(
    monkeypatch: pytest.MonkeyPatch,
    tone: Path,
    breaks: Callable[[Scene, pytest.MonkeyPatch], Awaitable[None]],
    reason: HandOverFailure,
) -> None:
    async with scene(dialect=UNICAST) as bridge:
        leg = UnicastLeg(await soon(bridge.switch.dial(Dial("79990000100", "call-1"))))
        link = await soon(bridge.media.connect(leg))
        leg.connect(link)
        events = leg.events()
        await breaks(bridge, monkeypatch)
        with pytest.raises(SwitchUnreachable):
            await soon(leg.transfer("9300 XML default", {}))
        assert await until(events, HandOverFailed) == HandOverFailed(reason)
        await leg.play(tone, "sorry")
        await soon(until_heard(link))
        await leg.close()
