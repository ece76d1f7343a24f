"""A leg that sends its prompts as frames, in virtual time: the order of its events, and what it does without a link."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from telephony_bridge.leg import ControlLost, ControlRestored, HandedOver, HungUp, PlayoutEnded, PlayoutStarted
from telephony_bridge.line_status import HungUpBy
from telephony_bridge.media import MediaFault
from telephony_bridge.two_way_leg import LINK_WITHIN_S
from tests.telephony_bridge.two_way_scene import SECOND, Scene, in_virtual_time, one_second

pytestmark = pytest.mark.unit


@pytest.fixture
def prompt(tmp_path: Path) -> Path:
    return one_second(tmp_path)


def test_a_prompt_that_comes_before_the_link_waits_for_it(prompt: Path) -> None:
    async def act(scene: Scene) -> None:
        asyncio.get_running_loop().call_later(0.04, scene.leg.connect, scene.link)
        await scene.leg.play(prompt, "a")
        await asyncio.sleep(2)

    scene = in_virtual_time(act)
    assert scene.told == [
        (0.04, PlayoutStarted("a")),
        (1.04, PlayoutEnded("a", SECOND, completed=True)),
    ]
    assert scene.link.frames[:5] == [0.04] * 4 + [0.06]
    assert scene.link.texts == []


def test_a_stop_sends_nothing_more_and_empties_the_module(prompt: Path) -> None:
    async def act(scene: Scene) -> None:
        scene.leg.connect(scene.link)
        await scene.leg.play(prompt, "a")
        await scene.leg.play(prompt, "b")
        await asyncio.sleep(0.35)
        await scene.leg.stop_playout()
        await asyncio.sleep(1)

    scene = in_virtual_time(act)
    assert scene.told == [
        (0.0, PlayoutStarted("a")),
        (0.35, PlayoutEnded("a", 18 * 160, completed=False)),
        (0.35, PlayoutEnded("b", 0, completed=False)),
    ]
    assert len(scene.link.frames) == 18 + 3  # three were in the module's hands
    assert scene.link.texts == ['{"type":"killAudio"}']


def test_a_link_that_never_comes_leaves_the_prompts_to_the_switch(prompt: Path) -> None:
    async def act(scene: Scene) -> None:
        await scene.leg.play(prompt, "a")
        scene.leg.connect(scene.link)  # too late: one call does not change to and fro
        await scene.leg.play(prompt, "b")
        await asyncio.sleep(1.5)
        await scene.leg.stop_playout()

    scene = in_virtual_time(act)
    assert scene.link.frames == []
    assert scene.told[0] == (LINK_WITHIN_S + 0.04, PlayoutStarted("a"))
    assert scene.events[1:3] == [PlayoutEnded("a", SECOND, completed=True), PlayoutStarted("b")]
    ended = scene.events[3]
    assert isinstance(ended, PlayoutEnded)
    assert (ended.playout_id, ended.completed) == ("b", False)


def test_a_link_that_breaks_ends_the_prompts_and_the_switch_plays_the_next(prompt: Path) -> None:
    async def act(scene: Scene) -> None:
        scene.leg.connect(scene.link)
        await scene.leg.play(prompt, "a")
        await scene.leg.play(prompt, "b")
        await asyncio.sleep(0.305)
        scene.link.fault = MediaFault.DROPPED
        await asyncio.sleep(0.5)
        await scene.leg.play(prompt, "sorry")
        await asyncio.sleep(2)

    scene = in_virtual_time(act)
    assert scene.events == [
        PlayoutStarted("a"),
        PlayoutEnded("a", 17 * 160, completed=False),
        PlayoutEnded("b", 0, completed=False),
        PlayoutStarted("sorry"),
        PlayoutEnded("sorry", SECOND, completed=True),
    ]
    assert scene.switch.media_stopped  # or the module might go on putting silence over it


def test_a_customer_who_hangs_up_has_heard_what_they_heard(prompt: Path) -> None:
    async def act(scene: Scene) -> None:
        scene.leg.connect(scene.link)
        await scene.leg.play(prompt, "a")
        await asyncio.sleep(0.5)
        scene.switch.gone(HungUpBy.CUSTOMER)
        await asyncio.sleep(1)

    scene = in_virtual_time(act)
    assert scene.events[:2] == [PlayoutStarted("a"), PlayoutEnded("a", 26 * 160, completed=False)]
    assert isinstance(scene.events[2], HungUp)
    assert max(scene.link.frames) <= 0.5


def test_what_plays_when_control_is_lost_is_stopped_when_it_is_back(prompt: Path) -> None:
    async def act(scene: Scene) -> None:
        scene.leg.connect(scene.link)
        await scene.leg.play(prompt, "a")
        await asyncio.sleep(0.2)
        scene.switch._emit(ControlLost("it broke"))
        await asyncio.sleep(0.3)
        scene.switch._emit(ControlRestored())
        await asyncio.sleep(0.02)
        await scene.leg.play(prompt, "b")
        await asyncio.sleep(1.5)

    scene = in_virtual_time(act)
    assert scene.told == [
        (0.0, PlayoutStarted("a")),
        (0.2, ControlLost("it broke")),
        (0.5, PlayoutEnded("a", 26 * 160, completed=False)),
        (0.5, ControlRestored()),
        (0.52, PlayoutStarted("b")),
        (1.52, PlayoutEnded("b", SECOND, completed=True)),
    ]


def test_nothing_is_sent_to_a_customer_who_was_handed_over(prompt: Path) -> None:
    async def act(scene: Scene) -> None:
        scene.leg.connect(scene.link)
        await scene.leg.play(prompt, "a")
        await asyncio.sleep(0.5)
        await scene.leg.transfer("9300 XML default", {})
        await asyncio.sleep(3)

    scene = in_virtual_time(act)
    assert scene.switch.transferred_to == "9300 XML default"
    assert scene.events == [PlayoutStarted("a"), PlayoutEnded("a", 26 * 160, completed=False), HandedOver()]
    assert max(scene.link.frames) <= 0.5
