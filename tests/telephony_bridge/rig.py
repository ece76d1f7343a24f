"""The FreeSWITCH adapter connected to a scripted peer, and the way to script their talk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from telephony_bridge.esl import encoding
from telephony_bridge.esl.encoding import EslCommand
from telephony_bridge.freeswitch import FreeSwitch
from telephony_bridge.freeswitch_leg import FreeSwitchLeg
from telephony_bridge.leg import Dial, DialFailed, LegEvent
from tests.patience import PATIENCE_S, soon, unless_ended
from tests.telephony_bridge.esl_peer import EslPeer, Gate, usual

DIAL = Dial("79990000100", "u-1", ring_timeout_s=30)


def event(name: str, **headers: str) -> bytes:
    named = {key if key.startswith("variable_") else key.replace("_", "-"): value for key, value in headers.items()}
    return encoding.event({"Event-Name": name, "Unique-ID": "u-1", **named})


def job(result: str) -> bytes:
    return encoding.event({"Event-Name": "BACKGROUND_JOB", "Job-UUID": "job-1"}, result)


class Rig:
    """A peer, a switch connected to it, and the way to script their talk."""

    def __init__(self, peer: EslPeer, switch: FreeSwitch, gate: Gate) -> None:
        self.peer = peer
        self.switch = switch
        self.gate = gate

    async def dialling(self) -> asyncio.Task[FreeSwitchLeg]:
        """A dial whose command has come to the peer."""
        dialling = asyncio.create_task(self.switch.dial(DIAL), name="the dial")
        await unless_ended(dialling, self.peer.got("bgapi"))
        return dialling

    async def answered(self) -> FreeSwitchLeg:
        dialling = await self.dialling()
        self.peer.send(event("CHANNEL_CREATE") + job("+OK u-1\n"))
        return await soon(dialling)

    async def failed(self, *messages: bytes) -> DialFailed:
        dialling = await self.dialling()
        self.peer.send(b"".join(messages))
        with pytest.raises(DialFailed) as failure:
            await soon(dialling)
        return failure.value

    def script(self, replies: dict[str, str]) -> None:
        """Answer api commands that begin so with these texts, all else as usual."""

        def answer(command: EslCommand) -> bytes | None:
            for start, text in replies.items():
                if command.verb == "api" and command.argument.startswith(start):
                    return encoding.api_response(text)
            return usual(command)

        self.peer.answer = answer


async def next_of(events: AsyncIterator[LegEvent], count: int) -> list[LegEvent]:
    async with asyncio.timeout(PATIENCE_S):
        return [await anext(events) for _ in range(count)]
