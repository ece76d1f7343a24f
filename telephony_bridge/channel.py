"""What FreeSWITCH says about one channel, turned into the leg's events: a state machine without I/O.

Playouts are queued with `event-lock`, so the switch runs them one after another and everything about them arrives
in order: CHANNEL_EXECUTE (names the playout), PLAYBACK_START, PLAYBACK_STOP, CHANNEL_EXECUTE_COMPLETE.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from speech.audio import TELEPHONE
from telephony_bridge.causes import hung_up_by, line_status_of
from telephony_bridge.dialects import Dialect
from telephony_bridge.esl.protocol import EslMessage
from telephony_bridge.hand_over import EVENTS as HAND_OVER_EVENTS
from telephony_bridge.hand_over import HandOver
from telephony_bridge.leg import (
    Dtmf,
    HandOverFailed,
    HungUp,
    LegEvent,
    MediaStopped,
    PlayoutEnded,
    PlayoutStarted,
)

EVENTS = (
    "CHANNEL_CREATE",
    "CHANNEL_EXECUTE",
    "CHANNEL_EXECUTE_COMPLETE",
    "CHANNEL_HANGUP_COMPLETE",
    "CHANNEL_DESTROY",
    *HAND_OVER_EVENTS,
    "PLAYBACK_START",
    "PLAYBACK_STOP",
    "DTMF",
)
"""What to subscribe to, besides the media module's own events."""

_KEYS = frozenset("0123456789*#ABCD")


@dataclass(frozen=True, slots=True)
class Ending:
    """What the switch reported when the channel ended."""

    cause: str
    q850: int | None = None
    sip_status: int | None = None
    disposition: str | None = None

    @classmethod
    def of(cls, event: EslMessage) -> Ending:
        return cls(
            event.headers.get("Hangup-Cause", "UNKNOWN"),
            _number(event, "variable_hangup_cause_q850"),
            _number(event, "variable_sip_term_status"),
            event.headers.get("variable_sip_hangup_disposition"),
        )


@dataclass(slots=True)
class _Playout:
    """`heard` is known once PLAYBACK_STOP has come."""

    length: int
    begun: bool = False
    started: bool = False
    heard: int | None = None
    broken: bool = False


