"""Several switches as one, over real sockets: calls spread over them, switches full, drained, killed and restarted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from itertools import count

import pytest

from telephony_bridge.balancer import Terms
from telephony_bridge.esl.connection import Endpoint, SwitchRefused
from telephony_bridge.freeswitch import FreeSwitch
from telephony_bridge.freeswitch_leg import FreeSwitchLeg
from telephony_bridge.freeswitch_pool import MOST_WAIT_S, FreeSwitchPool
from telephony_bridge.leg import ControlLost, Dial, DialFailed, HungUp, IncomingCall, PoolExhausted, SwitchUnreachable
from telephony_bridge.line_status import Fault, HungUpBy, LineStatus
from telephony_bridge.simulated.settings import SwitchSettings
from telephony_bridge.simulated.switch import SimulatedSwitch
from tests.patience import PATIENCE_S, soon
from tests.telephony_bridge.bridge_scene import BUSY, PLAN, customer, until
from tests.telephony_bridge.esl_peer import EslPeer, Gate
from tests.telephony_bridge.simulated.serving import serving

pytestmark = pytest.mark.integration

SETTINGS = SwitchSettings(password="secret", dial_plan=PLAN)
TRUNK = "sofia/gateway/trunk/{number}"


class Time:
    """It passes where somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(0)  # the other dials are asked for meanwhile
        self.now += seconds


