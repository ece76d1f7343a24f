"""One answered call as the kit holds it: its leg, its media link, and all that was told and heard of both."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from speech.audio import Frame
from telephony_bridge.conformance.runner import Failed
from telephony_bridge.dialects import Dialect
from telephony_bridge.leg import Dtmf, HungUp, Leg, LegEvent, MediaStopped, PlayoutEnded, PlayoutStarted, SwitchError
from telephony_bridge.media import AudioLink, MediaFault, MediaSource
from telephony_bridge.unicast import UnicastMedia
from telephony_bridge.unicast_leg import leg_that_plays_frames

LOUD = 1000
"""Peak of a frame, of 32767, from which it may be the kit's tone come back."""

QUIET_MESSAGES = 100
"""Two seconds: no network takes as long to bring a tone back."""

LINK_WITHIN_S = 10.0
"""A switch that works takes some tens of milliseconds."""

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message of the media link, and when it came."""

    at: float
    samples: int
    loud: bool


class Party:
    """Follows the leg from when it is made, and each link from `stream` on."""

    def __init__(self, leg: Leg, dialect: Dialect) -> None:
        self._two_way = leg_that_plays_frames(leg, dialect)
        self.leg: Leg = self._two_way or leg
        self.link: AudioLink | None = None
        self._told: list[LegEvent] = []
        self._read = 0
        self._arrivals: list[Arrival] = []
        self._news = asyncio.Event()
        self._over = False
        self._tasks = [asyncio.create_task(self._follow(), name=f"conformance events {leg.call_id}")]

    async def stream(self, media: MediaSource, metadata: Mapping[str, str] | None = None) -> AudioLink:
        """Have the switch stream the leg's audio to `media`; also anew, after a link that ended.

        Raises `Failed` where no connection comes, with what the switch says of it.
        """
        before = len(self._told)
        try:
            if isinstance(media, UnicastMedia):
                link: AudioLink = await media.connect(self.leg)
            else:
                link = await media.connect(self.leg, metadata or {}, within_s=LINK_WITHIN_S)
        except TimeoutError:
            said = [event.reason for event in self._told[before:] if isinstance(event, MediaStopped)]
            raise Failed(f"no audio within {LINK_WITHIN_S:g} s; the switch says {said or 'nothing'}") from None
        self.link = link
        if self._two_way is not None:
            self._two_way.connect(link)
        self._tasks.append(asyncio.create_task(self._listen(link), name=f"conformance audio {self.leg.call_id}"))
        return link

    async def until(self, kind: type[E] | tuple[type[E], ...]) -> E:
        """The next event of a kind, after those already asked for. Raises `Failed` where the leg ends before it."""
        while True:
            while self._read < len(self._told):
                event = self._told[self._read]
                self._read += 1
                if isinstance(event, kind):
                    return event
            if self._over:
                raise Failed(f"the call ended before that: {self._told[-1:]}")
            await self._something_new()

    async def until_started(self, playout_id: str) -> None:
        while (await self.until(PlayoutStarted)).playout_id != playout_id:
            pass

    async def until_ended(self, playout_id: str) -> PlayoutEnded:
        while (ended := await self.until(PlayoutEnded)).playout_id != playout_id:
            pass
        return ended

    async def until_keys(self, keys: str) -> None:
        """Raises `Failed` where other keys come, or the leg ends before they have."""
        while (pressed := self.pressed[: len(keys)]) != keys:
            if self._over or not keys.startswith(pressed):
                raise Failed(f"told of the keys {pressed!r}, not {keys!r}")
            await self._something_new()

    @property
    def fault(self) -> MediaFault | None:
        """How the last link ended; None while it is up."""
        return self.link.fault if self.link is not None else None

    @property
    def pressed(self) -> str:
        return "".join(event.digit for event in self._told if isinstance(event, Dtmf))

    async def next_frames(self, count: int) -> list[Arrival]:
        """The messages that come from now on. Raises `Failed` where the link ends before them."""
        begin = len(self._arrivals)
        while len(self._arrivals) < begin + count:
            self._require_link()
            await self._something_new()
        return self._arrivals[begin : begin + count]

    async def until_loud(self) -> None:
        """A sound from the callee. Raises `Failed` where none comes in so many messages, or the link ends before."""
        for _ in range(QUIET_MESSAGES):
            if (await self.next_frames(1))[0].loud:
                return
        raise Failed(f"no sound came from the callee in {QUIET_MESSAGES} messages")

    async def until_link_ended(self) -> None:
        """The link has ended."""
        while self.link is not None and self.link.fault is None:
            await self._something_new()

    async def close(self) -> None:
        if not any(isinstance(event, HungUp) for event in self._told):
            with contextlib.suppress(SwitchError):
                await self.leg.hang_up()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _require_link(self) -> None:
        if self.link is None or self.link.fault is not None:
            raise Failed(f"the media link is gone: {self.link.detail if self.link else 'there was none'}")

    async def _something_new(self) -> None:
        self._news.clear()
        await self._news.wait()

    async def _follow(self) -> None:
        async for event in self.leg.events():
            self._told.append(event)
            self._news.set()
        self._over = True
        self._news.set()

    async def _listen(self, link: AudioLink) -> None:
        clock = asyncio.get_running_loop().time
        async for frame in link.frames():
            self._arrivals.append(Arrival(clock(), len(frame), _peak(frame) >= LOUD))
            self._news.set()
        self._news.set()


@asynccontextmanager
async def attended(leg: Leg, dialect: Dialect) -> AsyncIterator[Party]:
    """A party that is hung up when left."""
    party = Party(leg, dialect)
    try:
        yield party
    finally:
        await party.close()


def _peak(frame: Frame) -> int:
    return int(np.abs(frame.samples().astype(np.int32)).max(initial=0))
