"""The checks of our bridge on a switch that misbehaves: each fault the simulated switch can bring about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from uuid import uuid4

from telephony_bridge.conformance.party import Party
from telephony_bridge.conformance.played_switch import ECHO, BridgeScene
from telephony_bridge.conformance.prompts import play_whole
from telephony_bridge.conformance.runner import Action, Failed, require
from telephony_bridge.leg import ControlLost, ControlRestored, Dial, HungUp, MediaStopped, SwitchUnreachable
from telephony_bridge.line_status import HungUpBy
from telephony_bridge.media import MediaFault
from telephony_bridge.simulated.media_socket import STALL_S
from telephony_bridge.simulated.sound import TICK_MS
from telephony_bridge.simulated.switch import Fault
from telephony_bridge.unicast_flow import BROKEN_S


@dataclass(frozen=True, slots=True)
class BadMedia:
    """A fault of the stream, and what our end of it must say."""

    fault: Fault
    seen: MediaFault

    async def __call__(self, scene: BridgeScene) -> str:
        async with scene.streaming() as party, scene.streaming() as beside:
            _bring_about(scene, self.fault, party)
            await party.until_link_ended()
            require(party.fault is self.seen, f"the link ended as {party.fault}")
            said = "the switch says nothing"
            if not scene.dialect.while_parked:
                said = (await party.until(MediaStopped)).reason.split()[0]
            await beside.next_frames(1)
            await party.stream(scene.media)
            await party.next_frames(1)
        return f"{self.seen.value}; {said}"


async def loses_control(scene: BridgeScene) -> str:
    async with scene.streaming() as party:
        await party.leg.play(scene.tones.long, "before")
        await party.until_started("before")
        _bring_about(scene, Fault.DROP_ESL, party)
        await party.until(ControlLost)
        await party.until(ControlRestored)
        await party.leg.stop_playout()
        await play_whole(party, scene.tones)
        await party.next_frames(1)
    return "lost, restored, and the stream went on"


async def loses_the_channel(scene: BridgeScene) -> str:
    async with scene.streaming() as party:
        _bring_about(scene, Fault.VANISH, party)
        _bring_about(scene, Fault.DROP_ESL, party)
        ended = await party.until(HungUp)
    require(ended.by is HungUpBy.UNKNOWN, f"hung up by {ended.by.value}")
    return f"hung up by {ended.by.value}"


async def takes_late_audio(scene: BridgeScene) -> str:
    """What was held up comes at once, which must not be taken for a faster rate."""
    if scene.dialect.while_parked:
        return await _loses_late_packets(scene)
    async with scene.streaming() as party, scene.streaming() as beside:
        before = (await party.next_frames(1))[0]
        _bring_about(scene, Fault.STALL_MEDIA, party)
        came = [before, *await party.next_frames(round((STALL_S + 1) * 1000 / TICK_MS))]
        late_s = max(later.at - earlier.at for earlier, later in pairwise(came))
        require(late_s > STALL_S / 2, "the played switch held nothing up")
        await beside.next_frames(1)
    return f"{late_s:.1f} s late, then all at once"


async def _loses_late_packets(scene: BridgeScene) -> str:
    """Packets that stay away so long are a break."""
    async with scene.streaming() as party, scene.streaming() as beside:
        _bring_about(scene, Fault.STALL_MEDIA, party)
        await party.until_link_ended()
        require(party.fault is MediaFault.DROPPED, f"the link ended as {party.fault}")
        await beside.next_frames(1)
        await party.stream(scene.media)
        await party.next_frames(1)
    return f"broken after {BROKEN_S:g} s, and started again"


async def outlives_the_switch(scene: BridgeScene) -> str:
    """The last check: the switch does not come back."""
    async with scene.streaming() as party:
        scene.simulated.crash()
        await party.until(ControlLost)
        await party.until_link_ended()
        try:
            await scene.switch.dial(Dial(ECHO, str(uuid4())))
        except SwitchUnreachable:
            return "control lost; a dial says that the switch is unreachable"
    raise Failed("a dial was answered")


def _bring_about(scene: BridgeScene, fault: Fault, party: Party) -> None:
    require(scene.simulated.inject_fault(fault, party.leg.call_id), f"the played switch could not do {fault.value}")


FAULTS: Mapping[str, Action[BridgeScene]] = {
    "BR-17": BadMedia(Fault.ABORT_MEDIA, MediaFault.DROPPED),
    "BR-18": BadMedia(Fault.OVERSIZED_FRAME, MediaFault.OVERSIZED),
    "BR-19": BadMedia(Fault.ODD_FRAME, MediaFault.MALFORMED),
    "BR-20": BadMedia(Fault.DOUBLE_RATE, MediaFault.WRONG_RATE),
    "BR-21": loses_control,
    "BR-22": loses_the_channel,
    "BR-31": takes_late_audio,
    "BR-26": outlives_the_switch,
}
