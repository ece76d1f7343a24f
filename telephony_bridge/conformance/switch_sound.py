"""The checks of a switch's sound: the stream that comes to us, and the prompts that go to the callee."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from uuid import uuid4

from speech.audio import TELEPHONE
from telephony_bridge.conformance.metadata import DELICATE, unharmed
from telephony_bridge.conformance.party import Arrival
from telephony_bridge.conformance.prompts import FRAME, hear_back, play_in_order, play_whole, stop_early
from telephony_bridge.conformance.runner import Action, Failed, Skip, require
from telephony_bridge.conformance.switch_scene import SwitchScene
from telephony_bridge.dialects import MediaDialect
from telephony_bridge.esl import protocol
from telephony_bridge.leg import MediaStopped
from telephony_bridge.media import MediaFault
from telephony_bridge.media_protocol import TOLERANCE

MESSAGES = 26
WINDOWS = 5
"""Half a second each. One of the right rate is enough: a machine that stalls makes others wrong."""


async def streams(scene: SwitchScene) -> str:
    link = await scene.party.stream(scene.media, DELICATE)
    return f"connected, {link.format.rate} Hz"


def _has_a_module(scene: SwitchScene) -> MediaDialect:
    """Raises `Skip` where the switch itself sends the audio."""
    if not isinstance(scene.target.dialect, MediaDialect):
        raise Skip("in this dialect no module sends the audio")
    return scene.target.dialect


async def keeps_metadata(scene: SwitchScene) -> str:
    _has_a_module(scene)
    metadata = scene.party.link.metadata if scene.party.link is not None else {}
    unharmed(metadata, scene.party.leg.call_id)
    return f"{len(metadata)} entries"


async def says_connected(scene: SwitchScene) -> str:
    subclass, uuid = _has_a_module(scene).connected, scene.party.leg.call_id
    await scene.witness.event(lambda event: event.subclass == subclass and event.unique_id == uuid)
    return subclass


async def sends_whole_frames(scene: SwitchScene) -> str:
    arrivals = await scene.party.next_frames(MESSAGES)
    sizes = Counter(2 * arrival.samples for arrival in arrivals)
    torn = [size for size in sizes if size % (2 * FRAME)]
    require(not torn, f"messages of {torn} bytes; 20 ms are {2 * FRAME}")
    return ", ".join(f"{count} of {size} bytes" for size, count in sorted(sizes.items()))


async def keeps_the_rate(scene: SwitchScene) -> str:
    rates = []
    for _ in range(WINDOWS):
        rates.append(_rate(await scene.party.next_frames(MESSAGES)))
        if TELEPHONE.rate / TOLERANCE < rates[-1] < TELEPHONE.rate * TOLERANCE:
            return f"{rates[-1]:.0f} a second"
    raise Failed(f"{', '.join(f'{rate:.0f}' for rate in rates)} samples a second")


def _rate(arrivals: list[Arrival]) -> float:
    """What came after the first, in the time since the first."""
    elapsed = arrivals[-1].at - arrivals[0].at
    return sum(arrival.samples for arrival in arrivals[1:]) / elapsed if elapsed > 0 else float("inf")


async def plays_to_the_end(scene: SwitchScene) -> str:
    return await play_whole(scene.party, scene.tones)


async def plays_in_order(scene: SwitchScene) -> str:
    return await play_in_order(scene.party, scene.tones)


async def stops(scene: SwitchScene) -> str:
    return await stop_early(scene.party, scene.tones)


async def counts_what_was_heard(scene: SwitchScene) -> str:
    if scene.target.dialect.two_way:
        raise Skip("in this dialect we count the frames ourselves")
    uuid = scene.party.leg.call_id
    stop = await scene.witness.event(
        lambda event: (
            event.event_name == "PLAYBACK_STOP"
            and event.unique_id == uuid
            and event.headers.get("Playback-Status") == "break"
        )
    )
    offset = stop.headers.get("variable_playback_last_offset_pos", "")
    require(offset.isdigit(), f"PLAYBACK_STOP has playback_last_offset_pos {offset!r}")
    return f"{offset} samples"


async def reports_a_missing_prompt(scene: SwitchScene) -> str:
    """Past the bridge, which looks for the file itself before it asks the switch."""
    uuid, playout = scene.party.leg.call_id, str(uuid4())
    await scene.witness.command(protocol.sendmsg_execute(uuid, "playback", f"/{playout}.wav", playout))
    complete = await scene.witness.event(
        lambda event: (
            event.event_name == "CHANNEL_EXECUTE_COMPLETE" and event.headers.get("Application-UUID") == playout
        )
    )
    response = complete.headers.get("Application-Response", "")
    require("NOT FOUND" in response, f"Application-Response is {response!r}")
    return response


async def is_heard(scene: SwitchScene) -> str:
    if not scene.target.echo:
        raise Skip("give --echo where --number sends back what it hears")
    return await hear_back(scene.party, scene.tones)


async def loses_a_stream(scene: SwitchScene) -> str:
    party = scene.party
    if party.link is not None:
        await party.link.close()
    stopped = await party.until(MediaStopped)
    await party.stream(scene.media)
    await party.next_frames(1)
    return f"{stopped.reason.split()[0]}, then connected again"


async def ends_the_stream(scene: SwitchScene) -> str:
    _has_a_module(scene)
    await scene.party.until_link_ended()
    require(scene.party.fault is MediaFault.CLOSED, f"the link ended as {scene.party.fault}")
    return "closed by the switch"


async def starts_unicast_anew(scene: SwitchScene) -> str:
    """After the last prompt: parked anew, for a second `unicast` in one parking would bring the switch down."""
    if isinstance(scene.target.dialect, MediaDialect):
        raise Skip("in this dialect a module sends the audio")
    if scene.party.link is not None:
        await scene.party.link.close()
    await scene.party.stream(scene.media)
    await scene.party.next_frames(1)
    return "parked anew, and audio came again"


SOUND: Mapping[str, Action[SwitchScene]] = {
    "SW-13": streams,
    "SW-14": keeps_metadata,
    "SW-15": says_connected,
    "SW-16": sends_whole_frames,
    "SW-17": keeps_the_rate,
    "SW-18": plays_to_the_end,
    "SW-19": plays_in_order,
    "SW-20": stops,
    "SW-21": counts_what_was_heard,
    "SW-22": reports_a_missing_prompt,
    "SW-23": is_heard,
    "SW-26": loses_a_stream,
    "SW-28": ends_the_stream,
    "SW-32": starts_unicast_anew,
}
