"""A FreeSWITCH, or anything that speaks like one: the switch port over the event socket.

switch = await FreeSwitch.connect(Endpoint("127.0.0.1", 8021, "secret"), "sofia/gateway/trunk/{number}")
leg = await switch.dial(Dial(number="79990000100", call_id=str(uuid4())))
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import structlog

from telephony_bridge import originate
from telephony_bridge.causes import line_status_of
from telephony_bridge.channel import EVENTS
from telephony_bridge.dialects import MOD_AUDIO_STREAM, MediaDialect
from telephony_bridge.esl.client import EslClient, growing_delay
from telephony_bridge.esl.connection import Endpoint
from telephony_bridge.freeswitch_leg import FreeSwitchLeg, PromptFolder
from telephony_bridge.leg import Dial, DialFailed, SwitchUnreachable
from telephony_bridge.line_status import Fault, LineStatus

log = structlog.get_logger(__name__)

RESULT_MARGIN_S = 15.0
"""How much longer than the ring timeout we wait for the switch's word on a dial."""

ENDING_S = 1.0
"""How long we wait, after a failed dial, for the event that tells more than the bare cause."""


class FreeSwitch:
    """See `telephony_bridge.leg.Switch`. Made by `FreeSwitch.connect`."""

    def __init__(
        self,
        client: EslClient,
        dial_string: str,
        dialect: MediaDialect = MOD_AUDIO_STREAM,
        prompts: PromptFolder | None = None,
        caller_id: str | None = None,
    ) -> None:
        self._client = client
        self._dial_string = originate.check_dial_string(dial_string)
        self._dialect = dialect
        self._prompts = prompts
        self._caller_id = originate.check_caller_id(caller_id)
        self._legs: dict[str, FreeSwitchLeg] = {}
        self._abandoned: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        client.on_lost = self._lost
        client.on_restored = self._restored

    @classmethod
    async def connect(
        cls,
        endpoint: Endpoint,
        dial_string: str,
        dialect: MediaDialect = MOD_AUDIO_STREAM,
        prompts: PromptFolder | None = None,
        caller_id: str | None = None,
        *,
        delay: Callable[[int], float] = growing_delay,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> FreeSwitch:
        """Raises `SwitchUnreachable`, or `Unsafe` for a dial string or caller id that cannot work."""
        client = EslClient(endpoint, EVENTS, dialect.subclasses, delay=delay, sleep=sleep)
        switch = cls(client, dial_string, dialect, prompts, caller_id)
        await client.start()
        return switch

    async def dial(self, dial: Dial) -> FreeSwitchLeg:
        """Raises `Unsafe` too, where a variable of the dial could not be passed on as it is."""
        try:
            command = originate.originate(replace(dial, caller_id=dial.caller_id or self._caller_id), self._dial_string)
        except originate.InvalidNumber:
            raise DialFailed(LineStatus.INVALID_NUMBER, Fault.US, "INVALID_NUMBER_FORMAT") from None
        leg = FreeSwitchLeg(dial.call_id, self._client, self._dialect, self._prompts, self._forget)
        self._client.subscribe(dial.call_id, leg.receive)
        try:
            result = await asyncio.wait_for(self._client.bgapi(command), dial.ring_timeout_s + RESULT_MARGIN_S)
        except BaseException as error:
            self._abandon(dial.call_id)
            if isinstance(error, TimeoutError):
                raise SwitchUnreachable("the switch never said what became of the dial") from None
            raise
        if result.startswith("+OK"):
            self._legs[dial.call_id] = leg
            return leg
        failure = await self._failure(leg, result)
        self._forget(dial.call_id)
        raise failure

    async def close(self) -> None:
        """Leave the switch. Legs that still live stay as they are; hang them up first."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.close()

    async def _failure(self, leg: FreeSwitchLeg, result: str) -> DialFailed:
        cause = result.removeprefix("-ERR").strip()
        if leg.channel.created:  # without a channel no event follows
            try:
                await asyncio.wait_for(leg.ended.wait(), ENDING_S)
            except TimeoutError:
                log.info("no hang-up event for a failed dial", call_id=leg.call_id)
        ending = leg.channel.ending
        if ending is not None and ending.cause == cause:
            status, fault = line_status_of(cause, ending.q850, ending.sip_status)
        else:
            status, fault = line_status_of(cause)
        if status is LineStatus.ANSWERED:  # cleared in a normal way before an answer: by us or another operator
            status, fault = LineStatus.CANCELLED, Fault.US
        return DialFailed(status, fault, cause)

    def _forget(self, call_id: str) -> None:
        self._client.unsubscribe(call_id)
        self._legs.pop(call_id, None)

    def _abandon(self, call_id: str) -> None:
        """Nobody waits for this dial any more: make sure that no customer picks up to silence."""
        self._forget(call_id)
        self._abandoned.add(call_id)
        task = asyncio.create_task(self._kill_abandoned())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _kill_abandoned(self) -> None:
        for call_id in list(self._abandoned):
            try:
                await self._client.api(f"uuid_kill {call_id}")
            except SwitchUnreachable:
                return  # tried again once the switch is back
            self._abandoned.discard(call_id)

    def _lost(self, reason: str) -> None:
        for leg in list(self._legs.values()):
            leg.control_lost(reason)

    async def _restored(self) -> None:
        for leg in list(self._legs.values()):
            await leg.control_restored()
        await self._kill_abandoned()
