"""A call that comes in: the switch parks it, unanswered, for us to take.

The dialplan sets the channel variable `voicebot_incoming` to the number called, and parks. That is told on the event
socket we have anyway (CHANNEL_PARK), so that a call that came in has the same leg, reconnection and security as one we
dialled; the outbound event socket would need a port of ours for each, open to the switch and without a password. A call
that was parked while the connection was down is found when it is back.

Whoever takes a call removes the variable first: a call that is parked again, after a hand-over, does not come in anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from telephony_bridge.esl.protocol import EslMessage
from telephony_bridge.freeswitch_leg import INCOMING, FreeSwitchLeg
from telephony_bridge.leg import Refusal
from telephony_bridge.originate import is_call_id

PARKED = "park"


@dataclass(frozen=True, slots=True)
class Announced:
    """A parked call, as an event or the list of channels tells of it. Numbers as the switch has them."""

    call_id: str
    called: str
    caller: str


class ParkedCall:
    """See `telephony_bridge.leg.IncomingCall`."""

    def __init__(self, announced: Announced, leg: FreeSwitchLeg, switch: str) -> None:
        """`switch`: host and port of the one it came in on."""
        self.call_id = announced.call_id
        self.called = announced.called
        self.caller = announced.caller
        self.switch = switch
        self._leg = leg

    async def answer(self) -> FreeSwitchLeg:
        await self._leg.answer()
        return self._leg

    async def refuse(self, why: Refusal) -> None:
        await self._leg.hang_up(why.value)


def announced_by(event: EslMessage) -> Announced | None:
    """The call that an event tells of, where it is one for us."""
    called = event.headers.get(f"variable_{INCOMING}", "")
    if event.event_name != "CHANNEL_PARK" or not called or not is_call_id(event.unique_id):
        return None
    return Announced(event.unique_id, called, event.headers.get("Caller-Caller-ID-Number", ""))


def parked_in(channels: str) -> dict[str, str]:
    """Channels that may wait for us, and who calls there, from the answer to `show channels as json`."""
    try:
        rows = json.loads(channels).get("rows") or []
    except (ValueError, AttributeError):
        return {}
    found = ((str(row.get("uuid", "")), row) for row in rows if isinstance(row, Mapping))
    return {
        uuid: str(row.get("cid_num", ""))
        for uuid, row in found
        if is_call_id(uuid) and row.get("application", PARKED) == PARKED
    }
