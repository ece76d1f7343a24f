"""The bridge on the simulated switch, over real sockets: dial, hear, play, stop, keys, faults, hang-up."""

from __future__ import annotations

import asyncio
import itertools
import wave
from pathlib import Path

import pytest

from telephony_bridge.dialects import MOD_AUDIO_FORK, MOD_AUDIO_STREAM, Dialect
from telephony_bridge.leg import (
    ControlLost,
    ControlRestored,
    Dial,
    DialFailed,
    Dtmf,
    HungUp,
    LegEvent,
    MediaStopped,
    PlayoutEnded,
    PlayoutStarted,
)
from telephony_bridge.line_status import Fault, HungUpBy, LineStatus
from telephony_bridge.media import MediaFault, MediaLink
from telephony_bridge.playout import FramePlayout
from telephony_bridge.restarted_link import RestartedLink
from telephony_bridge.simulated.switch import Fault as Trouble
from tests.patience import PATIENCE_S, soon
from tests.telephony_bridge.bridge_scene import (
    BUSY,
    FINGERS,
    NOBODY_HOME,
    OFF,
    TONE_SAMPLES,
    Scene,
    scene,
    to_the_end,
    until,
    until_heard,
)

pytestmark = pytest.mark.integration


async def test_a_call_hears_what_is_played_and_stops_it_where_told(bridge: Scene, tone: Path) -> None:
    leg, link = await soon(bridge.call())
    events = leg.events()
    await leg.play(tone, "one")
    await leg.play(tone, "two")
    assert (await until(events, PlayoutStarted)).playout_id == "one"
    await soon(until_heard(link))
    await leg.stop_playout()
    first, second = await until(events, PlayoutEnded), await until(events, PlayoutEnded)
    assert (first.playout_id, first.completed, first.problem) == ("one", False, None)
    assert 0 < first.heard < TONE_SAMPLES
    assert second == PlayoutEnded("two", 0, completed=False)
    await leg.hang_up()
    assert await until(events, HungUp) == HungUp(HungUpBy.BOT, LineStatus.ANSWERED, Fault.NOBODY, "NORMAL_CLEARING")
    await to_the_end(link)
    assert link.fault is MediaFault.CLOSED


async def test_a_prompt_is_played_to_its_end_and_a_missing_one_is_a_problem(bridge: Scene, tmp_path: Path) -> None:
    leg, _ = await soon(bridge.call())
    events = leg.events()
    short = tmp_path / "short.wav"
    with wave.open(str(short), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(800))
    await leg.play(short, "short")
    assert await until(events, PlayoutEnded) == PlayoutEnded("short", 400, completed=True)
    await leg.play(tmp_path / "none.wav", "none")
    assert (await until(events, PlayoutEnded)).problem


async def test_keys_and_a_customer_who_hangs_up(bridge: Scene) -> None:
    leg = await soon(bridge.switch.dial(Dial(FINGERS, "call-1")))
    async with asyncio.timeout(PATIENCE_S):
        told = [event async for event in leg.events()]
    assert told == [
        Dtmf("1"),
        Dtmf("#"),
        HungUp(HungUpBy.CUSTOMER, LineStatus.ANSWERED, Fault.NOBODY, "NORMAL_CLEARING"),
    ]


@pytest.mark.parametrize(
    ("number", "rings_s", "status"),
    [
        (BUSY, PATIENCE_S, LineStatus.BUSY),
        (OFF, PATIENCE_S, LineStatus.UNREACHABLE),
        (NOBODY_HOME, 1, LineStatus.NO_ANSWER),
    ],
)
async def test_a_dial_that_fails(bridge: Scene, number: str, rings_s: int, status: LineStatus) -> None:
    with pytest.raises(DialFailed) as failure:
        await soon(bridge.switch.dial(Dial(number, "call-1", ring_timeout_s=rings_s)))
    assert (failure.value.status, failure.value.fault) == (status, Fault.CALLEE)


