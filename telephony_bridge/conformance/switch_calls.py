"""The checks of a switch's calls: dials, keys, cuts, hang-ups and transfers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from telephony_bridge.conformance.runner import Action, Failed, require
from telephony_bridge.conformance.switch_scene import SwitchScene, given
from telephony_bridge.leg import ControlLost, ControlRestored, Dial, DialFailed, HandedOver, HandOverFailed, HungUp
from telephony_bridge.line_status import Fault, HungUpBy, LineStatus

LOOKS, LOOK_AGAIN_S = 20, 0.1
"""A channel may be known for a moment after it was told that it is gone."""


async def is_answered(scene: SwitchScene) -> str:
    scene.answered = await scene.call()
    uuid = scene.party.leg.call_id
    await scene.witness.event(lambda event: event.event_name == "CHANNEL_CREATE" and event.unique_id == uuid)
    exists = await scene.witness.api(f"uuid_exists {uuid}")
    require(exists == "true", f"uuid_exists answers {exists[:80]!r}")
    return f"+OK {uuid}"


async def is_refused(scene: SwitchScene) -> str:
    number = given(scene.target.refusing, "--refusing-number with one that is busy or declines")
    failure = await _failure(scene, scene.dial(number))
    typed = failure.status is not LineStatus.UNKNOWN and failure.fault is not Fault.UNKNOWN
    require(typed, f"the cause {failure.cause} tells neither what it was nor whose fault")
    return _told(failure)


async def rings_out(scene: SwitchScene) -> str:
    number = given(scene.target.silent, "--silent-number with one that rings and does not answer")
    failure = await _failure(scene, scene.dial(number, scene.target.silent_s))
    require(failure.status is LineStatus.NO_ANSWER, _told(failure))
    return _told(failure)


async def _failure(scene: SwitchScene, dial: Dial) -> DialFailed:
    switch = await scene.connected()
    try:
        leg = await switch.dial(dial)
    except DialFailed as failure:
        return failure
    await leg.hang_up()
    raise Failed("the dial was answered")


def _told(failure: DialFailed) -> str:
    return f"{failure.cause}: {failure.status.value}, fault of {failure.fault.value}"


async def tells_keys(scene: SwitchScene) -> str:
    keys = given(scene.target.keys, "--keys with those that --number presses once it has answered")
    await scene.party.until_keys(keys)
    return f"{scene.party.pressed} was pressed"


async def survives_a_cut(scene: SwitchScene) -> str:
    party = scene.party
    scene.cable.cut()
    await party.until(ControlLost)
    await party.until(ControlRestored)
    await party.leg.play(scene.tones.short, "after-the-cut")
    ended = await party.until_ended("after-the-cut")
    require(ended.completed, f"the prompt after the cut was not played: {ended.problem}")
    return "the call was found again, and played"


async def is_hung_up(scene: SwitchScene) -> str:
    await scene.party.leg.hang_up()
    ended = await scene.party.until(HungUp)
    require(ended.by is HungUpBy.BOT, f"the switch says {ended.cause}, hung up by {ended.by.value}")
    return f"{ended.cause}, by {ended.by.value}"


async def fails_to_transfer(scene: SwitchScene) -> str:
    party = await scene.call()
    try:
        await party.leg.transfer(scene.target.missing_queue, {"voicebot_summary": "conformance"})
        told = await party.until((HandedOver, HandOverFailed, HungUp))
    finally:
        await party.close()
    match told:
        case HandOverFailed(reason):
            return f"the call came back: {reason.value}"
        case HungUp(_, status, _, cause) if status is not LineStatus.UNKNOWN:
            return f"the call ended: {cause}, {status.value}"
        case HandedOver():
            raise Failed("somebody answered")
    raise Failed(f"the call ended without a known cause: {told}")


async def leaves_nothing(scene: SwitchScene) -> str:
    for call_id in scene.dialled:
        for _ in range(LOOKS):
            answer = await scene.witness.api(f"uuid_exists {call_id}")
            if answer == "false":
                break
            await asyncio.sleep(LOOK_AGAIN_S)
        else:
            raise Failed(f"uuid_exists {call_id} still answers {answer!r}")
    return f"{len(scene.dialled)} dials, none left"


CALLS: Mapping[str, Action[SwitchScene]] = {
    "SW-10": is_answered,
    "SW-11": is_refused,
    "SW-12": rings_out,
    "SW-24": tells_keys,
    "SW-25": survives_a_cut,
    "SW-27": is_hung_up,
    "SW-29": fails_to_transfer,
    "SW-30": leaves_nothing,
}
