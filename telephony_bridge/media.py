"""The port for a call's audio: frames in from the switch, and out again where the link is two-way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from enum import StrEnum
from typing import Protocol

from speech.audio import AudioFormat, Frame
from telephony_bridge.leg import Leg


class MediaFault(StrEnum):
    """Why a media link ended."""

    CLOSED = "closed"  # the switch closed it, as at hang-up
    DROPPED = "dropped"  # the connection broke
    MALFORMED = "malformed"  # not a whole number of samples, or no metadata first
    OVERSIZED = "oversized"
    WRONG_RATE = "wrong_rate"  # more samples per second than announced
    UNKNOWN = "unknown"


class MediaLink(Protocol):
    """One call's audio connection. A broken link never raises into the call: iteration ends and `fault` says why."""

    @property
    def call_id(self) -> str: ...
    @property
    def format(self) -> AudioFormat: ...
    @property
    def metadata(self) -> Mapping[str, str]: ...
    @property
    def two_way(self) -> bool: ...
    @property
    def fault(self) -> MediaFault | None:
        """None while the link is up."""
        ...

    @property
    def detail(self) -> str:
        """One sentence for the tape and the log on why the link ended; empty while it is up."""
        ...

    def frames(self) -> AsyncIterator[Frame]:
        """The customer's audio, positions counted from the link's first sample. Ends with the link."""
        ...

    async def send(self, frame: Frame) -> None:
        """Play a frame to the customer; only where `two_way`. Raises `MediaClosed` or `FormatMismatch`."""
        ...

    async def close(self) -> None: ...


class TwoWayLink(Protocol):
    """What frames are sent on: a `MediaLink` whose other end plays them."""

    @property
    def call_id(self) -> str: ...
    @property
    def format(self) -> AudioFormat: ...
    async def send(self, frame: Frame) -> None:
        """Raises `MediaClosed` or `FormatMismatch`."""
        ...

    def offer(self, frame: Frame) -> bool:
        """As `send`, where that need not wait; else False, and nothing is sent."""
        ...

    async def send_text(self, text: str) -> None:
        """A command of the module at the other end. Raises `MediaClosed`."""
        ...


class AudioLink(MediaLink, TwoWayLink, Protocol):
    """What a `MediaSource` gives: to be listened to, and where it is `two_way`, sent on."""


class MediaSource(Protocol):
    """Where the audio of calls comes in."""

    async def start(self) -> None:
        """Raises OSError where there is no listening on its address."""
        ...

    async def connect(self, leg: Leg, metadata: Mapping[str, str] = ..., within_s: float = ...) -> AudioLink:
        """Have the switch stream a leg's audio here, with `metadata` where the dialect has a place for it.

        Raises `TimeoutError` where it does not come in time, `SwitchError` where it is refused.
        """
        ...

    async def close(self) -> None:
        """End every link."""
        ...


class MediaClosed(Exception):
    """The link is gone."""
