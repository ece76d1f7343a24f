"""What becomes of a leg that is handed over: a state machine without I/O, and what the agent's desk is told.

`uuid_transfer` only starts it. The leg is taken when the switch bridges it, and it is back with us when the dialplan
parks it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import quote

from telephony_bridge.esl.protocol import EslMessage
from telephony_bridge.hand_over_causes import TRACES, hand_over_failure
from telephony_bridge.leg import HandedOver, HandOverFailed, LegEvent
from telephony_bridge.line_status import HandOverFailure
from telephony_bridge.originate import MAX_VARIABLES, Unsafe, set_variables

EVENTS = ("CHANNEL_BRIDGE", "CHANNEL_PARK")

DESK_EVENT = "voicebot::hand_over"
"""Subclass of the CUSTOM event that tells a desk of a call before it rings there."""

CALL_ID_HEADER = "voicebot_call_id"
"""Not `Unique-ID`: an event sent with a living channel's id goes to that channel alone and to no listener."""

BRIDGED_WITH = "last_bridge_to"
APPLICATION = "current_application"
MARKS = (BRIDGED_WITH, APPLICATION, *TRACES)
"""The channel variables that tell what became of a hand-over whose events were missed."""

MAX_SUMMARY = 500
"""Characters of a summary that are passed on. An agent has seconds to read it, and the limit on all variables
together holds for characters that take nine bytes each on their way."""


@dataclass(frozen=True, slots=True)
class DeskNote:
    """What the agent is told of a call, in plain text of any language.

    `verified` tells whether the customer proved who they are; `intent` and `sentiment` are the last ones understood.
    """

    queue: str
    summary: str
    verified: bool
    intent: str
    sentiment: str

    def variables(self) -> dict[str, str]:
        """For `Leg.transfer`, which makes the values safe for the switch."""
        return {
            "voicebot_queue": self.queue,
            "voicebot_summary": self.summary[:MAX_SUMMARY],
            "voicebot_verified": "yes" if self.verified else "no",
            "voicebot_intent": self.intent,
            "voicebot_sentiment": self.sentiment,
        }


def encode(variables: Mapping[str, str]) -> dict[str, str]:
    """Values percent-encoded as in a URL (UTF-8; letters, digits and `_.-~` stay), so that none can change a command.

    Raises `Unsafe` where all together are longer than a command was seen to carry.
    """
    encoded = {name: quote(value, safe="", errors="replace") for name, value in variables.items()}
    size = sum(len(name) + len(value) + 2 for name, value in encoded.items())
    if size > MAX_VARIABLES:
        raise Unsafe(f"the variables of a hand-over take {size} bytes; the limit is {MAX_VARIABLES}: shorten them")
    return encoded


def prepare(call_id: str, encoded: Mapping[str, str]) -> str:
    """The command that sets the variables, and clears what an earlier hand-over left on the leg."""
    return set_variables(call_id, {**dict.fromkeys((BRIDGED_WITH, *TRACES), ""), **encoded})


class _Stage(Enum):
    OURS = auto()
    UNSENT = auto()
    AWAY = auto()
    TAKEN = auto()


class HandOver:
    """One leg's way to an agent. After each `begin` or `miss` one event tells its end, unless `cancel` comes first."""

    def __init__(self) -> None:
        self._stage = _Stage.OURS

    @property
    def ours(self) -> bool:
        """Whether the leg is with us, so that it plays what we send."""
        return self._stage in {_Stage.OURS, _Stage.UNSENT}

    @property
    def waiting(self) -> bool:
        """Whether its end is still to come."""
        return self._stage in {_Stage.UNSENT, _Stage.AWAY}

    def begin(self) -> None:
        """The transfer is about to be sent. What it leads to may be told before the switch has answered it."""
        self._stage = _Stage.AWAY

    def miss(self) -> None:
        """The switch went out of reach before the transfer was sent: that it failed is told once the switch is back."""
        self._stage = _Stage.UNSENT

    def cancel(self) -> None:
        """The switch did not take the transfer."""
        self._stage = _Stage.OURS

    def receive(self, event: EslMessage) -> list[LegEvent]:
        """An event of the leg's channel."""
        match event.event_name:
            case "CHANNEL_BRIDGE":
                return self._taken()
            case "CHANNEL_PARK":
                return self._returned({name: event.headers.get(f"variable_{name}", "") for name in TRACES})
        return []

    def take_stock(self, marks: Mapping[str, str]) -> list[LegEvent]:
        """Events were missed: decide by the values of `MARKS`, empty where the channel has no such variable."""
        if self._stage is _Stage.UNSENT:
            self._stage = _Stage.OURS
            return [HandOverFailed(HandOverFailure.UNREACHABLE)]
        if marks.get(BRIDGED_WITH):
            return self._taken()
        return self._returned(marks) if marks.get(APPLICATION) == "park" else []

    def _taken(self) -> list[LegEvent]:
        if self._stage is not _Stage.AWAY:
            return []
        self._stage = _Stage.TAKEN
        return [HandedOver()]

    def _returned(self, variables: Mapping[str, str]) -> list[LegEvent]:
        if self._stage is not _Stage.AWAY:
            return []
        self._stage = _Stage.OURS
        return [HandOverFailed(hand_over_failure(variables))]
