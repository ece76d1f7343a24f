"""One call's media link: had anew, once, where it breaks and can be, and given to the leg that plays on it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bot.call.core.events import Broken, Event
from bot.vocabulary import Failure
from telephony_bridge.dialects import Dialect
from telephony_bridge.leg import Leg, LegGone, SwitchError
from telephony_bridge.media import MediaLink, MediaSource
from telephony_bridge.restarted_link import AGAIN_WITHIN_S, RestartedLink
from telephony_bridge.two_way_leg import TwoWayLeg


@dataclass(frozen=True, slots=True)
class MediaRestarted:
    """The customer's audio comes again after it broke off, and why it did. What was said in between is lost."""

    reason: str


class CallMedia:
    """`two_way` is the leg where we send the prompts ourselves, else None. Why unicast is not restarted:
    docs/freeswitch.md."""

    def __init__(
        self,
        media: MediaSource,
        leg: Leg,
        two_way: TwoWayLeg | None,
        dialect: Dialect,
        tell: Callable[[Event], None],
        note: Callable[[MediaRestarted], None],
    ) -> None:
        self._media = media
        self._leg = leg
        self._two_way = two_way
        self._restarts = not dialect.while_parked
        self._tell = tell
        self._note = note
        self._lasting: RestartedLink | None = None

    async def connect(self) -> MediaLink:
        """Raises `TimeoutError` and `SwitchError`: see `telephony_bridge.media.MediaSource`."""
        try:
            link = await self._media.connect(self._leg)
        except (TimeoutError, SwitchError):
            if self._two_way is not None:
                self._two_way.give_up()
            raise
        if self._two_way is not None:
            self._two_way.connect(link, another=self._restarts)
        if not self._restarts:
            return link
        self._lasting = RestartedLink(link, self._again, asyncio.get_running_loop().time)
        return self._lasting

    async def switch_stopped(self, reason: str) -> bool:
        """The switch says that it streams no more; whether that is seen to."""
        return self._lasting is not None and await self._lasting.switch_stopped(reason)

    def unheard(self, problem: str | None) -> None:
        """Nobody listens to the link any more, so that no other will be asked for. `problem`: what they died of."""
        if self._two_way is not None:
            if problem is not None:
                self._tell(Broken(Failure.UNKNOWN, problem))  # first, as below
            self._two_way.give_up()

    async def _again(self, reason: str) -> MediaLink:
        if self._two_way is not None:
            self._two_way.interrupt(reason)
        try:
            link = await self._media.connect(self._leg, within_s=AGAIN_WITHIN_S)
        except Exception as error:
            if self._two_way is not None:
                if not isinstance(error, LegGone):  # the hang-up says that
                    self._tell(Broken(Failure.MEDIA, reason))  # first, or what was cut off would be said on before it
                self._two_way.give_up()
            raise
        if self._two_way is not None:
            self._two_way.connect(link)
        self._note(MediaRestarted(reason))
        return link
