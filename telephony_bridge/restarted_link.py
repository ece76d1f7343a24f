"""A media link that is had anew, once, where it breaks in the middle of a call."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

import structlog

from speech.audio import AudioFormat, Frame
from telephony_bridge.leg import SwitchError
from telephony_bridge.media import MediaFault, MediaLink

log = structlog.get_logger(__name__)

GRACE_S = 0.3
"""A hang-up ends the media too. Told within this time, it keeps us from asking for the media of a leg that is going."""

AGAIN_WITHIN_S = 1.0
"""The switch connects its audio within a few tens of milliseconds, and meanwhile the customer is not heard."""

WORTH_ANOTHER = frozenset({MediaFault.DROPPED, MediaFault.CLOSED, MediaFault.UNKNOWN})
"""Who sends nonsense would send it again."""


class RestartedLink:
    """See `telephony_bridge.media.MediaLink`. `again(reason)` brings the second link, or raises as `connect` does.

    Positions are those of the first link's time throughout: silence stands for what was not heard in between. A second
    link that cannot be had leaves the fault of the first. `clock` gives seconds.
    """

    def __init__(
        self, link: MediaLink, again: Callable[[str], Awaitable[MediaLink]], clock: Callable[[], float]
    ) -> None:
        self._link = link
        self._again = again
        self._clock = clock
        self._origin = math.inf
        self._end = 0
        self._told: str | None = None
        self._closed = False
        self._over = False

    @property
    def call_id(self) -> str:
        return self._link.call_id

    @property
    def format(self) -> AudioFormat:
        return self._link.format

    @property
    def metadata(self) -> Mapping[str, str]:
        return self._link.metadata

    @property
    def two_way(self) -> bool:
        return self._link.two_way

    @property
    def fault(self) -> MediaFault | None:
        """None while it is had anew, too."""
        if not self._over:
            return None
        return self._link.fault if self._told is None else MediaFault.DROPPED

    @property
    def detail(self) -> str:
        if not self._over:
            return ""
        return self._link.detail if self._told is None else self._told

    async def frames(self) -> AsyncIterator[Frame]:
        async for frame in self._link.frames():
            yield self._placed(frame, 0)
        if await self._restarted():
            start: int | None = None
            async for frame in self._link.frames():
                if start is None:
                    start = self._start_of(frame)
                    if start > self._end:
                        missed = bytes(frame.format.bytes_for(start - self._end))
                        yield self._placed(Frame(frame.format, missed, self._end), 0)
                yield self._placed(frame, start)
        self._over = True

    async def switch_stopped(self, reason: str) -> bool:
        """The switch says that it streams no more. Mostly the link has ended by then; one that has not is dead."""
        link = self._link
        await asyncio.sleep(GRACE_S)
        if link is self._link and link.fault is None:
            self._told = reason
            await link.close()
        return True

    async def send(self, frame: Frame) -> None:
        await self._link.send(frame)

    async def close(self) -> None:
        self._closed = True
        await self._link.close()

    async def _restarted(self) -> bool:
        """Whether there is a second link, which is the one from then on."""
        if self._closed or self._link.fault not in WORTH_ANOTHER:
            return False
        if self._told is None:
            await asyncio.sleep(GRACE_S)
        if self._closed:
            return False
        try:
            link = await self._again(self._told or self._link.detail)
        except (SwitchError, TimeoutError) as error:
            log.warning("media not restarted", call_id=self.call_id, error=error)
            return False
        self._link, self._told = link, None
        log.warning("media restarted", call_id=self.call_id)
        if self._closed:
            await link.close()
        return True

    def _start_of(self, first: Frame) -> int:
        """The sample at which the second link's sample 0 was heard; never before what has been heard already."""
        if math.isinf(self._origin):
            return 0
        return max(self._end, round((self._clock() - self._origin) * first.format.rate) - first.end)

    def _placed(self, frame: Frame, start: int) -> Frame:
        placed = Frame(frame.format, frame.data, start + frame.position)
        self._end = placed.end
        self._origin = min(self._origin, self._clock() - placed.end / frame.format.rate)
        return placed
