"""A leg whose audio is ours only while it is parked with us: silence at every hand-over, deaf until it comes back."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from types import MappingProxyType

import structlog

from telephony_bridge.dialects import UNICAST, Dialect
from telephony_bridge.leg import HandedOver, HandOverFailed, HungUp, Leg, LegEvent, SwitchError, SwitchUnreachable
from telephony_bridge.two_way_leg import PlayingLink, TwoWayLeg
from telephony_bridge.unicast import FIRST_PACKET_S, UnicastLink

log = structlog.get_logger(__name__)


def leg_that_plays_frames(leg: Leg, dialect: Dialect) -> TwoWayLeg | None:
    """The leg for a two-way dialect; None where the switch plays files."""
    if dialect.while_parked:
        return UnicastLeg(leg)
    return TwoWayLeg(leg, dialect) if dialect.two_way else None


class UnicastLeg(TwoWayLeg):
    """See `TwoWayLeg`. The switch ends the audio of a call that it transfers, and begins it anew only when asked."""

    link_within_s = 4.0  # both tries: a file that is played in between would end the audio that is about to come

    def __init__(self, leg: Leg) -> None:
        super().__init__(leg, UNICAST)
        self._unicast: UnicastLink | None = None
        self._asked: tuple[str, Mapping[str, str]] = ("", MappingProxyType({}))

    @property
    def asked_for(self) -> str:
        """The url of the last `start_media`."""
        return self._asked[0]

    def connect(self, link: PlayingLink, *, another: bool = False) -> None:
        super().connect(link, another=another)
        if isinstance(link, UnicastLink) and self._frames is not None:
            self._unicast = link
            self._frames.begin()

    async def start_media(self, url: str, metadata: Mapping[str, str]) -> None:
        self._asked = (url, metadata)
        await super().start_media(url, metadata)

    async def transfer(self, destination: str, variables: Mapping[str, str]) -> None:
        await self._leave()  # first: what it leads to may be told before the switch has answered it
        try:
            await self._leg.transfer(destination, variables)
        except SwitchUnreachable:
            raise  # the switch may have taken it all the same; when it is back, the leg's events tell
        except SwitchError:
            self._stay()
            raise

    async def stop_media(self) -> None:
        await super().stop_media()
        await self._deafen()

    async def close(self) -> None:
        await super().close()
        await self._deafen()

    async def _before(self, event: LegEvent) -> None:
        await super()._before(event)
        if isinstance(event, HungUp | HandedOver):
            await self._deafen()
        elif isinstance(event, HandOverFailed):
            await self._return()

    async def _leave(self) -> None:
        if self._frames is not None:
            await self._frames.halt()
        if self._unicast is not None:
            self._unicast.leave()

    def _stay(self) -> None:
        """The switch did not take the transfer: the audio goes on."""
        if self._frames is not None:
            self._frames.begin()
        if self._unicast is not None:
            self._unicast.come_back()

    async def _return(self) -> None:
        """Before the bot speaks again, the switch must take its packets again. If it does not, they stay away."""
        if self._unicast is None or self._frames is None or self._broke:
            return
        self._unicast.come_back()
        try:
            await self._leg.start_media(*self._asked)
        except SwitchError as error:
            log.warning("no audio after a hand-over", call_id=self.call_id, error=error)
            return
        with contextlib.suppress(TimeoutError):  # that they stay away is told of the link
            async with asyncio.timeout(FIRST_PACKET_S):
                await self._unicast.begun.wait()
        self._frames.begin()

    async def _deafen(self) -> None:
        """What is said from now on is not for our ears."""
        if self._frames is not None:
            await self._frames.halt()
        if self._unicast is not None:
            await self._unicast.close()
