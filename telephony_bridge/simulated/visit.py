"""A transferred channel's stay at an extension: mod_callcenter's queue, or the bridge to one telephone. No I/O.

Events and variables of a queue follow mod_callcenter's source and what was observed of it; those of a bridge that
fails follow the source of `bridge`. Each step gives the variables it sets on the channel, and then its events.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from telephony_bridge.simulated.extensions import AgentFate, Extension
from telephony_bridge.simulated.signals import Emit, Note

AGENT = "agent-1@default"

_BRIDGE_CAUSES = {AgentFate.BUSY: "USER_BUSY", AgentFate.DECLINES: "CALL_REJECTED"}
_QUEUED = frozenset({AgentFate.ANSWERS, AgentFate.NOBODY})


@dataclass(frozen=True, slots=True)
class Step:
    """What a channel does next: first the variables, then the events that show them."""

    variables: Mapping[str, str] = field(default_factory=dict)
    events: tuple[Note | Emit, ...] = ()


class Visit:
    """From the transfer to `leave` or to the end that `decide` brings. The ids are the caller's to choose."""

    def __init__(self, extension: Extension, member_uuid: str, agent_uuid: str) -> None:
        self.extension = extension
        self.returned = False
        self._member_uuid = member_uuid
        self._agent_uuid = agent_uuid
        self._bridged = False
        self._uuid = ""

    def enter(self, channel_uuid: str, now: float) -> Step:
        """The channel has left what it did and runs the extension."""
        self._uuid = channel_uuid
        if self.extension.fate not in _QUEUED:
            return Step({"current_application": "bridge"} if self.extension.fate in _BRIDGE_CAUSES else {})
        joined = {
            "current_application": "callcenter",
            "cc_side": "member",
            "cc_member_uuid": self._member_uuid,
            "cc_queue": self.extension.queue,
        }
        events: list[Note | Emit] = [self._of_member("member-queue-start")]
        if self.extension.fate is AgentFate.ANSWERS:
            events.append(self._of_agent("agent-offering", now))
        return Step(joined, tuple(events))

    def decide(self, now: float) -> Step:
        """The time of the extension is over: the agent is on the line, or the channel is parked again."""
        if self.extension.fate is AgentFate.ANSWERS:
            return self._bridge(now)
        self.returned = True
        parked = {"current_application": "park"}
        cause = _BRIDGE_CAUSES.get(self.extension.fate)
        if cause is not None:
            failed = {"originate_disposition": cause, "originate_failed_cause": cause}
            return Step({**failed, **parked}, (Note("CHANNEL_PARK"),))
        if self.extension.fate is AgentFate.CLOSED:
            return Step({"voicebot_handover_result": "closed", **parked}, (Note("CHANNEL_PARK"),))
        return Step({**_cancelled("TIMEOUT"), **parked}, (self._cancelled("TIMEOUT"), Note("CHANNEL_PARK")))

    def leave(self, now: float) -> Step:
        """The channel hangs up, or is transferred elsewhere."""
        if self.returned or self.extension.fate not in _QUEUED:
            return Step()
        if not self._bridged:
            return Step(_cancelled("BREAK_OUT"), (self._cancelled("BREAK_OUT"),))
        ended = {"CC-Cause": "Terminated", "CC-Hangup-Cause": "NORMAL_CLEARING", "CC-Agent": AGENT}
        return Step(
            {},
            (
                self._of_agent("bridge-agent-end", now, on_channel=True),
                self._of_member("member-queue-end", **ended),
            ),
        )

    def _bridge(self, now: float) -> Step:
        self._bridged = True
        bridge = {"Bridge-A-Unique-ID": self._uuid, "Bridge-B-Unique-ID": self._agent_uuid}
        answered = {"cc_agent": AGENT, "cc_cause": "answered"}
        return Step(
            {**answered, "bridge_to": self._agent_uuid, "last_bridge_to": self._agent_uuid},
            (self._of_agent("bridge-agent-start", now, on_channel=True), Note("CHANNEL_BRIDGE", bridge)),
        )

    def _cancelled(self, reason: str) -> Note:
        return self._of_member("member-queue-end", **{"CC-Cause": "Cancel", "CC-Cancel-Reason": reason})

    def _of_member(self, action: str, **more: str) -> Note:
        """With the customer's channel in it."""
        return Note("CUSTOM", {**self._info(action), **more})

    def _of_agent(self, action: str, now: float, on_channel: bool = False) -> Emit:
        """With the agent's channel in it, or none before there is one."""
        channel = {"Unique-ID": self._agent_uuid, "CC-Agent-UUID": self._agent_uuid} if on_channel else {}
        return Emit({"Event-Name": "CUSTOM", **channel, **self._info(action), "CC-Agent": AGENT}, "", now)

    def _info(self, action: str) -> dict[str, str]:
        return {
            "Event-Subclass": "callcenter::info",
            "CC-Queue": self.extension.queue,
            "CC-Action": action,
            "CC-Member-UUID": self._member_uuid,
            "CC-Member-Session-UUID": self._uuid,
        }


def _cancelled(reason: str) -> dict[str, str]:
    return {"cc_cause": "cancel", "cc_cancel_reason": reason}
