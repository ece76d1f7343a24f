"""Unicast on the simulated switch over real sockets: when a link counts, who is heard, and how it ends."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest

from telephony_bridge.dialects import UNICAST
from telephony_bridge.leg import Dial, SwitchError
from telephony_bridge.media import MediaClosed, MediaFault
from telephony_bridge.simulated.switch import Fault
from telephony_bridge.unicast import TRIES, UnicastMedia, unicast_addresses, unicast_url
from telephony_bridge.unicast_leg import UnicastLeg
from tests.patience import soon
from tests.telephony_bridge.bridge_scene import Scene, scene

pytestmark = pytest.mark.integration


async def dialled(bridge: Scene) -> UnicastLeg:
    return UnicastLeg(await soon(bridge.switch.dial(Dial("79990000100", "call-1"))))


async def test_a_link_counts_once_its_first_packet_has_come() -> None:
    async with scene(dialect=UNICAST) as bridge:
        leg = await dialled(bridge)
        link = await soon(bridge.media.connect(leg))
        assert link.fault is None
        frame = await soon(anext(link.frames()))
        assert (frame.position, len(frame)) == (0, 160)
        assert "send_silence_when_idle" not in bridge.simulated.calls["call-1"].channel.variables
        await leg.close()


async def test_packets_from_elsewhere_are_not_heard_even_if_they_come_before_the_switch_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loud = b"\0\x40" * 160

    class Besieged(socket.socket):
        def connect(self, address: Any) -> None:
            if self.type is socket.SOCK_DGRAM:
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
                    for _ in range(3):
                        stranger.sendto(loud, self.getsockname())
            super().connect(address)

    async with scene(dialect=UNICAST) as bridge:
        leg = await dialled(bridge)
        bridge.simulated.calls["call-1"].unicast = lambda request: None  # type: ignore[method-assign,assignment]
        monkeypatch.setattr(socket, "socket", Besieged)
        with pytest.raises(TimeoutError, match="no audio came"):
            await bridge.media.connect(leg, within_s=0.05)


async def test_audio_that_never_comes_is_asked_for_twice_and_then_told_of() -> None:
    async with scene(dialect=UNICAST) as bridge:
        leg = await dialled(bridge)
        call = bridge.simulated.calls["call-1"]
        call.unicast = lambda request: None  # type: ignore[method-assign,assignment]
        with pytest.raises(TimeoutError, match=f"no audio came in {TRIES} tries"):
            await bridge.media.connect(leg, within_s=0.05)
        assert "call-1" in bridge.simulated.calls


async def test_a_link_that_is_gone_says_so_when_it_is_sent_on() -> None:
    async with scene(dialect=UNICAST) as bridge:
        link = await soon(bridge.media.connect(await dialled(bridge)))
        assert bridge.simulated.inject_fault(Fault.ODD_FRAME, "call-1")
        frames = [frame async for frame in link.frames()]
        assert link.fault is MediaFault.MALFORMED
        with pytest.raises(MediaClosed, match="16-bit samples"):
            await link.send(frames[0])  # type: ignore[attr-defined]


async def test_where_no_port_is_free_the_setting_is_named(tmp_path: Path) -> None:
    async with scene(dialect=UNICAST) as bridge:
        leg = await dialled(bridge)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
            media = UnicastMedia("127.0.0.1", port - port % 2, port - port % 2 + 1)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
                if port % 2:
                    other.bind(("127.0.0.1", port - 1))
                with pytest.raises(SwitchError, match=r"widen \[unicast\]"):
                    await media.connect(leg)


def test_the_addresses_come_back_from_the_url() -> None:
    ours, the_switchs = ("127.0.0.1", 12000), ("127.0.0.1", 12001)
    assert unicast_addresses(unicast_url(ours, the_switchs)) == (ours, the_switchs)
    with pytest.raises(SwitchError, match="unicast"):
        unicast_addresses("ws://127.0.0.1:8090/media")


async def test_an_address_that_is_not_ours_is_refused_at_the_start() -> None:
    with pytest.raises(OSError, match="assign"):
        await asyncio.wait_for(UnicastMedia("192.0.2.1", 12000, 12001).start(), 10)
