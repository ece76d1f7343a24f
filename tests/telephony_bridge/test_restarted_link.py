"""A link that breaks is had anew once, and its frames go on in the call's time; in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence

import pytest

from bot.rehearsal import virtual_time
from speech.audio import TELEPHONE, AudioFormat, Frame
from telephony_bridge.leg import LegGone, SwitchError
from telephony_bridge.media import MediaClosed, MediaFault, MediaLink
from telephony_bridge.restarted_link import GRACE_S, RestartedLink

pytestmark = pytest.mark.unit

FRAME_S = 0.02
CONNECT_S = 0.05


class PlayedLink:
    """Gives so many frames, each when it has been said, and ends with `fault`; or stays up in silence without one."""

    call_id = "call-1"
    format: AudioFormat = TELEPHONE
    two_way = False

    def __init__(self, frames: int, fault: MediaFault | None) -> None:
        self.metadata: Mapping[str, str] = {}
        self.fault: MediaFault | None = None
        self.detail = ""
        self._frames = frames
        self._ends_with = fault
        self._ended = asyncio.Event()

    async def frames(self) -> AsyncIterator[Frame]:
        for number in range(self._frames):
            await asyncio.sleep(FRAME_S)
            yield Frame(TELEPHONE, b"\1" * 320, 160 * number)
        if self._ends_with is not None:
            self._end(self._ends_with, f"the {self._ends_with.value} one of {self._frames}")
        await self._ended.wait()

    async def send(self, frame: Frame) -> None:
        raise MediaClosed("this media link does not take audio")

    async def close(self) -> None:
        self._end(MediaFault.CLOSED, "closed by us")

    def _end(self, fault: MediaFault, detail: str) -> None:
        if self.fault is None:
            self.fault, self.detail = fault, detail
            self._ended.set()


class Exchange:
    """Gives the further links, in order; an error where one is to be refused."""

    def __init__(self, *further: PlayedLink | Exception) -> None:
        self._further = list(further)
        self.reasons: list[str] = []

    async def again(self, reason: str) -> MediaLink:
        self.reasons.append(reason)
        await asyncio.sleep(CONNECT_S)
        one = self._further.pop(0)
        if isinstance(one, Exception):
            raise one
        return one


def restarted(first: MediaLink, exchange: Exchange) -> RestartedLink:
    return RestartedLink(first, exchange.again, asyncio.get_running_loop().time)


async def heard(link: RestartedLink) -> list[Frame]:
    async with asyncio.timeout(10):
        return [frame async for frame in link.frames()]


def sounding(frames: Sequence[Frame]) -> list[bool]:
    return [any(frame.data) for frame in frames]


@pytest.mark.parametrize("fault", [MediaFault.DROPPED, MediaFault.CLOSED, MediaFault.UNKNOWN])
def test_the_second_link_goes_on_in_the_calls_time_after_silence(fault: MediaFault) -> None:
    async def play() -> None:
        exchange = Exchange(PlayedLink(2, MediaFault.DROPPED))
        link = restarted(PlayedLink(3, fault), exchange)
        frames = await heard(link)
        assert exchange.reasons == [f"the {fault.value} one of 3"]
        missed = round((GRACE_S + CONNECT_S) * TELEPHONE.rate)
        assert sounding(frames) == [True, True, True, False, True, True]
        assert [frame.position for frame in frames] == [0, 160, 320, 480, 480 + missed, 640 + missed]
        assert [before.end for before in frames[:-1]] == [after.position for after in frames[1:]]

    virtual_time.run(play())


def test_a_second_break_ends_it_and_says_why() -> None:
    async def play() -> None:
        exchange = Exchange(PlayedLink(2, MediaFault.DROPPED), PlayedLink(1, None))
        link = restarted(PlayedLink(3, MediaFault.CLOSED), exchange)
        assert link.fault is None
        await heard(link)
        assert len(exchange.reasons) == 1
        assert (link.fault, link.detail) == (MediaFault.DROPPED, "the dropped one of 2")

    virtual_time.run(play())


def test_one_that_broke_before_any_audio_begins_with_the_second() -> None:
    async def play() -> None:
        frames = await heard(restarted(PlayedLink(0, MediaFault.DROPPED), Exchange(PlayedLink(2, MediaFault.CLOSED))))
        assert [frame.position for frame in frames] == [0, 160]

    virtual_time.run(play())


@pytest.mark.parametrize("error", [SwitchError("no"), LegGone("gone"), TimeoutError()])
def test_one_that_cannot_be_had_anew_ends_as_it_broke(error: Exception) -> None:
    async def play() -> None:
        link = restarted(PlayedLink(3, MediaFault.DROPPED), Exchange(error))
        assert len(await heard(link)) == 3
        assert (link.fault, link.detail) == (MediaFault.DROPPED, "the dropped one of 3")

    virtual_time.run(play())


@pytest.mark.parametrize("fault", [MediaFault.MALFORMED, MediaFault.OVERSIZED, MediaFault.WRONG_RATE])
def test_nonsense_is_not_asked_for_again(fault: MediaFault) -> None:
    async def play() -> None:
        exchange = Exchange()
        link = restarted(PlayedLink(3, fault), exchange)
        await heard(link)
        assert (link.fault, exchange.reasons) == (fault, [])

    virtual_time.run(play())


@pytest.mark.parametrize("after_s", [0.03, 0.06 + GRACE_S / 2])
def test_what_we_close_stays_closed(after_s: float) -> None:
    """While it is up, or while a hang-up is waited for."""

    async def play() -> None:
        exchange = Exchange()
        link = restarted(PlayedLink(3, MediaFault.DROPPED), exchange)
        hearing = asyncio.create_task(heard(link))
        await asyncio.sleep(after_s)
        await link.close()
        await hearing
        assert exchange.reasons == []

    virtual_time.run(play())


def test_what_we_close_while_it_is_had_anew_is_closed_when_it_comes() -> None:
    async def play() -> None:
        second = PlayedLink(0, None)
        link = restarted(PlayedLink(1, MediaFault.DROPPED), Exchange(second))
        hearing = asyncio.create_task(heard(link))
        await asyncio.sleep(FRAME_S + GRACE_S + CONNECT_S / 2)
        await link.close()
        await hearing
        assert second.fault is MediaFault.CLOSED

    virtual_time.run(play())


def test_a_hang_up_within_the_grace_asks_for_nothing() -> None:
    async def play() -> None:
        exchange = Exchange()
        hearing = asyncio.create_task(heard(restarted(PlayedLink(1, MediaFault.CLOSED), exchange)))
        await asyncio.sleep(FRAME_S + GRACE_S / 2)
        hearing.cancel()
        await asyncio.gather(hearing, return_exceptions=True)
        assert exchange.reasons == []

    virtual_time.run(play())


def test_a_dead_link_that_only_the_switch_tells_of_is_had_anew() -> None:
    async def play() -> None:
        exchange = Exchange(PlayedLink(2, MediaFault.CLOSED))
        link = restarted(PlayedLink(3, None), exchange)
        hearing = asyncio.create_task(heard(link))
        await asyncio.sleep(4 * FRAME_S)
        assert await link.switch_stopped("mod_audio_stream::error")
        assert sounding(await hearing) == [True, True, True, False, True, True]
        assert exchange.reasons == ["mod_audio_stream::error"]
        assert link.detail == "the closed one of 2"

    virtual_time.run(play())


def test_what_the_switch_tells_of_the_first_does_not_end_the_second() -> None:
    async def play() -> None:
        second = PlayedLink(100, MediaFault.DROPPED)
        link = restarted(PlayedLink(1, MediaFault.DROPPED), Exchange(second))
        hearing = asyncio.create_task(heard(link))
        await asyncio.sleep(FRAME_S + GRACE_S / 2)
        assert await link.switch_stopped("mod_audio_stream::error")
        assert sum(sounding(await hearing)) == 101

    virtual_time.run(play())


def test_a_dead_second_link_ends_it_with_what_the_switch_said() -> None:
    async def play() -> None:
        link = restarted(PlayedLink(1, MediaFault.DROPPED), Exchange(PlayedLink(1, None)))
        hearing = asyncio.create_task(heard(link))
        await asyncio.sleep(1)
        assert await link.switch_stopped("mod_audio_fork::disconnect")
        await hearing
        assert (link.fault, link.detail) == (MediaFault.DROPPED, "mod_audio_fork::disconnect")

    virtual_time.run(play())
