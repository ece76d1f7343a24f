"""The checks of our bridge on a switch that behaves: connecting, dialling, playing, keys, hang-ups, hand-overs."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from uuid import uuid4

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from telephony_bridge.conformance.metadata import DELICATE, unharmed
from telephony_bridge.conformance.played_switch import (
    ABSENT,
    FINGERS,
    KEYS,
    NOBODY_HOME,
    NOT_TAKEN,
    REFUSES,
    TAKEN,
    BridgeScene,
)
from telephony_bridge.conformance.prompts import hear_back, play_in_order, play_whole, stop_early
from telephony_bridge.conformance.runner import Action, Failed, Skip, require
from telephony_bridge.esl.connection import Endpoint, SwitchRefused
from telephony_bridge.freeswitch import FreeSwitch
from telephony_bridge.leg import Dial, DialFailed, HandedOver, HandOverFailed, HungUp, SwitchError, SwitchUnreachable
from telephony_bridge.line_status import Fault, HandOverFailure, HungUpBy, LineStatus
from telephony_bridge.media import MediaFault
from telephony_bridge.media_server import MediaServer, Refusal
from telephony_bridge.originate import Unsafe
from telephony_bridge.simulated.extensions import AgentFate

DIAL_STRING = "sofia/gateway/trunk/{number}"

SIP_ANSWERS: Mapping[int, tuple[LineStatus, Fault]] = {
    401: (LineStatus.MISCONFIGURED, Fault.US),
    403: (LineStatus.REJECTED, Fault.UNKNOWN),
    404: (LineStatus.UNALLOCATED, Fault.CALLEE),
    408: (LineStatus.NO_RESPONSE, Fault.NETWORK),
    410: (LineStatus.NUMBER_CHANGED, Fault.CALLEE),
    480: (LineStatus.UNREACHABLE, Fault.CALLEE),
    484: (LineStatus.INVALID_NUMBER, Fault.US),
    486: (LineStatus.BUSY, Fault.CALLEE),
    487: (LineStatus.CANCELLED, Fault.US),
    488: (LineStatus.MISCONFIGURED, Fault.US),
    491: (LineStatus.UNKNOWN, Fault.UNKNOWN),
    503: (LineStatus.NETWORK_FAILURE, Fault.NETWORK),
    504: (LineStatus.NETWORK_FAILURE, Fault.NETWORK),
    600: (LineStatus.BUSY, Fault.CALLEE),
    603: (LineStatus.REJECTED, Fault.CALLEE),
    604: (LineStatus.UNREACHABLE, Fault.NETWORK),
}

REASONS: Mapping[AgentFate, HandOverFailure] = {
    AgentFate.NOBODY: HandOverFailure.NOBODY_FREE,
    AgentFate.BUSY: HandOverFailure.BUSY,
    AgentFate.DECLINES: HandOverFailure.DECLINED,
    AgentFate.CLOSED: HandOverFailure.CLOSED,
}


async def says_where_nothing_listens(scene: BridgeScene) -> str:
    with socket.socket() as bound:  # a port that is ours and does not listen
        bound.bind(("127.0.0.1", 0))
        error = await _no_connection(scene, Endpoint(*bound.getsockname()))
    require("[switch]" in str(error), f"no remedy in: {error}")
    return "refused, with the setting to correct"


async def says_the_password_is_wrong(scene: BridgeScene) -> str:
    error = await _no_connection(scene, scene.endpoint("wrong-one"))
    require(isinstance(error, SwitchRefused), f"it says {error}")
    require("wrong-one" not in str(error), "the message shows the password")
    return "refused, with the setting to correct"


async def _no_connection(scene: BridgeScene, endpoint: Endpoint) -> SwitchError:
    switch = FreeSwitch(endpoint, DIAL_STRING, scene.dialect)
    try:
        await switch.start()
    except SwitchUnreachable as error:
        return error
    await switch.close()
    raise Failed("it connected")


async def connects(scene: BridgeScene) -> str:
    switch = FreeSwitch(scene.endpoint(), DIAL_STRING, scene.dialect, delay=lambda attempt: 0.1 if attempt else 0.0)
    await switch.start()
    scene.stack.push_async_callback(switch.close)
    scene.connected = switch
    return "connected"


async def dials_no_commands(scene: BridgeScene) -> str:
    number = await _failure(scene, "1000 &hangup()")
    require(number.status is LineStatus.INVALID_NUMBER, str(number))
    try:
        leg = await scene.switch.dial(Dial("1000", str(uuid4()), variables={"note": "a,origination_uuid=x"}))
    except Unsafe:
        require(not scene.simulated.calls, "a command reached the switch")
        return "refused before the switch was asked"
    await leg.hang_up()
    raise Failed("a variable with a comma was passed on")


async def tells_answers_apart(scene: BridgeScene) -> str:
    failures = await asyncio.gather(*(_failure(scene, f"{REFUSES}{status}") for status in SIP_ANSWERS))
    for (status, wanted), failure in zip(SIP_ANSWERS.items(), failures, strict=True):
        got = (failure.status, failure.fault)
        require(got == wanted, f"{status} is told of as {got[0].value}, fault of {got[1].value}")
    return f"{len(failures)} answers"


async def rings_out(scene: BridgeScene) -> str:
    failure = await _failure(scene, NOBODY_HOME, ring_s=1)
    require(failure.status is LineStatus.NO_ANSWER, str(failure))
    return failure.cause


async def knows_its_fault(scene: BridgeScene) -> str:
    switch = FreeSwitch(scene.endpoint(), "sofia/gateway/none/{number}", scene.dialect)
    await switch.start()
    try:
        await switch.dial(Dial("1000", str(uuid4())))
    except DialFailed as failure:
        require((failure.status, failure.fault) == (LineStatus.MISCONFIGURED, Fault.US), str(failure))
        return failure.cause
    finally:
        await switch.close()
    raise Failed("the dial was answered")


async def _failure(scene: BridgeScene, number: str, ring_s: int = 30) -> DialFailed:
    try:
        leg = await scene.switch.dial(Dial(number, str(uuid4()), ring_timeout_s=ring_s))
    except DialFailed as failure:
        return failure
    await leg.hang_up()
    raise Failed(f"the dial to {number} was answered")


async def streams(scene: BridgeScene) -> str:
    async with scene.call() as party:
        link = await party.stream(scene.media, DELICATE)
        if not scene.dialect.while_parked:
            unharmed(link.metadata, party.leg.call_id)
        require(link.two_way == scene.dialect.two_way, f"the link says two_way is {link.two_way}")
        await party.next_frames(1)
    return f"{link.format.rate} Hz, {len(link.metadata)} entries"


async def refuses_strangers(scene: BridgeScene) -> str:
    if not isinstance(scene.media, MediaServer):
        raise Skip("in this dialect there are no tokens: see BR-32")
    async with scene.streaming() as party:
        url = scene.media.url_for(party.leg.call_id)
        tries = {
            Refusal.SECOND_CONNECTION: url,
            Refusal.BAD_TOKEN: f"{url}x",
            Refusal.UNKNOWN_CALL: url.replace(party.leg.call_id, "another"),
        }
        for refusal, tried in tries.items():
            code = await _close_code(tried)
            require(code == refusal, f"{refusal.name.lower()} is closed with {code}")
        await party.next_frames(1)
    return ", ".join(str(refusal.value) for refusal in tries)


async def _close_code(url: str) -> int | None:
    async with connect(url, compression=None, proxy=None) as websocket:
        try:
            await websocket.recv()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None
    return None


async def plays_whole(scene: BridgeScene) -> str:
    async with scene.streaming() as party:
        return await play_whole(party, scene.tones)


async def plays_in_order(scene: BridgeScene) -> str:
    async with scene.streaming() as party:
        return await play_in_order(party, scene.tones)


async def stops(scene: BridgeScene) -> str:
    async with scene.streaming() as party:
        return await stop_early(party, scene.tones)


async def is_heard(scene: BridgeScene) -> str:
    async with scene.streaming() as party:
        return await hear_back(party, scene.tones)


async def misses_a_prompt(scene: BridgeScene) -> str:
    async with scene.streaming() as party:
        await party.leg.play(scene.tones.short.with_name("none.wav"), "none")
        ended = await party.until_ended("none")
        require(bool(ended.problem) and not ended.completed, f"it is told of as {ended}")
        await play_whole(party, scene.tones)
    return "told of as a problem; the next one played"


async def tells_keys_and_the_end(scene: BridgeScene) -> str:
    async with scene.call(FINGERS) as party:
        await party.until_keys(KEYS)
        ended = await party.until(HungUp)
    require(ended.by is HungUpBy.CUSTOMER, f"hung up by {ended.by.value}")
    return f"{KEYS}, then {ended.cause} by {ended.by.value}"


async def hangs_up(scene: BridgeScene) -> str:
    async with scene.streaming() as party:
        await party.leg.hang_up()
        ended = await party.until(HungUp)
        require(ended.by is HungUpBy.BOT, f"hung up by {ended.by.value}")
        await party.until_link_ended()
        require(party.fault is MediaFault.CLOSED, f"the link ended as {party.fault}")
    return f"{ended.cause} by {ended.by.value}"


async def hands_over(scene: BridgeScene) -> str:
    async with scene.streaming() as party:
        await party.leg.transfer(TAKEN, {"voicebot_summary": 'it\'s "so"; 还款'})
        await party.until(HandedOver)
        if scene.dialect.while_parked:
            return "taken; what follows on its sound is BR-34"
        await party.next_frames(1)
    return "taken, and the stream goes on"


async def takes_back(scene: BridgeScene) -> str:
    async with scene.streaming() as party:
        for extension, fate in NOT_TAKEN.items():
            await party.leg.transfer(extension, {})
            failed = await party.until(HandOverFailed)
            require(failed.reason is REASONS[fate], f"{fate.value} is told of as {failed.reason.value}")
        await play_whole(party, scene.tones)
    return ", ".join(REASONS[fate].value for fate in NOT_TAKEN.values())


async def has_no_such_queue(scene: BridgeScene) -> str:
    async with scene.streaming() as party:
        await party.leg.transfer(ABSENT, {})
        ended = await party.until(HungUp)
    require(ended.line_status is LineStatus.UNREACHABLE, f"told of as {ended.line_status.value}")
    return f"{ended.cause}: {ended.line_status.value}"


CALLS: Mapping[str, Action[BridgeScene]] = {
    "BR-01": says_where_nothing_listens,
    "BR-02": says_the_password_is_wrong,
    "BR-03": connects,
    "BR-04": dials_no_commands,
    "BR-05": tells_answers_apart,
    "BR-06": rings_out,
    "BR-07": knows_its_fault,
    "BR-08": streams,
    "BR-09": refuses_strangers,
    "BR-10": plays_whole,
    "BR-11": plays_in_order,
    "BR-12": stops,
    "BR-13": is_heard,
    "BR-14": misses_a_prompt,
    "BR-15": tells_keys_and_the_end,
    "BR-16": hangs_up,
    "BR-23": hands_over,
    "BR-24": takes_back,
    "BR-25": has_no_such_queue,
}