class Channel:
    """One channel's playouts, hand-over and end. Methods return the leg events that follow from what it is told."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._playouts: dict[str, _Playout] = {}  # in the order they were queued
        self._current: str | None = None
        self._stopping: frozenset[str] = frozenset()
        self.hand_over = HandOver()
        self.created = False
        self.ending: Ending | None = None

    @property
    def gone(self) -> bool:
        return self.ending is not None

    @property
    def outstanding(self) -> frozenset[str]:
        """Playouts that have not ended."""
        return frozenset(self._playouts)

    def queue(self, playout_id: str, length: int) -> None:
        """A playout of `length` samples was sent to the switch."""
        self._playouts[playout_id] = _Playout(length)

    def refuse(self, playout_id: str, problem: str) -> list[LegEvent]:
        """The switch did not take a playout."""
        self._playouts.pop(playout_id, None)
        return [PlayoutEnded(playout_id, 0, completed=False, problem=problem)]

    def stop(self, playout_ids: Set[str]) -> None:
        """These were outstanding when the switch was told to break off and drop its queue."""
        self._stopping |= playout_ids

    def settle(self, playout_ids: Set[str]) -> list[LegEvent]:
        """Time enough has passed since `stop`: those of them that never began were dropped from the queue."""
        return self._end_unbegun(playout_ids)

    def forget_playouts(self, problem: str) -> list[LegEvent]:
        """Nobody can say what became of the outstanding playouts: end them as not heard."""
        events: list[LegEvent] = [PlayoutEnded(one, 0, completed=False, problem=problem) for one in self._playouts]
        self._playouts.clear()
        self._current = None
        self._stopping = frozenset()
        return events

    def take_stock(self, marks: Mapping[str, str]) -> list[LegEvent]:
        """Events were missed while the leg was handed over; `marks` are its variables of `hand_over.MARKS`."""
        return [] if self.gone else self._after_hand_over(self.hand_over.take_stock(marks))

    def vanish(self, cause: str = "UNKNOWN") -> list[LegEvent]:
        """The switch no longer knows the channel, and nobody saw it end."""
        return [] if self.gone else self._hang_up(Ending(cause))

    def receive(self, event: EslMessage) -> list[LegEvent]:
        """An event with this channel's Unique-ID. Nothing follows once the channel is gone."""
        if self.gone:
            return []
        match event.event_name:
            case "CHANNEL_CREATE":
                self.created = True
            case "CHANNEL_EXECUTE":
                self._begin(event.headers.get("Application-UUID"))
            case "PLAYBACK_START":
                return self._started()
            case "PLAYBACK_STOP":
                self._stopped(event)
            case "CHANNEL_EXECUTE_COMPLETE":
                return self._complete(event)
            case "DTMF" if event.headers.get("DTMF-Digit", "").upper() in _KEYS:
                return [Dtmf(event.headers["DTMF-Digit"].upper())]
            case "CUSTOM" if event.subclass in self._dialect.stopped:
                return [MediaStopped(f"{event.subclass} {event.body.strip()[:300]}".rstrip())]
            case "CHANNEL_HANGUP_COMPLETE" | "CHANNEL_DESTROY":
                return self._hang_up(Ending.of(event))
            case name if name in HAND_OVER_EVENTS:
                return self._after_hand_over(self.hand_over.receive(event))
        return []

    def _after_hand_over(self, events: list[LegEvent]) -> list[LegEvent]:
        """The switch drops what waited to be played when it transfers a leg, and says nothing of it."""
        if any(isinstance(event, HandOverFailed) for event in events):
            return [*self.forget_playouts("the leg was handed over before it played"), *events]
        return events

    def _begin(self, playout_id: str | None) -> None:
        playout = self._playouts.get(playout_id or "")
        if playout is not None:
            playout.begun = True
            self._current = playout_id

    def _started(self) -> list[LegEvent]:
        playout = self._playouts.get(self._current or "")
        if self._current is None or playout is None:
            return []
        playout.started = True
        return [PlayoutStarted(self._current)]

    def _stopped(self, event: EslMessage) -> None:
        playout = self._playouts.get(self._current or "")
        if playout is None:
            return
        # A hang-up in the middle also says `done`, but then the event has a hang-up cause.
        playout.broken = event.headers.get("Playback-Status") != "done" or "Hangup-Cause" in event.headers
        # The samples really played. `playback_samples` and `playback_ms` run ahead of them by seconds.
        offset = _number(event, "variable_playback_last_offset_pos")
        rate = _number(event, "Channel-Write-Codec-Rate") or TELEPHONE.rate
        if offset is not None:
            playout.heard = round(offset * TELEPHONE.rate / rate)
        elif not playout.broken:
            playout.heard = playout.length

    def _complete(self, event: EslMessage) -> list[LegEvent]:
        playout_id = event.headers.get("Application-UUID", "")
        playout = self._playouts.pop(playout_id, None)
        if playout is None:
            return []
        self._current = None
        problem = None if playout.started else event.headers.get("Application-Response", "the switch gave no reason")
        events: list[LegEvent] = [
            PlayoutEnded(playout_id, playout.heard or 0, playout.started and not playout.broken, problem)
        ]
        if playout.broken and playout_id in self._stopping:
            events += self._end_unbegun(self._stopping)
        return events

    def _end_unbegun(self, playout_ids: Set[str]) -> list[LegEvent]:
        dropped = [one for one, playout in self._playouts.items() if one in playout_ids and not playout.begun]
        for one in dropped:
            del self._playouts[one]
        self._stopping -= playout_ids
        return [PlayoutEnded(one, 0, completed=False) for one in dropped]

    def _end_all(self) -> list[LegEvent]:
        events: list[LegEvent] = [
            PlayoutEnded(one, playout.heard or 0, completed=False) for one, playout in self._playouts.items()
        ]
        self._playouts.clear()
        return events

    def _hang_up(self, ending: Ending) -> list[LegEvent]:
        self.ending = ending
        status, fault = line_status_of(ending.cause, ending.q850, ending.sip_status)
        return [*self._end_all(), HungUp(hung_up_by(fault, ending.disposition), status, fault, ending.cause)]


def _number(event: EslMessage, header: str) -> int | None:
    text = event.headers.get(header, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
