"""What every way of playing prompts keeps to, as the call and the customer see it: by files, and as frames.

On the simulated switch over real sockets; what the customer heard is read from the recording at their end of the line.
"""

from __future__ import annotations

import asyncio
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from speech.audio import Samples
from telephony_bridge.dialects import DIALECTS, Dialect
from telephony_bridge.leg import Dial, HungUp, Leg, LegEvent, PlayoutEnded, PlayoutStarted
from telephony_bridge.line_status import HungUpBy
from telephony_bridge.media import MediaLink
from telephony_bridge.playout import FilePlayout, Playout
from telephony_bridge.simulated.customer import EchoCustomer
from telephony_bridge.simulated.switch import Fault
from telephony_bridge.unicast_leg import leg_that_plays_frames
from tests.patience import PATIENCE_S, soon
from tests.telephony_bridge.bridge_scene import Scene, scene, until

pytestmark = pytest.mark.contract


class Call:
    """An answered call that can play, its events, and what its customer has heard once it is over."""

    def __init__(self, bridge: Scene, leg: Leg, link: MediaLink, folder: Path) -> None:
        self.bridge = bridge
        self.leg = leg
        self.link = link
        self.playout: Playout = FilePlayout(leg)
        self.events = leg.events()
        self._folder = folder

    async def next(self) -> LegEvent:
        return await soon(anext(self.events))

    def prompt(self, name: str, samples: int, value: int) -> Path:
        path = self._folder / f"{name}.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(np.full(samples, value, dtype="<i2").tobytes())
        return path

    async def until_echoed(self, value: int) -> None:
        """Until the customer hears this, as their echo says."""
        async with asyncio.timeout(PATIENCE_S):
            async for frame in self.link.frames():
                if np.any(frame.samples() == value):
                    return
        raise AssertionError("the link ended first")

    async def heard(self) -> Samples:
        """Hang up; all sound that reached the customer."""
        await self.leg.hang_up()
        await until(self.events, HungUp)
        await self.events.aclose()  # type: ignore[attr-defined]
        with wave.open(str(self._folder / "line" / "call-1.wav")) as file:
            both = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").reshape(-1, 2)
        return both[:, 1][both[:, 1] != 0]


@pytest.fixture(params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> Dialect:
    return DIALECTS[request.param]


@pytest.fixture
async def call(dialect: Dialect, tmp_path: Path) -> AsyncIterator[Call]:
    async with scene(dialect=dialect, answers=lambda *_: EchoCustomer(), recordings=tmp_path / "line") as bridge:
        leg: Leg = await soon(bridge.switch.dial(Dial("79990000100", "call-1")))
        two_way = leg_that_plays_frames(leg, dialect)
        link = await soon(bridge.media.connect(two_way or leg))
        if two_way is not None:
            two_way.connect(link)
        yield Call(bridge, two_way or leg, link, tmp_path)


async def test_prompts_are_played_in_their_order_and_to_their_end(call: Call) -> None:
    for name, samples, value in (("a", 1600, 1000), ("b", 3200, 2000), ("c", 160, 3000)):
        await call.playout.play(call.prompt(name, samples, value), name)
    assert [await call.next() for _ in range(6)] == [
        PlayoutStarted("a"),
        PlayoutEnded("a", 1600, completed=True),
        PlayoutStarted("b"),
        PlayoutEnded("b", 3200, completed=True),
        PlayoutStarted("c"),
        PlayoutEnded("c", 160, completed=True),
    ]
    assert (await call.heard()).tolist() == [1000] * 1600 + [2000] * 3200 + [3000] * 160


async def test_a_stop_silences_the_line_drops_the_queue_and_leaves_it_playable(call: Call) -> None:
    long = 30 * 8000
    await call.playout.play(call.prompt("a", long, 1000), "a")
    await call.playout.play(call.prompt("b", long, 2000), "b")
    assert await call.next() == PlayoutStarted("a")
    await call.until_echoed(1000)
    await call.playout.stop()
    first, second = await call.next(), await call.next()
    assert isinstance(first, PlayoutEnded)
    assert (first.playout_id, first.completed, first.problem) == ("a", False, None)
    assert 0 < first.heard < long
    assert second == PlayoutEnded("b", 0, completed=False)
    await call.playout.play(call.prompt("c", 1600, 3000), "c")
    assert [await call.next(), await call.next()] == [PlayoutStarted("c"), PlayoutEnded("c", 1600, completed=True)]
    heard = await call.heard()
    assert 0 < int(np.sum(heard == 1000)) < long
    assert heard[heard != 1000].tolist() == [3000] * 1600  # nothing of b; of a, nothing after the stop
    assert heard[-1600:].tolist() == [3000] * 1600


async def test_a_stop_with_nothing_to_stop_says_nothing(call: Call) -> None:
    await call.playout.stop()
    await call.playout.play(call.prompt("a", 160, 1000), "a")
    assert [await call.next(), await call.next()] == [PlayoutStarted("a"), PlayoutEnded("a", 160, completed=True)]
    await call.playout.stop()
    await call.leg.hang_up()
    assert isinstance(await call.next(), HungUp)


async def test_a_file_that_cannot_be_played_is_a_problem_of_its_own_only(call: Call, tmp_path: Path) -> None:
    await call.playout.play(tmp_path / "none.wav", "none")
    ended = await call.next()
    assert isinstance(ended, PlayoutEnded)
    assert (ended.playout_id, ended.heard, ended.completed) == ("none", 0, False)
    assert "none.wav" in (ended.problem or "")
    await call.playout.play(call.prompt("a", 160, 1000), "a")
    assert [await call.next(), await call.next()] == [PlayoutStarted("a"), PlayoutEnded("a", 160, completed=True)]


async def test_a_hang_up_ends_what_was_playing_before_it_is_told(call: Call) -> None:
    await call.playout.play(call.prompt("a", 30 * 8000, 1000), "a")
    await call.playout.play(call.prompt("b", 30 * 8000, 2000), "b")
    assert await call.next() == PlayoutStarted("a")
    await call.until_echoed(1000)
    await call.leg.hang_up()
    first, second, last = await call.next(), await call.next(), await call.next()
    assert isinstance(first, PlayoutEnded)
    assert (first.completed, first.problem) == (False, None)
    assert 0 < first.heard < 30 * 8000
    assert second == PlayoutEnded("b", 0, completed=False)
    assert isinstance(last, HungUp)
    assert last.by is HungUpBy.BOT


async def test_when_the_media_link_breaks_the_customer_can_still_be_told(call: Call) -> None:
    await call.playout.play(call.prompt("a", 1600, 1000), "a")
    assert await until(call.events, PlayoutEnded) == PlayoutEnded("a", 1600, completed=True)
    assert call.bridge.simulated.inject_fault(Fault.ABORT_MEDIA, "call-1")
    async with asyncio.timeout(PATIENCE_S):
        async for _ in call.link.frames():
            pass
    await call.playout.play(call.prompt("sorry", 1600, 2000), "sorry")
    assert await until(call.events, PlayoutEnded) == PlayoutEnded("sorry", 1600, completed=True)
    assert (await call.heard()).tolist() == [1000] * 1600 + [2000] * 1600
