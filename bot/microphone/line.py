"""A line to whoever sits at this computer, as a switch and its media would be."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from types import MappingProxyType

from bot.microphone.link import LIKE, Loudspeaker, MicrophoneLink
from bot.microphone.port import SoundDevice
from bot.rehearsal.leg import RehearsalLeg
from bot.settings import Settings
from telephony_bridge.leg import Dial, IncomingCall, Leg, SwitchError
from telephony_bridge.line_status import HungUpBy
from telephony_bridge.media import MediaFault


def for_a_microphone(settings: Settings, queues: Mapping[str, object]) -> Settings:
    """The settings of calls on such a line; every queue of the script has its place there."""
    switch = settings.switch.model_copy(update={"dialect": LIKE.name})
    return settings.model_copy(update={"switch": switch, "queues": {queue: queue for queue in queues}})


class ComputerLine:
    """A `telephony_bridge.leg.Switch` and a `telephony_bridge.media.MediaSource`, for one call at a time.

    Whoever is dialled has picked up already. The call's settings must be those of `for_a_microphone`.
    """

    def __init__(self, device: SoundDevice) -> None:
        self._device = device
        self._loudspeaker = Loudspeaker()
        self._leg: RehearsalLeg | None = None
        self._link: MicrophoneLink | None = None
        self._lost = ""

    async def start(self) -> None:
        """Open the device; what is heard before the call goes nowhere. Raises `NotReady`."""
        loop = asyncio.get_running_loop()
        self._device.open(
            lambda data: loop.call_soon_threadsafe(self._heard, data),
            self._loudspeaker.take,
            lambda why: loop.call_soon_threadsafe(self._gone, why),
        )

    async def dial(self, dial: Dial) -> Leg:
        self._leg = RehearsalLeg(dial.call_id)
        self._leg.switch = "none, a microphone"
        return self._leg

    async def take_incoming(self, handler: Callable[[IncomingCall], None]) -> None:
        """Nobody calls from here."""

    async def connect(
        self, leg: Leg, metadata: Mapping[str, str] = MappingProxyType({}), within_s: float = 0.0
    ) -> MicrophoneLink:
        """Raises `SwitchError` where the device is gone: it does not come back by being asked."""
        if self._lost:
            raise SwitchError(self._lost)
        self._link = MicrophoneLink(leg.call_id, self._loudspeaker)
        return self._link

    def hang_up(self) -> None:
        """As the customer does."""
        if self._leg is not None:
            self._leg.gone(HungUpBy.CUSTOMER)

    async def close(self) -> None:
        self._device.close()
        if self._link is not None:
            await self._link.close()

    def _heard(self, data: bytes) -> None:
        if self._link is not None:
            self._link.take(data)

    def _gone(self, why: str) -> None:
        self._lost = why
        if self._link is not None:
            self._link.end(MediaFault.DROPPED, why)
