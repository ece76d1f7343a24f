"""A FreeSWITCH, or anything that speaks like one: the switch port over the event socket.

switch = FreeSwitch(Endpoint("127.0.0.1", 8021, "secret"), "sofia/gateway/trunk/{number}")
await switch.start()
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
from telephony_bridge.dialects import MOD_AUDIO_STREAM, Dialect
from telephony_bridge.esl.client import EslClient, growing_delay
from telephony_bridge.esl.connection import Endpoint
from telephony_bridge.esl.protocol import EslMessage
from telephony_bridge.freeswitch_leg import INCOMING, FreeSwitchLeg, PromptFolder
from telephony_bridge.incoming import Announced, ParkedCall, announced_by, parked_in
from telephony_bridge.leg import Dial, DialFailed, IncomingCall, SwitchUnreachable
from telephony_bridge.line_status import Fault, LineStatus

log = structlog.get_logger(__name__)

RESULT_MARGIN_S = 15.0
"""How much longer than the ring timeout we wait for the switch's word on a dial."""

ENDING_S = 1.0
"""How long we wait, after a failed dial, for the event that tells more than the bare cause."""


class FreeSwitch:
    """See `telephony_bridge.leg.Switch`. Raises `Unsafe` for a dial string or caller id that cannot work."""

    def __init__(
        self,
        endpoint: Endpoint,
        dial_string: str,
        dialect: Dialect = MOD_AUDIO_STREAM,
        prompts: PromptFolder | None = None,
        caller_id: str | None = None,
        *,
        delay: Callable[[int], float] = growing_delay,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._client = EslClient(endpoint, EVENTS, dialect.subclasses, delay=delay, sleep=sleep)
        self._client.on_lost = self._lost
        self._client.on_restored = self._restored
        self._dial_string = originate.check_dial_string(dial_string)
        self._dialect = dialect
        self._prompts = prompts
        self._caller_id = originate.check_caller_id(caller_id)
        self._take: Callable[[IncomingCall], None] | None = None
        self._core_uuid: str | None = None
        self._legs: dict[str, FreeSwitchLeg] = {}
        self._abandoned: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def endpoint(self) -> Endpoint:
        return self._client.endpoint

    @property
    def connected(self) -> bool:
        return self._client.connected

    @property
    def calls(self) -> int:
        """How many calls of ours are on the switch, ringing or answered."""
        return len(self._legs)

    async def start(self) -> None:
        """Connect. Raises `SwitchUnreachable`."""
        await self._client.start()
        try:
            self._core_uuid = await self._ask_core_uuid()
        except BaseException:
            await self._client.close()
            raise

    def keep_connected(self) -> None:
        """Instead of `start`, where the switch cannot be reached now: connect as soon as it can."""
        self._client.keep_connected()

    async def dial(self, dial: Dial) -> FreeSwitchLeg:
        """Raises `Unsafe` too, where a variable of the dial could not be passed on as it is."""
        try:
            asked = replace(dial, caller_id=dial.caller_id or self._caller_id)
            command = originate.originate(asked, self._dial_string, idle_silence=not self._dialect.while_parked)
        except originate.InvalidNumber:
            raise DialFailed(LineStatus.INVALID_NUMBER, Fault.US, "INVALID_NUMBER_FORMAT", str(self.endpoint)) from None
        leg = FreeSwitchLeg(dial.call_id, self._client, self._dialect, self._prompts, self._forget)
        self._client.subscribe(dial.call_id, leg.receive)
        self._legs[dial.call_id] = leg
        try:
            result = await asyncio.wait_for(self._client.bgapi(command), dial.ring_timeout_s + RESULT_MARGIN_S)
        except BaseException as error:
            self._abandon(dial.call_id)
            if isinstance(error, TimeoutError):
                raise SwitchUnreachable("the switch never said what became of the dial") from None
            raise
        if result.startswith("+OK"):
            return leg
        failure = await self._failure(leg, result)
        self._forget(dial.call_id)
        raise failure

    async def take_incoming(self, handler: Callable[[IncomingCall], None]) -> None:
        """See `telephony_bridge.leg.Switch`. Where the switch cannot be reached now, from when it can."""
        self._take = handler
        self._client.on_other = self._parked
        if self._client.connected:
            await self._find_parked()

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
        return DialFailed(status, fault, cause, str(self.endpoint))

    def _parked(self, event: EslMessage) -> None:
        if (announced := announced_by(event)) is not None:
            self._come_in(announced)

    async def _find_parked(self) -> None:
        """Calls that were parked before we listened, or while the connection was down."""
        waiting = parked_in(await self._client.api("show channels as json"))
        for call_id, caller in waiting.items():
            called = await self._client.api(f"uuid_getvar {call_id} {INCOMING}")
            if called not in {"", "_undef_"} and not called.startswith("-ERR"):
                self._come_in(Announced(call_id, called, caller))

    def _come_in(self, announced: Announced) -> None:
        if announced.call_id in self._legs or self._take is None:
            return
        leg = FreeSwitchLeg(announced.call_id, self._client, self._dialect, self._prompts, self._forget)
        self._client.subscribe(announced.call_id, leg.receive)
        self._legs[announced.call_id] = leg
        self._take(ParkedCall(announced, leg, str(self.endpoint)))

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
        legs = list(self._legs.values())
        if await self._restarted():
            log.warning("switch restarted, its calls are gone", host=self.endpoint.host, port=self.endpoint.port)
            self._abandoned.clear()
            for leg in legs:
                leg.switch_restarted()
            legs = []
        for leg in legs:
            await leg.control_restored()
        await self._kill_abandoned()
        if self._take is not None:
            await self._find_parked()

    async def _restarted(self) -> bool:
        before, self._core_uuid = self._core_uuid, await self._ask_core_uuid()
        return before is not None and before != self._core_uuid

    async def _ask_core_uuid(self) -> str:
        """The switch's Core-UUID, a new one each time it starts. One that does not know it always says the same."""
        return await self._client.api("global_getvar core_uuid")
