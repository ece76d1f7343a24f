"""How a channel names itself in its events: where it stands, who calls whom."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class Phase(StrEnum):
    """Where a channel stands, named as FreeSWITCH's Answer-State where there is one."""

    DIALLED = "dialled"
    RINGING = "ringing"
    EARLY = "early"
    ANSWERED = "answered"
    TRANSFERRED = "transferred"
    GONE = "hangup"


CALL_STATES = {
    Phase.DIALLED: "DOWN",
    Phase.RINGING: "RINGING",
    Phase.EARLY: "EARLY",
    Phase.ANSWERED: "ACTIVE",
    Phase.TRANSFERRED: "ACTIVE",
    Phase.GONE: "HANGUP",
}


class Identified(Protocol):
    @property
    def uuid(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def phase(self) -> Phase: ...
    @property
    def call_state(self) -> str: ...
    @property
    def direction(self) -> str: ...
    @property
    def called(self) -> str: ...
    @property
    def caller(self) -> str: ...


def identity(channel: Identified) -> dict[str, str]:
    """The headers that every event of a channel has."""
    return {
        "Unique-ID": channel.uuid,
        "Channel-Call-UUID": channel.uuid,
        "Channel-Name": f"sofia/external/{channel.number}",
        "Channel-State": "CS_HANGUP" if channel.phase is Phase.GONE else "CS_EXECUTE",
        "Channel-Call-State": channel.call_state,
        "Answer-State": {Phase.DIALLED: "ringing", Phase.TRANSFERRED: "answered"}.get(
            channel.phase, channel.phase.value
        ),
        "Call-Direction": channel.direction,
        "Caller-Destination-Number": channel.called,
        "Caller-Caller-ID-Number": channel.caller,
        "Caller-Unique-ID": channel.uuid,
    }
