"""The checks of our bridge that only unicast needs: who is heard, how it begins, and who is not heard any more."""

from __future__ import annotations

import socket
from collections.abc import Mapping

from telephony_bridge.conformance.party import Party
from telephony_bridge.conformance.played_switch import TAKEN, BridgeScene
from telephony_bridge.conformance.runner import Action, Skip, require
from telephony_bridge.leg import HandedOver
from telephony_bridge.media import MediaFault
from telephony_bridge.simulated.sound import TICK_SAMPLES
from telephony_bridge.simulated.switch import Fault
from telephony_bridge.unicast import unicast_addresses
from telephony_bridge.unicast_leg import UnicastLeg

LOUD_PACKET = b"\0\x40" * TICK_SAMPLES
PACKETS = 20


def _only_unicast(scene: BridgeScene) -> None:
    if not scene.dialect.while_parked:
        raise Skip("in this dialect a module sends the audio")


def _ours(party: Party) -> tuple[str, int]:
    assert isinstance(party.leg, UnicastLeg)
    return unicast_addresses(party.leg.asked_for)[0]


async def hears_no_strangers(scene: BridgeScene) -> str:
    _only_unicast(scene)
    async with scene.streaming() as party:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            for _ in range(PACKETS):
                stranger.sendto(LOUD_PACKET, _ours(party))
        heard = await party.next_frames(PACKETS)
        require(not any(arrival.loud for arrival in heard), "a stranger's sound was taken for the customer's")
    return f"{PACKETS} packets dropped"


async def asks_once_more(scene: BridgeScene) -> str:
    """The switch cannot have the first port it is told to use, and says nothing of it."""
    _only_unicast(scene)
    async with scene.call() as party:
        require(
            scene.simulated.inject_fault(Fault.PORT_IN_USE, party.leg.call_id), "the played switch has no such fault"
        )
        await party.stream(scene.media)
        await party.next_frames(1)
        require(scene.simulated.calls[party.leg.call_id].unicasts == 2, "the played switch took the first port")
    return "no audio at first, parked anew, audio on other ports"


async def is_deaf_to_colleagues(scene: BridgeScene) -> str:
    _only_unicast(scene)
    async with scene.streaming() as party:
        ours = _ours(party)
        await party.leg.transfer(TAKEN, {})
        await party.until(HandedOver)
        await party.until_link_ended()
        require(party.fault is MediaFault.CLOSED, f"the link ended as {party.fault}")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as next_owner:
            next_owner.bind(ours)  # which shows that nobody listens there
    return "the port is closed"


UNICAST_ONLY: Mapping[str, Action[BridgeScene]] = {
    "BR-32": hears_no_strangers,
    "BR-33": asks_once_more,
    "BR-34": is_deaf_to_colleagues,
}
