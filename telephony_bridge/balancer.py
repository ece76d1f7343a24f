"""Which of several switches takes the next call: a state machine without I/O or clock.

Smooth weighted round robin among the switches that can take one: over many calls each gets its share by weight, and
the calls of one are spread among those of the others. A switch that was away gets its share again from then on; what it
missed is not made up for, which would be a burst.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Terms:
    """What the operator allows for one switch. None: no limit of ours; a drained switch gets no new calls."""

    weight: int = 1
    max_calls: int | None = None
    calls_per_second: float | None = None
    drain: bool = False


@dataclass(frozen=True, slots=True)
class Load:
    """How a switch is at this moment. `calls` counts those that ring as well as those that were answered."""

    up: bool
    calls: int


class Unavailable(StrEnum):
    """Why a switch takes no call."""

    DRAINED = "drained"
    UNREACHABLE = "unreachable"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The call goes there, and counts from now on."""

    name: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing but their rate keeps switches from the call; ask again after so long."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Nobody:
    """No switch takes the call, for these reasons, and nobody can say when one will."""

    why: Mapping[str, Unavailable]


class Balancer:
    """Ask it once for each call. Dials to one switch are at least `1 / calls_per_second` apart."""

    def __init__(self, terms: Mapping[str, Terms]) -> None:
        self._terms = dict(terms)
        self._credit = dict.fromkeys(self._terms, 0)
        self._next_dial = dict.fromkeys(self._terms, -math.inf)

    def choose(self, now: float, loads: Mapping[str, Load]) -> Chosen | Wait | Nobody:
        """`now` is a monotonic time in seconds; `loads` has every switch."""
        why = {name: _unavailable(terms, loads[name]) for name, terms in self._terms.items()}
        able = [name for name, reason in why.items() if reason is None]
        if not able:
            return Nobody({name: reason for name, reason in why.items() if reason is not None})
        ready = [name for name in able if self._next_dial[name] <= now]
        if not ready:
            return Wait(min(self._next_dial[name] for name in able) - now)
        chosen = self._next_in_turn(ready)
        rate = self._terms[chosen].calls_per_second
        if rate is not None:
            self._next_dial[chosen] = now + 1 / rate
        return Chosen(chosen)

    def _next_in_turn(self, ready: list[str]) -> str:
        """Each is given credit by its weight, and who has most pays for the turn what all were given."""
        for name in ready:
            self._credit[name] += self._terms[name].weight
        chosen = max(ready, key=self._credit.__getitem__)
        self._credit[chosen] -= sum(self._terms[name].weight for name in ready)
        return chosen


def _unavailable(terms: Terms, load: Load) -> Unavailable | None:
    if terms.drain:
        return Unavailable.DRAINED
    if not load.up:
        return Unavailable.UNREACHABLE
    if terms.max_calls is not None and load.calls >= terms.max_calls:
        return Unavailable.FULL
    return None