class Fleet:
    """Simulated switches, and pools of them."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self.gate = Gate()
        self._calls = count(1)

    async def switch(self, port: int = 0) -> SimulatedSwitch:
        return await self._stack.enter_async_context(serving(SimulatedSwitch(replace(SETTINGS, port=port), customer)))

    async def pool(self, members: dict[SimulatedSwitch, Terms]) -> FreeSwitchPool:
        pool = await FreeSwitchPool.connect({self.bridge(switch.port): terms for switch, terms in members.items()})
        self._stack.push_async_callback(pool.close)
        return pool

    async def timed(
        self, switch: SimulatedSwitch, terms: Terms, time: Time, overloaded: Callable[[], bool] = lambda: False
    ) -> FreeSwitchPool:
        bridge = self.bridge(switch.port)
        await bridge.start()
        pool = FreeSwitchPool({bridge: terms}, lambda: time.now, time.sleep, overloaded)
        self._stack.push_async_callback(pool.close)
        return pool

    def bridge(self, port: int, password: str = "secret") -> FreeSwitch:
        """It tries to connect again once the gate lets it."""
        return FreeSwitch(Endpoint("127.0.0.1", port, password, PATIENCE_S), TRUNK, sleep=self.gate.sleep)

    async def dial(self, pool: FreeSwitchPool, number: str = "79990000100") -> FreeSwitchLeg:
        return await soon(pool.dial(Dial(number, f"call-{next(self._calls)}", ring_timeout_s=PATIENCE_S)))


@pytest.fixture
async def fleet() -> AsyncIterator[Fleet]:
    async with AsyncExitStack() as stack:
        yield Fleet(stack)


async def test_calls_are_spread_by_weight(fleet: Fleet) -> None:
    heavy, light = await fleet.switch(), await fleet.switch()
    pool = await fleet.pool({heavy: Terms(weight=2), light: Terms(weight=1)})
    for _ in range(6):
        await fleet.dial(pool)
    assert (len(heavy.calls), len(light.calls)) == (4, 2)


async def test_a_switch_that_dies_costs_its_own_calls_alone_and_is_used_again_once_restarted(fleet: Fleet) -> None:
    doomed, other = await fleet.switch(), await fleet.switch()
    pool = await fleet.pool({doomed: Terms(), other: Terms()})
    struck, untouched = await fleet.dial(pool), await fleet.dial(pool)
    events = struck.events()
    doomed.crash()
    await until(events, ControlLost)
    for _ in range(3):
        await fleet.dial(pool)
    assert len(other.calls) == 4

    restarted = await fleet.switch(doomed.port)
    fleet.gate.opened.release()
    crashed = HungUp(HungUpBy.UNKNOWN, LineStatus.NETWORK_FAILURE, Fault.US, "CRASH")
    assert await until(events, HungUp) == crashed
    for _ in range(2):
        await fleet.dial(pool)
    assert (len(restarted.calls), len(other.calls)) == (1, 5)
    await untouched.hang_up()
    assert (await until(untouched.events(), HungUp)).by is HungUpBy.BOT


async def test_no_switch_has_more_calls_than_it_may_and_a_place_is_free_after_each_end(fleet: Fleet) -> None:
    one, two = await fleet.switch(), await fleet.switch()
    pool = await fleet.pool({one: Terms(max_calls=1), two: Terms(max_calls=1)})
    dials = await asyncio.gather(*(fleet.dial(pool) for _ in range(3)), return_exceptions=True)
    legs = [leg for leg in dials if isinstance(leg, FreeSwitchLeg)]
    assert (len(legs), len(one.calls), len(two.calls)) == (2, 1, 1)
    assert str(dials[2]).startswith(
        f"no switch takes a call now: 127.0.0.1:{one.port} is full, 127.0.0.1:{two.port} is full; "
    )
    await legs[0].hang_up()
    await until(legs[0].events(), HungUp)
    for _ in range(2):  # a dial that reaches nobody leaves its place as well
        with pytest.raises(DialFailed):
            await fleet.dial(pool, BUSY)
    await fleet.dial(pool)


async def test_a_drained_switch_gets_no_call(fleet: Fleet) -> None:
    drained, other = await fleet.switch(), await fleet.switch()
    pool = await fleet.pool({drained: Terms(weight=9, drain=True), other: Terms()})
    for _ in range(3):
        await fleet.dial(pool)
    assert (len(drained.calls), len(other.calls)) == (0, 3)
    with pytest.raises(PoolExhausted, match=r"is drained; .*drain"):
        await fleet.dial(await fleet.pool({drained: Terms(drain=True)}))


async def test_dials_wait_for_the_rate_in_the_order_in_which_they_came(fleet: Fleet) -> None:
    time, simulated = Time(), await fleet.switch()
    pool = await fleet.timed(simulated, Terms(calls_per_second=2), time)
    legs = await asyncio.gather(*(fleet.dial(pool) for _ in range(3)))
    assert time.waits == [0.5, 0.5]
    assert list(simulated.calls) == [leg.call_id for leg in legs]


async def test_no_dial_waits_longer_for_the_rate_than_its_limit(fleet: Fleet) -> None:
    """The wait for those before it counts too."""
    time, simulated = Time(), await fleet.switch()
    pool = await fleet.timed(simulated, Terms(calls_per_second=1.5 / MOST_WAIT_S), time)
    dials = await asyncio.gather(*(fleet.dial(pool) for _ in range(4)), return_exceptions=True)
    assert time.waits == [pytest.approx(MOST_WAIT_S / 1.5)]
    assert [isinstance(one, FreeSwitchLeg) for one in dials] == [True, True, False, False]
    assert isinstance(dials[2], PoolExhausted)
    assert str(dials[2]).startswith("no switch takes a call within 30 s: calls_per_second allows no dial sooner")


async def test_while_we_are_late_a_dial_waits_and_calls_that_run_go_on(fleet: Fleet) -> None:
    time, simulated = Time(), await fleet.switch()
    pool = await fleet.timed(simulated, Terms(), time, lambda: 1.0 <= time.now < 3.0)
    running = await fleet.dial(pool)
    time.now = 1.0
    await fleet.dial(pool)
    assert time.now == 3.0
    assert len(simulated.calls) == 2
    await running.stop_playout()


async def test_where_we_stay_late_nothing_is_dialled_and_the_reason_is_told(fleet: Fleet) -> None:
    time, simulated = Time(), await fleet.switch()
    pool = await fleet.timed(simulated, Terms(), time, lambda: True)
    with pytest.raises(PoolExhausted, match=r"too late for new calls for 30 s: .* most_late_ms"):
        await fleet.dial(pool)
    assert time.now == MOST_WAIT_S
    assert not simulated.calls


async def test_one_process_takes_the_calls_that_come_in_on_every_switch(fleet: Fleet) -> None:
    one, two, drained = await fleet.switch(), await fleet.switch(), await fleet.switch()
    pool = await fleet.pool({one: Terms(), two: Terms(), drained: Terms(drain=True)})
    calls: asyncio.Queue[IncomingCall] = asyncio.Queue()
    await pool.take_incoming(calls.put_nowait)
    for switch in (one, two, drained):
        switch.incoming_call("74950000001", "79990000100")
    came = [await soon(calls.get()), await soon(calls.get())]
    assert {call.switch for call in came} == {f"127.0.0.1:{one.port}", f"127.0.0.1:{two.port}"}
    legs = [await soon(call.answer()) for call in came]
    assert {leg.switch for leg in legs} == {call.switch for call in came}
    assert calls.empty()


async def test_a_pool_starts_without_a_switch_that_is_down_and_takes_it_in_when_it_comes(fleet: Fleet) -> None:
    late = EslPeer()
    await late.start()  # to have a port
    await late.stop()
    simulated = await fleet.switch()
    absent = FreeSwitch(late.endpoint(), TRUNK, sleep=fleet.gate.sleep)
    pool = await FreeSwitchPool.connect({absent: Terms(), fleet.bridge(simulated.port): Terms()})
    for _ in range(2):
        await fleet.dial(pool)
    assert len(simulated.calls) == 2
    await late.start()
    fleet.gate.opened.release()
    await late.got("api", "global_getvar core_uuid")
    dials = [asyncio.create_task(fleet.dial(pool)) for _ in range(2)]
    assert (await late.got("bgapi", "originate")).argument.endswith("sofia/gateway/trunk/79990000100 &park()")
    await pool.close()
    await late.stop()
    await asyncio.gather(*dials, return_exceptions=True)


async def test_a_pool_of_which_nobody_is_there_says_so_of_each() -> None:
    peers = EslPeer(), EslPeer()
    for peer in peers:
        await peer.start()
        await peer.stop()
    members = {FreeSwitch(peer.endpoint(), TRUNK): Terms() for peer in peers}
    with pytest.raises(SwitchUnreachable) as failed:
        await FreeSwitchPool.connect(members)
    assert all(str(peer.endpoint()) in str(failed.value) for peer in peers)


async def test_a_wrong_password_is_seen_at_once_though_the_others_are_there(fleet: Fleet) -> None:
    one, two = await fleet.switch(), await fleet.switch()
    with pytest.raises(SwitchRefused, match=rf"127.0.0.1:{two.port} refuses the password"):
        await FreeSwitchPool.connect({fleet.bridge(one.port): Terms(), fleet.bridge(two.port, "wrong"): Terms()})
