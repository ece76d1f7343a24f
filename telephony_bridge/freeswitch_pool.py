"""Several FreeSWITCHes as one switch; one alone is a pool of one. Who takes which call is decided in `balancer.py`."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import structlog

from telephony_bridge.balancer import Balancer, Chosen, Load, Nobody, Terms, Wait
from telephony_bridge.esl.connection import SwitchRefused
from telephony_bridge.freeswitch import FreeSwitch
from telephony_bridge.freeswitch_leg import FreeSwitchLeg
from telephony_bridge.leg import Dial, IncomingCall, PoolExhausted, Refusal, SwitchUnreachable

log = structlog.get_logger(__name__)

REMEDY = "start it, let a call end, or see drain and max_calls under [switch] in voicebot.toml"
TOO_FAST = "calls_per_second allows no dial sooner; dial fewer at a time, or raise it under [switch] in voicebot.toml"

TOO_BUSY = (
    "the calls it has take all there is; dial fewer at a time, give it more processors, or raise most_late_ms "
    "under [call] in voicebot.toml"
)

LOOK_AGAIN_S = 0.5
"""How often a dial that waits looks whether this process is in time again."""

MOST_WAIT_S = 30.0
"""From the moment a dial is asked for until its turn must have come."""


class FreeSwitchPool:
    """See `telephony_bridge.leg.Switch`. Made by `FreeSwitchPool.connect`."""

    def __init__(
        self,
        members: Mapping[FreeSwitch, Terms],
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        overloaded: Callable[[], bool] = lambda: False,
    ) -> None:
        """`overloaded`: this process should take no new calls now."""
        self._switches = {str(switch.endpoint): switch for switch in members}
        self._balancer = Balancer({str(switch.endpoint): terms for switch, terms in members.items()})
        self._in_use = {switch: terms.max_calls for switch, terms in members.items() if not terms.drain}
        self._refusals: set[asyncio.Task[None]] = set()
        self._clock = clock
        self._sleep = sleep
        self._overloaded = overloaded
        self._turn = asyncio.Lock()

    @classmethod
    async def connect(
        cls, members: Mapping[FreeSwitch, Terms], overloaded: Callable[[], bool] = lambda: False
    ) -> FreeSwitchPool:
        """Connect to all that are not drained; those that cannot be reached may come later, if one can.

        Raises `SwitchUnreachable` where none can, and `SwitchRefused` for a switch that is there and does not let us
        in: a wrong setting should be seen at once.
        """
        pool = cls(members, overloaded=overloaded)
        try:
            await pool._start()
        except BaseException:
            await pool.close()
            raise
        return pool

    async def dial(self, dial: Dial) -> FreeSwitchLeg:
        """Waits while only the rates of the switches forbid the dial, or we are overloaded; first come, first dialled.

        No dial waits longer than `MOST_WAIT_S`: it raises `PoolExhausted`, as where no switch takes calls at all.

        A dial that breaks off is not tried again on another switch: the customer's phone may ring already.
        """
        switch = await self._next()
        return await switch.dial(dial)  # nothing else runs in between, so that no other dial takes the same place

    async def take_incoming(self, handler: Callable[[IncomingCall], None]) -> None:
        """From every switch that is not drained; one whose calls have reached its `max_calls` refuses more.

        While we are overloaded, all refuse.

        One that is out of reach tells of its calls when it is back.
        """
        for switch, most in self._in_use.items():
            with contextlib.suppress(SwitchUnreachable):
                await switch.take_incoming(partial(self._take, switch, most, handler))

    async def close(self) -> None:
        await asyncio.gather(*(switch.close() for switch in self._switches.values()))

    async def _start(self) -> None:
        results = await asyncio.gather(*(switch.start() for switch in self._in_use), return_exceptions=True)
        failed = {switch: error for switch, error in zip(self._in_use, results, strict=True) if error is not None}
        for error in failed.values():
            if isinstance(error, SwitchRefused) or not isinstance(error, SwitchUnreachable):
                raise error
        if failed and len(failed) == len(self._in_use):
            raise SwitchUnreachable("\n".join(str(error) for error in failed.values()))
        for switch, error in failed.items():
            log.warning("switch unreachable", host=switch.endpoint.host, port=switch.endpoint.port, error=error)
            switch.keep_connected()

    async def _next(self) -> FreeSwitch:
        latest = self._clock() + MOST_WAIT_S
        async with self._turn:
            while True:
                now = self._clock()
                if self._overloaded():
                    if now + LOOK_AGAIN_S > latest:
                        raise PoolExhausted(
                            f"this process was too late for new calls for {MOST_WAIT_S:g} s: {TOO_BUSY}"
                        )
                    await self._sleep(LOOK_AGAIN_S)
                    continue
                match self._balancer.choose(now, self._loads()):
                    case Chosen(name):
                        return self._switches[name]
                    case Wait(seconds) if now + seconds > latest:
                        raise PoolExhausted(f"no switch takes a call within {MOST_WAIT_S:g} s: {TOO_FAST}")
                    case Wait(seconds):
                        await self._sleep(seconds)
                    case Nobody(why):
                        reasons = ", ".join(f"{name} is {reason.value}" for name, reason in why.items())
                        raise PoolExhausted(f"no switch takes a call now: {reasons}; {REMEDY}")

    def _take(
        self, switch: FreeSwitch, most: int | None, handler: Callable[[IncomingCall], None], call: IncomingCall
    ) -> None:
        if most is not None and switch.calls > most:  # it is counted already
            log.warning("incoming call refused", call_id=call.call_id, why="max_calls of its switch is reached")
        elif self._overloaded():
            log.warning("incoming call refused", call_id=call.call_id, why="this process is too late for new calls")
        else:
            handler(call)
            return
        task = asyncio.create_task(_refuse(call))
        self._refusals.add(task)
        task.add_done_callback(self._refusals.discard)

    def _loads(self) -> dict[str, Load]:
        return {name: Load(switch.connected, switch.calls) for name, switch in self._switches.items()}


async def _refuse(call: IncomingCall) -> None:
    with contextlib.suppress(SwitchUnreachable):  # it is hung up when the switch is back
        await call.refuse(Refusal.TOO_MANY_CALLS)
