"""One prompt on the line in several pieces: what the line tells of each, as what is told of the prompt. No I/O.

The first piece has the prompt's own playout id. The prompt begins with it, and has ended when its last piece has, or
when one was stopped; it was heard for as long as its pieces were.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from telephony_bridge.leg import LegEvent, PlayoutEnded, PlayoutStarted


@dataclass(slots=True)
class _Joint:
    """`whole`: the last piece has been sent. `cut`: no further piece will be. `over`: its end has been told."""

    sent: int = 0
    ended: int = 0
    heard: int = 0
    whole: bool = False
    cut: bool = False
    over: bool = False


class Pieces:
    """All of one call."""

    def __init__(self) -> None:
        self._joints: dict[str, _Joint] = {}
        self._prompts: dict[str, str] = {}

    def send(self, playout_id: str, *, last: bool) -> str:
        """The next piece of a prompt is about to be sent; returns the playout id of the piece."""
        joint = self._joints.setdefault(playout_id, _Joint())
        piece_id = f"{playout_id}.{joint.sent}" if joint.sent else playout_id
        joint.sent += 1
        joint.whole = last
        self._prompts[piece_id] = playout_id
        return piece_id

    def begun(self, playout_id: str) -> bool:
        """Whether a piece of it has been sent."""
        return playout_id in self._joints

    def over(self, playout_id: str) -> bool:
        return playout_id in self._joints and self._joints[playout_id].over

    def cut(self, playout_id: str) -> PlayoutEnded | None:
        """No further piece will be sent. Its end, where all that were have ended already."""
        joint = self._joints.get(playout_id)
        if joint is None or joint.whole or joint.over:
            return None
        joint.cut = True
        return self._end(playout_id, joint, completed=False) if joint.ended == joint.sent else None

    def joined(self, event: LegEvent) -> LegEvent | None:
        """The same of the whole prompt; None where there is nothing to tell of it."""
        match event:
            case PlayoutStarted(piece_id) if piece_id in self._prompts:
                return event if piece_id in self._joints else None
            case PlayoutEnded(piece_id) if piece_id in self._prompts:
                return self._piece_ended(self._prompts[piece_id], event)
        return event

    def _piece_ended(self, playout_id: str, event: PlayoutEnded) -> LegEvent | None:
        joint = self._joints[playout_id]
        joint.ended += 1
        joint.heard += event.heard
        if joint.over:
            return None
        if not event.completed:
            return replace(self._end(playout_id, joint, completed=False), problem=event.problem)
        if joint.ended == joint.sent and (joint.whole or joint.cut):
            return self._end(playout_id, joint, completed=joint.whole)
        return None

    def _end(self, playout_id: str, joint: _Joint, *, completed: bool) -> PlayoutEnded:
        joint.over = True
        return PlayoutEnded(playout_id, joint.heard, completed)
