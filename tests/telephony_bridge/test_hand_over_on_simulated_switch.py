"""Handing over on the simulated switch, over real sockets: agents who answer and those who do not, and the way back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from telephony_bridge.hand_over import DeskNote
from telephony_bridge.leg import HandedOver, HandOverFailed, HungUp, PlayoutEnded, PlayoutStarted
from telephony_bridge.line_status import HandOverFailure, HungUpBy
from telephony_bridge.simulated.extensions import AgentFate, Extension, Extensions
from telephony_bridge.simulated.switch import Fault as Trouble
from tests.patience import soon
from tests.telephony_bridge.bridge_scene import Scene, scene, until, until_heard
from tests.telephony_bridge.simulated.peers import RawEsl

pytestmark = pytest.mark.integration

NOTE = DeskNote("collections", 'Owes 1; says\n"I\'ll pay" $5 – 还款', True, "promise_to_pay", "negative")
QUICK = Extensions(
    (
        ("9300", Extension(AgentFate.ANSWERS, after_ms=60)),
        ("9311", Extension(AgentFate.NOBODY, after_ms=60)),
        ("9312", Extension(AgentFate.BUSY, after_ms=60)),
        ("9313", Extension(AgentFate.DECLINES, after_ms=60)),
        ("9314", Extension(AgentFate.CLOSED, after_ms=0)),
        ("9399", Extension(AgentFate.NOBODY, after_ms=600_000)),
    )
)


@pytest.fixture
async def bridge() -> AsyncIterator[Scene]:
    async with scene(extensions=QUICK) as made:
        yield made


@pytest.fixture
async def desk(bridge: Scene) -> AsyncIterator[RawEsl]:
    """A desk that listens to the queues and to us."""
    esl = await RawEsl.connect(bridge.simulated.port)
    await esl.message()
    await esl.command("auth secret")
    await esl.command("event plain CHANNEL_BRIDGE CHANNEL_PARK CUSTOM callcenter::info voicebot::hand_over")
    yield esl
    await esl.close()


async def test_an_agent_takes_the_call_knowing_what_it_is_about(bridge: Scene, desk: RawEsl) -> None:
    leg, link = await soon(bridge.call())
    await soon(leg.transfer("9300 XML default", NOTE.variables()))
    assert await until(leg.events(), HandedOver) == HandedOver()
    bridged = await desk.event("CHANNEL_BRIDGE")
    told = next(one for one in desk.seen if one.subclass == "voicebot::hand_over")
    assert told.headers["voicebot_call_id"] == "call-1"
    for name, value in NOTE.variables().items():
        assert unquote(told.headers[name]) == unquote(bridged.headers[f"variable_{name}"]) == value
    ours = [one.headers.get("CC-Action", one.event_name) for one in desk.seen if one.event_name != "CHANNEL_PARK"]
    assert ours == ["CUSTOM", "member-queue-start", "agent-offering", "bridge-agent-start", "CHANNEL_BRIDGE"]
    frames = link.frames()
    assert (await soon(anext(frames))).position >= 0  # the stream goes on until it is stopped
    await leg.stop_media()


@pytest.mark.parametrize(
    ("extension", "reason"),
    [
        ("9311", HandOverFailure.NOBODY_FREE),
        ("9312", HandOverFailure.BUSY),
        ("9313", HandOverFailure.DECLINED),
        ("9314", HandOverFailure.CLOSED),
    ],
)
async def test_nobody_takes_the_call_and_it_goes_on_with_us(
    bridge: Scene, tone: Path, extension: str, reason: HandOverFailure
) -> None:
    leg, link = await soon(bridge.call())
    events = leg.events()
    await soon(leg.transfer(f"{extension} XML default", NOTE.variables()))
    assert await until(events, HandOverFailed) == HandOverFailed(reason)
    await leg.play(tone, "sorry")
    assert (await until(events, PlayoutStarted)).playout_id == "sorry"
    await soon(until_heard(link))  # the media was never stopped
    await leg.stop_playout()
    assert (await until(events, PlayoutEnded)).heard > 0
    await soon(leg.transfer("9300 XML default", NOTE.variables()))
    assert await until(events, HandedOver) == HandedOver()


async def test_an_earlier_failure_does_not_colour_the_next(bridge: Scene) -> None:
    leg, _ = await soon(bridge.call())
    events = leg.events()
    for extension, reason in (
        ("9314", HandOverFailure.CLOSED),
        ("9311", HandOverFailure.NOBODY_FREE),
        ("9312", HandOverFailure.BUSY),
        ("9311", HandOverFailure.NOBODY_FREE),
    ):
        await soon(leg.transfer(f"{extension} XML default", {}))
        assert await until(events, HandOverFailed) == HandOverFailed(reason)


async def test_media_that_was_stopped_starts_again_after_the_way_back(bridge: Scene) -> None:
    leg, _ = await soon(bridge.call())
    await soon(leg.transfer("9312 XML default", {}))
    await leg.stop_media()
    await until(leg.events(), HandOverFailed)
    coming = bridge.media.expect("call-1")
    await leg.start_media(bridge.media.url_for("call-1"), {"call_id": "call-1"})
    again = await soon(coming)
    assert (await soon(anext(again.frames()))).position == 0


async def test_a_call_that_ends_in_the_queue_is_hung_up_and_nothing_else(bridge: Scene) -> None:
    leg, _ = await soon(bridge.call())
    events = leg.events()
    await soon(leg.transfer("9399 XML default", {}))
    await leg.hang_up()
    told = [one async for one in events]
    assert [type(one) for one in told] == [HungUp]
    assert isinstance(told[0], HungUp)
    assert told[0].by is HungUpBy.BOT


async def test_a_hand_over_is_told_of_though_control_broke_in_between(bridge: Scene) -> None:
    leg, _ = await soon(bridge.call())
    events = leg.events()
    await soon(leg.transfer("9313 XML default", {}))
    bridge.simulated.inject_fault(Trouble.DROP_ESL)
    assert await until(events, HandOverFailed) == HandOverFailed(HandOverFailure.DECLINED)
