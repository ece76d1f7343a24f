"""The checks of our bridge on calls that come in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from telephony_bridge.conformance.party import attended
from telephony_bridge.conformance.played_switch import ECHO, BridgeScene
from telephony_bridge.conformance.prompts import play_whole
from telephony_bridge.conformance.runner import Action, Failed, require
from telephony_bridge.leg import IncomingCall, LegGone, Refusal
from telephony_bridge.simulated.switch import Fault as Trouble

OURS = "74950000001"


@asynccontextmanager
async def _listening(scene: BridgeScene) -> AsyncIterator[asyncio.Queue[IncomingCall]]:
    """Calls that come in; nobody is told of them any more afterwards."""
    calls: asyncio.Queue[IncomingCall] = asyncio.Queue()
    await scene.switch.take_incoming(calls.put_nowait)
    try:
        yield calls
    finally:
        await scene.switch.take_incoming(lambda call: None)


async def answers(scene: BridgeScene) -> str:
    async with _listening(scene) as calls:
        there = scene.simulated.incoming_call(OURS, ECHO)
        call = await calls.get()
        told = (call.called, call.caller, call.call_id)
        require(told == (OURS, ECHO, there.uuid), f"told of as {told}")
        require(not there.channel.line_is_open, "it was answered before anybody wanted to")
        async with attended(await call.answer(), scene.dialect) as party:
            await party.stream(scene.media)
            await play_whole(party, scene.tones)
    return f"{call.caller} to {call.called}, answered and played to"


async def refuses(scene: BridgeScene) -> str:
    async with _listening(scene) as calls:
        there = scene.simulated.incoming_call(OURS, ECHO)
        call = await calls.get()
        await call.refuse(Refusal.UNKNOWN_NUMBER)
        cause = there.channel.cause
        require(cause == Refusal.UNKNOWN_NUMBER, f"the network is told {cause}")
        try:
            await call.answer()
        except LegGone:
            return f"{cause}; not answered"
    raise Failed("it can be answered all the same")


async def finds(scene: BridgeScene) -> str:
    async with _listening(scene) as calls:
        scene.simulated.inject_fault(Trouble.DROP_ESL)
        there = scene.simulated.incoming_call(OURS, ECHO)
        call = await calls.get()
        require(call.call_id == there.uuid, "another call is told of")
        async with attended(await call.answer(), scene.dialect):
            return "found, and answered"


async def notices_that_they_left(scene: BridgeScene) -> str:
    async with _listening(scene) as calls:
        there = scene.simulated.incoming_call(OURS, ECHO)
        call = await calls.get()
        scene.simulated.inject_fault(Trouble.CALLER_LEAVES, there.uuid)
        try:
            await call.answer()
        except LegGone:
            return "told of when it was to be answered"
    raise Failed("it can be answered all the same")


INCOMING: Mapping[str, Action[BridgeScene]] = {
    "BR-27": answers,
    "BR-28": refuses,
    "BR-29": finds,
    "BR-30": notices_that_they_left,
}
