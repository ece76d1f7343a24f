"""A call's media link over a break, in virtual time: what the leg that plays on it is told, and what the call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from types import MappingProxyType
from typing import Any, cast

import pytest

from bot.call.call_media import CallMedia, MediaRestarted
from bot.call.core.events import Broken
from bot.rehearsal import virtual_time
from bot.rehearsal.leg import RehearsalLeg
from bot.vocabulary import Failure
from speech.audio import TELEPHONE, AudioFormat, Frame
from telephony_bridge.dialects import DIALECTS
from telephony_bridge.leg import Leg, LegGone, SwitchError
from telephony_bridge.media import AudioLink, MediaFault, MediaSource
from telephony_bridge.two_way_leg import PlayingLink, TwoWayLeg

pytestmark = pytest.mark.unit

WHY = "it broke"


class BrokenLink:
    """Ends at once."""

    call_id = "u-1"
    format: AudioFormat = TELEPHONE
    metadata: Mapping[str, str] = MappingProxyType({})
    two_way = True
    fault = MediaFault.DROPPED
    detail = WHY

    async def frames(self) -> AsyncIterator[Frame]:
        return
        yield


class Source:
    """Gives broken links; from the second on `refusal` instead, where there is one."""

    def __init__(self, refusal: Exception | None) -> None:
        self._refusals = [None, refusal]

    async def connect(self, leg: Leg, metadata: Mapping[str, str] | None = None, within_s: float = 1.0) -> AudioLink:
        refusal = self._refusals.pop(0)
        if refusal is not None:
            raise refusal
        return cast(AudioLink, BrokenLink())


class Playing(TwoWayLeg):
    """Notes what it is told of links."""

    def __init__(self, told: list[Any]) -> None:
        super().__init__(RehearsalLeg("u-1"), DIALECTS["mod_audio_fork_two_way"])
        self._told = told

    def connect(self, link: PlayingLink, *, another: bool = False) -> None:
        self._told.append(("connect", another))

    def interrupt(self, reason: str) -> None:
        self._told.append(("interrupt", reason))

    def give_up(self) -> None:
        self._told.append("give up")


def told_of(dialect: str, refusal: Exception | None = None, *, two_way: bool = True) -> list[Any]:
    """What is told, in its order, while a link breaks, and the one after it."""

    async def play() -> list[Any]:
        told: list[Any] = []
        leg = Playing(told)
        source = cast(MediaSource, Source(refusal))
        media = CallMedia(source, leg, leg if two_way else None, DIALECTS[dialect], told.append, told.append)
        link = await media.connect()
        async with asyncio.timeout(10):
            assert [frame async for frame in link.frames()] == []
        assert (link.fault, link.detail) == (MediaFault.DROPPED, WHY)
        return told

    return virtual_time.run(play())


def test_a_leg_that_plays_is_given_the_second_link_and_no_third() -> None:
    assert told_of("mod_audio_fork_two_way") == [
        ("connect", True),
        ("interrupt", WHY),
        ("connect", False),
        MediaRestarted(WHY),
    ]


@pytest.mark.parametrize("refusal", [SwitchError("no"), TimeoutError()])
def test_that_there_is_no_second_is_told_to_the_call_before_prompts_can_be_played_again(refusal: Exception) -> None:
    assert told_of("mod_audio_fork_two_way", refusal) == [
        ("connect", True),
        ("interrupt", WHY),
        Broken(Failure.MEDIA, WHY),
        "give up",
    ]


def test_a_leg_that_is_gone_has_broken_nothing() -> None:
    assert told_of("mod_audio_fork_two_way", LegGone("hung up")) == [
        ("connect", True),
        ("interrupt", WHY),
        "give up",  # a prompt may be waiting for the link
    ]


def test_where_the_switch_plays_only_the_restart_is_told() -> None:
    assert told_of("mod_audio_stream", two_way=False) == [MediaRestarted(WHY)]
    assert told_of("mod_audio_stream", SwitchError("no"), two_way=False) == []


def test_unicast_is_not_had_anew() -> None:
    assert told_of("unicast") == [("connect", False)]


@pytest.mark.parametrize("problem", [None, "ValueError: no such window"])
def test_where_nobody_listens_any_more_no_second_link_is_hoped_for(problem: str | None) -> None:
    async def play() -> list[Any]:
        told: list[Any] = []
        leg = Playing(told)
        source = cast(MediaSource, Source(None))
        media = CallMedia(source, leg, leg, DIALECTS["mod_audio_fork_two_way"], told.append, told.append)
        await media.connect()
        media.unheard(problem)
        return told

    broken = [] if problem is None else [Broken(Failure.UNKNOWN, problem)]
    assert virtual_time.run(play()) == [("connect", True), *broken, "give up"]
