"""The edges gathered into the arrows of the picture: few enough to be read.

Edges with the same ends are one arrow. What more than one state of a frame does is drawn once, from the frame's border
or to it. An arrow's label has a line for each command that matters, with what brings it about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from textwrap import wrap

from bot.call.core.picture.alphabet import TIMER
from bot.call.core.picture.exploration import Edge, Node


class Frame(StrEnum):
    """States that much is common to, from the widest on."""

    CALL = "call"
    ON_THE_LINE = "on the line"
    CONVERSATION = "conversation"


MEMBERS: dict[Frame, frozenset[Node]] = {
    Frame.CALL: frozenset(Node) - {Node.ENDED},
    Frame.ON_THE_LINE: frozenset({Node.SPEAKING, Node.LISTENING, Node.PAUSED, Node.THINKING, Node.AT_MACHINE}),
    Frame.CONVERSATION: frozenset({Node.SPEAKING, Node.LISTENING, Node.PAUSED, Node.THINKING}),
}

MATTERS = (
    *("EndCall", "HangUpLeg", "TransferLeg", "ConsiderHandOverFailure", "ConsiderAbsence", "ConsiderKeys", "Consider"),
    *("Finalise", "Speak", "StopSpeaking"),
)
"""Commands an arrow may name, the one that says most of the step first."""

LINE = 30
"""Characters in a line of a label."""
MANY = 3
"""So many kinds of the same event are not listed one by one."""

UNBROKEN = "\N{NO-BREAK SPACE}"

End = Node | Frame


@dataclass(frozen=True, slots=True)
class Arrow:
    source: End
    target: End
    label: tuple[str, ...]


def arrows(edges: Sequence[Edge]) -> tuple[Arrow, ...]:
    """Everything but what leaves the state as it is."""
    gathered: dict[tuple[End, End], list[Edge]] = {}
    for edge in edges:
        if edge.source is not edge.target:
            gathered.setdefault(_ends(edge, edges), []).append(edge)
    return tuple(Arrow(source, target, _label(some)) for (source, target), some in gathered.items())


def _ends(edge: Edge, edges: Sequence[Edge]) -> tuple[End, End]:
    """The widest frame stands for its states, the frame of the whole call only for what all of them do."""
    for frame, members in MEMBERS.items():
        least = len(members) if frame is Frame.CALL else 2
        if edge.source in members and edge.target not in members:
            alike = {e.source for e in edges if (e.trigger, e.target) == (edge.trigger, edge.target)} & members
            if len(alike) >= least:
                return frame, edge.target
        if edge.target in members and edge.source not in members and frame is not Frame.CALL:
            reached = {e.target for e in edges if e.source is edge.source} & members
            if len(reached) >= least:
                return edge.source, frame
    return edge.source, edge.target


def _label(edges: Iterable[Edge]) -> tuple[str, ...]:
    mains: dict[str, set[str]] = {}
    for edge in edges:
        mains.setdefault(edge.trigger, set()).add(_main(edge))
    by_command: dict[str, list[str]] = {}
    for trigger, names in mains.items():
        by_command.setdefault(next((name for name in MATTERS if name in names), ""), []).append(trigger)
    lines: list[str] = []
    for command, triggers in by_command.items():
        text = ", ".join(_named(triggers)) + (f" /{UNBROKEN}{command}" if command else "")
        lines += wrap(text, LINE, subsequent_indent=UNBROKEN * 3)
    return tuple(lines)


def _main(edge: Edge) -> str:
    if edge.target in {Node.SPEAKING, Node.APOLOGISING} and "Speak" in edge.always:
        return "Speak"
    return next((name for name in MATTERS if name in edge.always), "")


def _named(triggers: Sequence[str]) -> list[str]:
    """Kinds of the same event together, timers by their bare names. Lines may break between kinds."""
    kinds: dict[str, list[str]] = {}
    for trigger in triggers:
        name, _, kind = trigger.partition(": ")
        kinds.setdefault(name, []).append(kind)
    return [_event(name, [kind for kind in those if kind]) for name, those in kinds.items()]


def _event(name: str, kinds: Sequence[str]) -> str:
    if name.startswith(TIMER):
        return name.removeprefix(TIMER)
    if not kinds or len(kinds) >= MANY:
        return name
    first, *others = (kind.replace(" ", UNBROKEN) for kind in kinds)
    return ", ".join([f"{name}:{UNBROKEN}{first}", *others])
