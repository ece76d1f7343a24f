"""A leg whose prompts are sent as frames on its media link, with everything else as the switch has it.

The call sees one leg: what was heard of the frames is told among the leg's own events, and in an order that files
would have too. Where another link is to come in place of one that broke, what the break cut off is told as when the
switch is out of reach: `ControlLost`, and `ControlRestored` when prompts can be played again. Where no link comes, or
it breaks for good, the switch plays the files, so that a customer who lost us is still told so.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import structlog

from telephony_bridge.dialects import Dialect
from telephony_bridge.leg import (
    ControlLost,
    ControlRestored,
    HandedOver,
    HungUp,
    Leg,
    LegEvent,
    PlayoutEnded,
    SwitchError,
)
from telephony_bridge.media import MediaFault, TwoWayLink
from telephony_bridge.playout import FramePlayout
from telephony_bridge.restarted_link import WORTH_ANOTHER

log = structlog.get_logger(__name__)

LINK_WITHIN_S = 1.0
"""A prompt waits so long for the first link, which takes some tens of milliseconds; then the switch plays it.

For a second one it waits until that is there or given up.
"""


class PlayingLink(TwoWayLink, Protocol):
    """A two-way link that says when it is gone."""

    @property
    def fault(self) -> MediaFault | None: ...


class TwoWayLeg:
    """See `telephony_bridge.leg.Leg`. Give it the media link with `connect` as soon as there is one.

    Where it turns out that there will be none, or nobody is left who would ask for another, say so with `give_up`.
    Before a second one is asked for in place of one that broke, `interrupt`; then `connect` or `give_up` once more.
    """

    link_within_s = LINK_WITHIN_S

    def __init__(self, leg: Leg, dialect: Dialect) -> None:
        self._leg = leg
        self._dialect = dialect
        self._coming: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._link: PlayingLink | None = None
        self._frames: FramePlayout | None = None
        self._another = False  # a second link will be asked for where this one breaks
        self._cut: list[LegEvent] = []  # what a break cut off, until it is known whether a hang-up explains it
        self._second = False  # it is asked for, and `connect` or `give_up` will follow
        self._interrupted = False
        self._commanded = True
        self._by_files = False
        self._events: asyncio.Queue[LegEvent] = asyncio.Queue()
        self._following: asyncio.Task[None] | None = None

    @property
    def call_id(self) -> str:
        return self._leg.call_id

    @property
    def switch(self) -> str:
        return self._leg.switch

    def connect(self, link: PlayingLink, *, another: bool = False) -> None:
        """From now on prompts go here. `another`: should it break, `interrupt` will be called, unless the call ends."""
        if not self._coming.done():
            self._link, self._another = link, another
            self._frames = FramePlayout(
                link,
                self._tell,
                ahead_ms=self._dialect.ahead_ms,
                flush=self._dialect.flush,
                transit_ms=self._dialect.transit_ms,
                idle_silence=self._dialect.while_parked,
            )
            self._coming.set_result(None)
            self._go_on()

    def interrupt(self, reason: str) -> None:
        """The link broke, and another one is asked for."""
        if self._frames is not None:
            self._frames.lose(reason)
        self._another, self._second = False, True
        self._coming = asyncio.get_running_loop().create_future()
        if self._cut:
            self._interrupted = True
            self._events.put_nowait(ControlLost(f"prompts cannot be played: {reason}"))
            self._tell_cut()

    def give_up(self) -> None:
        """There will be no link, or no other: once the one that there may be is gone, the switch plays."""
        self._another = False
        self._coming.cancel()
        self._tell_cut()
        self._go_on()

    async def events(self) -> AsyncIterator[LegEvent]:
        self._following = asyncio.create_task(self._follow(), name=f"two-way leg {self.call_id}")
        try:
            while True:
                event = await self._events.get()
                yield event
                if isinstance(event, HungUp):
                    return
        finally:
            self._following.cancel()
            await self._silence()

    async def play(self, path: Path, playout_id: str) -> None:
        if self._interrupted:  # sent before the call knew; it is said again when it can be heard
            self._events.put_nowait(PlayoutEnded(playout_id, 0, completed=False))
            return
        frames = await self._frames_if_up()
        if frames is not None:
            await frames.play(path, playout_id)
        else:
            await self._leg.play(path, playout_id)

    async def stop_playout(self) -> None:
        await self._silence()
        if self._by_files:
            await self._leg.stop_playout()

    async def start_media(self, url: str, metadata: Mapping[str, str]) -> None:
        await self._leg.start_media(url, metadata)

    async def stop_media(self) -> None:
        await self._silence()
        await self._leg.stop_media()

    async def transfer(self, destination: str, variables: Mapping[str, str]) -> None:
        await self._leg.transfer(destination, variables)
        await self._silence()  # from here on the line is the queue's; the switch drops its own playouts too

    async def close(self) -> None:
        """The call is over: let go of what is ours."""
        await self._silence()

    async def hang_up(self) -> None:
        await self._leg.hang_up()

    async def _frames_if_up(self) -> FramePlayout | None:
        """None once and for all where the switch must play: one call does not change to and fro."""
        if not self._by_files:
            await asyncio.wait([self._coming], timeout=None if self._second else self.link_within_s)
            self._by_files = self._frames is None or (self._broke and not self._may_return)
            if self._by_files:
                log.warning("no two-way link: the switch plays the prompts", call_id=self.call_id)
                if self._broke:  # a module that stays attached may put its silence over what the switch plays
                    with contextlib.suppress(SwitchError):
                        await self._leg.stop_media()
        return None if self._by_files else self._frames

    @property
    def _broke(self) -> bool:
        return self._link is not None and self._link.fault is not None

    @property
    def _may_return(self) -> bool:
        """The link broke, and unless the call ends, a second one will be asked for."""
        return self._another and self._link is not None and self._link.fault in WORTH_ANOTHER

    def _go_on(self) -> None:
        """There is a way for prompts again."""
        if self._interrupted:
            self._interrupted = False
            if self._commanded:  # otherwise it is told when the switch is back
                self._events.put_nowait(ControlRestored())

    async def _silence(self) -> None:
        self._tell_cut()
        if self._frames is not None:
            await self._frames.stop()

    async def _follow(self) -> None:
        async for event in self._leg.events():
            await self._before(event)
            if isinstance(event, ControlLost | ControlRestored):
                self._commanded = isinstance(event, ControlRestored)
            if not (self._interrupted and isinstance(event, ControlRestored)):
                self._events.put_nowait(event)

    async def _before(self, event: LegEvent) -> None:
        """What must be done before an event of the leg is passed on."""
        if isinstance(event, HungUp | HandedOver | ControlRestored):
            await self._silence()  # first, as files are broken off; and what was heard is told before the end

    def _tell(self, event: LegEvent) -> None:
        """That the link broke is told of the link, and a hang-up may explain it: of the playout it is just its end."""
        if isinstance(event, PlayoutEnded) and event.problem is not None and self._broke:
            event = replace(event, problem=None)
            if self._may_return:
                self._cut.append(event)
                return
        self._events.put_nowait(event)

    def _tell_cut(self) -> None:
        for event in self._cut:
            self._events.put_nowait(event)
        self._cut.clear()