@pytest.mark.parametrize(
    ("trouble", "fault"),
    [
        (Trouble.ABORT_MEDIA, MediaFault.DROPPED),
        (Trouble.OVERSIZED_FRAME, MediaFault.OVERSIZED),
        (Trouble.ODD_FRAME, MediaFault.MALFORMED),
        (Trouble.DOUBLE_RATE, MediaFault.WRONG_RATE),
    ],
)
async def test_bad_media_ends_one_link_and_media_can_start_again(
    bridge: Scene, trouble: Trouble, fault: MediaFault
) -> None:
    leg, link = await soon(bridge.call())
    _, other = await soon(bridge.call(call_id="call-2"))
    assert bridge.simulated.inject_fault(trouble, "call-1")
    await to_the_end(link)
    assert link.fault is fault
    await until(leg.events(), MediaStopped)
    assert other.fault is None
    coming = bridge.media.expect("call-1")
    await leg.start_media(bridge.media.url_for("call-1"), {"call_id": "call-1"})
    again = await soon(coming)
    assert (await soon(anext(again.frames()))).position == 0


async def test_control_that_drops_mid_call_comes_back_to_a_leg_that_can_play(bridge: Scene, tone: Path) -> None:
    leg, link = await soon(bridge.call())
    events = leg.events()
    await leg.play(tone, "one")
    await until(events, PlayoutStarted)
    bridge.simulated.inject_fault(Trouble.DROP_ESL)
    await until(events, ControlLost)
    lost = await until(events, PlayoutEnded)
    assert (lost.playout_id, lost.heard, lost.completed) == ("one", 0, False)
    assert lost.problem
    await until(events, ControlRestored)
    await leg.play(tone, "two")
    assert (await until(events, PlayoutStarted)).playout_id == "two"
    assert link.fault is None


async def test_a_leg_that_vanished_while_control_was_lost(bridge: Scene) -> None:
    leg, _ = await soon(bridge.call())
    bridge.simulated.inject_fault(Trouble.VANISH, "call-1")
    bridge.simulated.inject_fault(Trouble.DROP_ESL)
    assert (await until(leg.events(), HungUp)).by is HungUpBy.UNKNOWN


@pytest.mark.parametrize("dialect", [MOD_AUDIO_STREAM, MOD_AUDIO_FORK], ids=lambda dialect: dialect.name)
async def test_a_link_that_breaks_is_had_anew_and_its_frames_go_on(dialect: Dialect) -> None:
    async with scene(dialect=dialect) as bridge:
        leg, first = await soon(bridge.call())
        reasons = asyncio.Queue[str]()

        async def again(reason: str) -> MediaLink:
            reasons.put_nowait(reason)
            return await bridge.media.connect(leg, within_s=PATIENCE_S)

        link = RestartedLink(first, again, asyncio.get_running_loop().time)
        frames = link.frames()
        heard = [await soon(anext(frames)) for _ in range(3)]
        assert bridge.simulated.inject_fault(Trouble.ABORT_MEDIA, "call-1")
        while reasons.empty():
            heard.append(await soon(anext(frames)))
        heard += [await soon(anext(frames)) for _ in range(3)]
        assert all(before.end == after.position for before, after in itertools.pairwise(heard))
        assert reasons.get_nowait() == "the connection broke without a goodbye"
        await leg.hang_up()
        async with asyncio.timeout(PATIENCE_S):
            async for _ in frames:
                pass
        assert (link.fault, reasons.qsize()) == (MediaFault.CLOSED, 0)


async def test_the_media_of_a_leg_that_hung_up_is_not_had_anew(bridge: Scene) -> None:
    leg, first = await soon(bridge.call())

    async def again(reason: str) -> MediaLink:
        return await bridge.media.connect(leg, within_s=PATIENCE_S)

    link = RestartedLink(first, again, asyncio.get_running_loop().time)
    assert bridge.simulated.inject_fault(Trouble.CALLER_LEAVES, "call-1")
    await to_the_end(link)
    assert link.fault is MediaFault.CLOSED
    assert (await until(leg.events(), HungUp)).cause == "NORMAL_CLEARING"


async def test_frames_on_a_two_way_link_are_heard_and_stopped(two_way_bridge: Scene, tone: Path) -> None:
    _, link = await soon(two_way_bridge.call())
    assert link.two_way
    told: asyncio.Queue[LegEvent] = asyncio.Queue()
    playout = FramePlayout(link, told.put_nowait)
    await playout.play(tone, "one")
    assert await soon(told.get()) == PlayoutStarted("one")
    await soon(until_heard(link))
    await playout.stop()
    ended = await soon(told.get())
    assert isinstance(ended, PlayoutEnded)
    assert 0 < ended.heard < TONE_SAMPLES
