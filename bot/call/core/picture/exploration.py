"""The edges of the turn-taking core, found by walking it: breadth first, from the ringing on, over the alphabet.

States are told apart by what the core's decisions ask for. Of each kind one state is walked from, and beside it the
first that an edge leads to and the first in which a timer runs: so the walk ends, and takes two seconds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from enum import StrEnum

from bot.call.core.commands import CancelTimer, Command, Listen, SetTimer, Timer
from bot.call.core.events import Event, TimerFired
from bot.call.core.picture.alphabet import ringing, triggers
from bot.call.core.picture.tracing import deciders
from bot.call.core.state import CallState, Phase, Timing
from bot.call.core.step import step

BETWEEN_MS = 100.0
"""Time between two events of the walk, unless a timer is due."""


class Node(StrEnum):
    """A phase, or the part of one in which the core behaves differently."""

    RINGING = "ringing"
    SPEAKING = "speaking"
    LISTENING = "listening"
    PAUSED = "paused"  # listening, with a prompt stopped by the customer's voice
    THINKING = "thinking"
    AT_MACHINE = "at_machine"  # speaking or listening, while a machine has the word
    APOLOGISING = "apologising"  # speaking, because something broke
    OUT_OF_REACH = "out_of_reach"
    HANDING_OVER = "handing_over"
    LEAVING = "leaving"
    ENDED = "ended"


def node_of(state: CallState) -> Node:
    if state.phase is Phase.SPEAKING and state.failing:
        return Node.APOLOGISING
    if state.phase in {Phase.SPEAKING, Phase.LISTENING} and state.at_machine is not None:
        return Node.AT_MACHINE
    if state.phase is Phase.LISTENING and state.paused:
        return Node.PAUSED
    return Node(state.phase.value)


@dataclass(frozen=True, slots=True)
class Edge:
    """What happens, from where to where. `always` and `sometimes` name the commands that come with it."""

    source: Node
    trigger: str
    target: Node
    always: tuple[str, ...]
    sometimes: tuple[str, ...]
    decided_in: tuple[str, ...]


@dataclass(slots=True)
class _Found:
    decided_in: tuple[str, ...]
    variants: set[tuple[str, ...]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Place:
    """A state on the walk, when it was reached, and when its timers are due."""

    state: CallState
    now: float
    due: dict[Timer, float]

    def after(self, state: CallState, now: float, commands: tuple[Command, ...]) -> _Place:
        due = {timer: at for timer, at in self.due.items() if timer in state.timers}
        due |= {one.timer: now + one.ms for one in commands if isinstance(one, SetTimer) and one.timer in state.timers}
        return _Place(state, now, due)

    def time_of(self, event: Event) -> float:
        if isinstance(event, TimerFired):
            return max(self.now, self.due[Timer(event.timer)])
        return self.now + BETWEEN_MS


def explore() -> tuple[Edge, ...]:
    """Every edge of the core, in the order of `Node`."""
    timing = Timing()
    found: dict[tuple[Node, str, Node], _Found] = {}
    seen: set[Hashable] = set()
    places = deque([_Place(ringing(), 0.0, {})])
    while places:
        place = places.popleft()
        for trigger, event in triggers(place.state):
            now = place.time_of(event)
            state, commands = step(place.state, event, now, timing)
            if state is place.state:
                continue
            edge = node_of(place.state), trigger, node_of(state)
            kinds = _kinds(state) | {edge}
            if edge not in found:
                found[edge] = _Found(deciders(place.state, event, now, timing))
            found[edge].variants.add(_names(commands))
            if not kinds <= seen:
                seen |= kinds
                places.append(place.after(state, now, commands))
    order = list(Node)
    edges = [_edge(*key, one) for key, one in found.items()]
    return tuple(sorted(edges, key=lambda e: (order.index(e.source), order.index(e.target), e.trigger)))


def _kinds(state: CallState) -> set[Hashable]:
    """What is worth going on from."""
    node = node_of(state)
    on_the_line = bool(state.queue) and (state.queue[0].filler, state.may_be_interrupted)
    kind = (
        *(node, state.at_machine, on_the_line, bool(state.paused), type(state.then), state.failing),
        *(state.awaiting, state.customer_speaking, state.answerer.decided, Timer.RECOGNITION in state.timers),
    )
    return {kind, *((node, timer) for timer in state.timers)}


def _names(commands: tuple[Command, ...]) -> tuple[str, ...]:
    """In the order in which they were given, without those about timers and ears, which are everywhere."""
    return tuple(
        dict.fromkeys(type(one).__name__ for one in commands if not isinstance(one, SetTimer | CancelTimer | Listen))
    )


def _edge(source: Node, trigger: str, target: Node, found: _Found) -> Edge:
    variants = sorted(found.variants)
    names = list(dict.fromkeys(name for variant in variants for name in variant))
    always = tuple(name for name in names if all(name in variant for variant in variants))
    return Edge(source, trigger, target, always, tuple(n for n in names if n not in always), found.decided_in)
