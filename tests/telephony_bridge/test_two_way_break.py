"""A link that breaks under a leg that sends its prompts on it, in virtual time: what is told, and what plays then."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from telephony_bridge.leg import ControlLost, ControlRestored, HungUp, LegEvent, PlayoutEnded, PlayoutStarted
from telephony_bridge.line_status import HungUpBy
from telephony_bridge.media import MediaFault
from telephony_bridge.two_way_leg import LINK_WITHIN_S
from tests.telephony_bridge.two_way_scene import SECOND, Scene, in_virtual_time, one_second

pytestmark = pytest.mark.unit

WHY = "the connection broke"
LOST = ControlLost(f"prompts cannot be played: {WHY}")
CUT: list[LegEvent] = [PlayoutEnded("a", 17 * 160, completed=False), PlayoutEnded("b", 0, completed=False)]


@pytest.fixture
def prompt(tmp_path: Path) -> Path:
    return one_second(tmp_path)


async def broken(scene: Scene, prompt: Path, fault: MediaFault = MediaFault.DROPPED) -> None:
    """While the first of two prompts sounds, the link breaks; nothing has been done about it yet."""
    scene.leg.connect(scene.link, another=True)
    await scene.leg.play(prompt, "a")
    await scene.leg.play(prompt, "b")
    await asyncio.sleep(0.305)
    scene.link.fault = fault


@pytest.mark.parametrize("noticed", [True, False])
def test_what_a_break_cuts_off_is_told_as_lost_and_the_second_link_plays(prompt: Path, noticed: bool) -> None:
    async def act(scene: Scene) -> None:
        await broken(scene, prompt)
        if noticed:
            await asyncio.sleep(0.3)
        scene.leg.interrupt(WHY)
        await scene.leg.play(prompt, "too late")
        await asyncio.sleep(0.05)
        scene.leg.connect(scene.second)
        await scene.leg.play(prompt, "again")
        await asyncio.sleep(1.5)

    scene = in_virtual_time(act)
    assert scene.events == [
        PlayoutStarted("a"),
        LOST,
        *(CUT if noticed else [PlayoutEnded("a", 16 * 160, completed=False), CUT[1]]),
        PlayoutEnded("too late", 0, completed=False),
        ControlRestored(),
        PlayoutStarted("again"),
        PlayoutEnded("again", SECOND, completed=True),
    ]
    assert len(scene.second.frames) >= SECOND // 160
    assert not scene.switch.media_stopped


def test_a_break_that_a_hang_up_explains_is_none(prompt: Path) -> None:
    async def act(scene: Scene) -> None:
        await broken(scene, prompt)
        await asyncio.sleep(0.1)
        scene.switch.gone(HungUpBy.CUSTOMER)

    scene = in_virtual_time(act)
    assert scene.events[:3] == [PlayoutStarted("a"), *CUT]
    assert [type(event) for event in scene.events[3:]] == [HungUp]


def test_a_link_that_cannot_be_had_again_leaves_the_prompts_to_the_switch(prompt: Path) -> None:
    async def act(scene: Scene) -> None:
        await broken(scene, prompt)
        await asyncio.sleep(0.3)
        scene.leg.interrupt(WHY)
        scene.leg.give_up()
        await scene.leg.play(prompt, "sorry")
        await asyncio.sleep(2)

    scene = in_virtual_time(act)
    assert scene.events == [
        PlayoutStarted("a"),
        LOST,
        *CUT,
        ControlRestored(),
        PlayoutStarted("sorry"),
        PlayoutEnded("sorry", SECOND, completed=True),
    ]
    assert scene.switch.media_stopped


@pytest.mark.parametrize("noticed", [True, False])
def test_where_nobody_is_left_to_ask_for_another_link_what_was_cut_is_told_and_the_switch_plays(
    prompt: Path, noticed: bool
) -> None:
    async def act(scene: Scene) -> None:
        await broken(scene, prompt)
        if noticed:
            await asyncio.sleep(0.3)
        scene.leg.give_up()
        await asyncio.sleep(0.3)
        await scene.leg.play(prompt, "sorry")
        await asyncio.sleep(2)

    scene = in_virtual_time(act)
    assert scene.events == [
        PlayoutStarted("a"),
        *CUT,
        PlayoutStarted("sorry"),
        PlayoutEnded("sorry", SECOND, completed=True),
    ]
    assert scene.switch.media_stopped


def test_a_break_of_the_second_link_leaves_the_prompts_to_the_switch(prompt: Path) -> None:
    async def act(scene: Scene) -> None:
        scene.leg.connect(scene.link, another=True)
        scene.link.fault = MediaFault.DROPPED
        scene.leg.interrupt(WHY)
        scene.leg.connect(scene.second)
        scene.second.fault = MediaFault.DROPPED
        await scene.leg.play(prompt, "sorry")
        await asyncio.sleep(2)

    scene = in_virtual_time(act)
    assert scene.events == [PlayoutStarted("sorry"), PlayoutEnded("sorry", SECOND, completed=True)]
    assert scene.switch.media_stopped


def test_nonsense_is_not_waited_for(prompt: Path) -> None:
    async def act(scene: Scene) -> None:
        await broken(scene, prompt, MediaFault.MALFORMED)
        await asyncio.sleep(0.1)
        await scene.leg.play(prompt, "sorry")
        await asyncio.sleep(2)

    scene = in_virtual_time(act)
    assert scene.events == [
        PlayoutStarted("a"),
        *CUT,
        PlayoutStarted("sorry"),
        PlayoutEnded("sorry", SECOND, completed=True),
    ]


def test_a_break_while_nothing_plays_is_not_told_and_the_next_prompt_waits_for_the_second_link(prompt: Path) -> None:
    async def act(scene: Scene) -> None:
        scene.leg.connect(scene.link, another=True)
        scene.link.fault = MediaFault.DROPPED
        await asyncio.sleep(0.3)
        scene.leg.interrupt(WHY)
        asyncio.get_running_loop().call_later(0.06, scene.leg.connect, scene.second)
        await scene.leg.play(prompt, "a")
        await asyncio.sleep(1.5)

    scene = in_virtual_time(act)
    assert scene.told == [(0.36, PlayoutStarted("a")), (1.36, PlayoutEnded("a", SECOND, completed=True))]


@pytest.mark.parametrize("comes", [True, False])
def test_a_prompt_waits_for_the_second_link_until_it_is_there_or_given_up(prompt: Path, comes: bool) -> None:
    """Its time begins only when the switch has answered, so that it may come later than a first one."""
    late = 3 * LINK_WITHIN_S

    async def act(scene: Scene) -> None:
        scene.leg.connect(scene.link, another=True)
        scene.link.fault = MediaFault.DROPPED
        scene.leg.interrupt(WHY)
        if comes:
            asyncio.get_running_loop().call_later(late, scene.leg.connect, scene.second)
        else:
            asyncio.get_running_loop().call_later(late, scene.leg.give_up)
        await scene.leg.play(prompt, "a")
        await asyncio.sleep(1.5)

    scene = in_virtual_time(act)
    assert scene.events == [PlayoutStarted("a"), PlayoutEnded("a", SECOND, completed=True)]
    assert scene.told[0][0] >= late
    assert bool(scene.second.frames) == comes
    assert scene.switch.media_stopped != comes


def test_a_prompt_that_comes_before_the_break_is_seen_to_is_cut_off_by_it(prompt: Path) -> None:
    async def act(scene: Scene) -> None:
        scene.leg.connect(scene.link, another=True)
        scene.link.fault = MediaFault.DROPPED
        await scene.leg.play(prompt, "a")
        await asyncio.sleep(0.3)
        scene.leg.interrupt(WHY)
        scene.leg.connect(scene.second)

    scene = in_virtual_time(act)
    assert scene.told == [
        (0.3, LOST),
        (0.3, PlayoutEnded("a", 0, completed=False)),
        (0.3, ControlRestored()),
    ]


def test_a_stop_before_the_break_is_seen_to_leaves_nothing_to_excuse(prompt: Path) -> None:
    async def act(scene: Scene) -> None:
        await broken(scene, prompt)
        await asyncio.sleep(0.1)
        await scene.leg.stop_playout()
        scene.leg.interrupt(WHY)
        scene.leg.connect(scene.second)

    scene = in_virtual_time(act)
    assert scene.events == [PlayoutStarted("a"), *CUT]


@pytest.mark.parametrize("switch_first", [True, False])
def test_prompts_can_be_played_again_when_both_the_link_and_the_switch_are_back(
    prompt: Path, switch_first: bool
) -> None:
    async def act(scene: Scene) -> None:
        await broken(scene, prompt)
        scene.leg.interrupt(WHY)
        scene.switch._emit(ControlLost("it broke"))
        await asyncio.sleep(0.1)
        if switch_first:
            scene.switch._emit(ControlRestored())
            await asyncio.sleep(0.1)
        assert ControlRestored() not in scene.events
        scene.leg.connect(scene.second)
        if not switch_first:
            await asyncio.sleep(0.1)
            assert ControlRestored() not in scene.events
            scene.switch._emit(ControlRestored())

    scene = in_virtual_time(act)
    assert scene.events[-2:] == [ControlLost("it broke"), ControlRestored()]
