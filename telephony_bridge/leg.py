"""The port for a switch: dial a number, and act on the leg that comes of it.

The FreeSWITCH adapter (`freeswitch.py`) drives a real switch and the simulated one alike.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from telephony_bridge.line_status import Fault, HandOverFailure, HungUpBy, LineStatus


@dataclass(frozen=True, slots=True)
class PlayoutStarted:
    """The first sample of a playout has left for the customer."""

    playout_id: str


@dataclass(frozen=True, slots=True)
class PlayoutEnded:
    """A playout is over. `heard` counts the samples the customer heard, at 8 kHz.

    `completed` is False when it was stopped, or never started (`problem` then says why).
    """

    playout_id: str
    heard: int
    completed: bool
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Dtmf:
    """One key: 0-9, *, #, A-D."""

    digit: str


@dataclass(frozen=True, slots=True)
class HungUp:
    """The leg is gone; no event follows. `cause` is the switch's own word, for the tape."""

    by: HungUpBy
    line_status: LineStatus
    fault: Fault
    cause: str


@dataclass(frozen=True, slots=True)
class HandedOver:
    """An agent is on the line with the customer; the leg is no longer ours to play to. Its hang-up is still told."""


@dataclass(frozen=True, slots=True)
class HandOverFailed:
    """Nobody took the leg over and it is with us again: it can play, stream and be handed over anew."""

    reason: HandOverFailure


@dataclass(frozen=True, slots=True)
class MediaStopped:
    """The switch no longer streams this leg's audio, though the leg lives."""

    reason: str


@dataclass(frozen=True, slots=True)
class ControlLost:
    """The connection to the switch broke, or the link that prompts are sent on; nothing can be said for now.

    Where it was the switch's, what happens on the leg is unknown until `ControlRestored`.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class ControlRestored:
    """The leg is still there, and can be played to again."""


LegEvent = (
    PlayoutStarted
    | PlayoutEnded
    | Dtmf
    | HungUp
    | HandedOver
    | HandOverFailed
    | MediaStopped
    | ControlLost
    | ControlRestored
)


@dataclass(frozen=True, slots=True)
class Dial:
    """What to dial. `call_id` becomes the leg's uuid on the switch (`origination_uuid`)."""

    number: str
    call_id: str
    ring_timeout_s: int = 30
    caller_id: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)


class Leg(Protocol):
    """One answered party's channel. Commands raise `SwitchUnreachable` or `LegGone`."""

    @property
    def call_id(self) -> str: ...

    @property
    def switch(self) -> str:
        """Host and port of the switch that carries the leg."""
        ...

    def events(self) -> AsyncIterator[LegEvent]:
        """This leg's events in order; ends after `HungUp`. Iterate once."""
        ...

    async def start_media(self, url: str, metadata: Mapping[str, str]) -> None:
        """Have the switch stream the customer's audio (L16, 8 kHz, mono) to a websocket."""
        ...

    async def stop_media(self) -> None: ...

    async def play(self, path: Path, playout_id: str) -> None:
        """Queue an 8 kHz WAV file behind what is playing; `PlayoutStarted` and `PlayoutEnded` follow."""
        ...

    async def stop_playout(self) -> None:
        """Silence the line and drop the queue; every stopped playout still gets its `PlayoutEnded`."""
        ...

    async def transfer(self, destination: str, variables: Mapping[str, str]) -> None:
        """Hand the leg to an extension of the switch; returns when the switch took the command.

        `HandedOver` or `HandOverFailed` follows, unless the leg hangs up while it waits. `variables` are set on the
        leg before and announced to the desks; their values may be any text. The audio goes on streaming until
        `stop_media`. Raises `Unsafe` too. After `SwitchUnreachable` the switch may have taken the command all the
        same; when it is back, the events tell.
        """
        ...

    async def hang_up(self) -> None:
        """End the leg. Does nothing if it has gone."""
        ...


class Refusal(StrEnum):
    """Why a call is not taken; each value is the cause the switch is told, which it turns into a SIP answer."""

    UNKNOWN_NUMBER = "UNALLOCATED_NUMBER"
    TOO_MANY_CALLS = "NORMAL_CIRCUIT_CONGESTION"
    NOT_NOW = "NORMAL_TEMPORARY_FAILURE"


class IncomingCall(Protocol):
    """Somebody calls us, and it rings. `called` and `caller` are numbers as the switch has them.

    `caller` may be empty or a word, where the number is withheld. `switch` says on which it came in. Call `answer` or
    `refuse`, once.
    """

    call_id: str
    called: str
    caller: str
    switch: str

    async def answer(self) -> Leg:
        """Pick up. Raises `LegGone` where the caller has hung up, and `SwitchError`."""
        ...

    async def refuse(self, why: Refusal) -> None:
        """Does nothing where the caller has hung up. Raises `SwitchUnreachable`; then it is done once that is over."""
        ...


class Switch(Protocol):
    """A connected switch, or several as one."""

    async def dial(self, dial: Dial) -> Leg:
        """Ring a number until it answers. Raises `DialFailed`, `PoolExhausted` or `SwitchUnreachable`."""
        ...

    async def take_incoming(self, handler: Callable[[IncomingCall], None]) -> None:
        """From now on, hand calls that come in to `handler`, and those that ring already. Without it nobody is told."""
        ...

    async def close(self) -> None: ...


class SwitchError(Exception):
    """Anything that goes wrong between us and the switch."""


class SwitchUnreachable(SwitchError):
    """No connection to the switch, or it broke during a command."""


class PoolExhausted(SwitchError):
    """Every switch is down, full or drained: nothing was dialled."""


class LegGone(SwitchError):
    """The leg hung up before the command arrived."""


class DialFailed(SwitchError):
    """Nobody was reached. Carries the closed status, whose fault it was, and the switch's own cause.

    `switch`: host and port of the one that dialled.
    """

    def __init__(self, status: LineStatus, fault: Fault, cause: str, switch: str) -> None:
        super().__init__(f"the dial ended as {status.value} (switch says {cause})")
        self.switch = switch
        self.status = status
        self.fault = fault
        self.cause = cause
