"""What goes wrong, when and for how long: drawn from a seed beforehand. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from telephony_bridge.simulated.switch import Fault


class Kind(StrEnum):
    """The value says it in the report."""

    CUT_MEDIA = "media connections cut"
    STALL_MEDIA = "media connections neither read nor written for 3 s, then late frames"
    NONSENSE = "half samples, oversized messages and wrong rates sent"
    VANISH = "channels gone without a word"
    CUT_CONTROL = "event sockets cut"
    FREEZE = "switches held up"
    KILL = "switches killed, and started again"


ONE_IN_S: Mapping[Kind, float] = {
    Kind.CUT_MEDIA: 6.0,
    Kind.STALL_MEDIA: 6.0,
    Kind.NONSENSE: 20.0,
    Kind.VANISH: 20.0,
    Kind.CUT_CONTROL: 20.0,
    Kind.FREEZE: 30.0,
    Kind.KILL: 90.0,
}
"""On the average; of each kind at least one."""

FAULTS: Mapping[Kind, tuple[Fault, ...]] = {
    Kind.CUT_MEDIA: (Fault.ABORT_MEDIA,),
    Kind.STALL_MEDIA: (Fault.STALL_MEDIA,),
    Kind.NONSENSE: (Fault.ODD_FRAME, Fault.OVERSIZED_FRAME, Fault.DOUBLE_RATE),
    Kind.VANISH: (Fault.VANISH,),
    Kind.CUT_CONTROL: (Fault.DROP_ESL,),
}
"""What a switch can be told to do. The others are done to its process."""

HELD_UP_S = (0.5, 8.0)
"""A command waits 5 s for its answer, so that some are held up for longer than that."""
DOWN_S = (0.5, 20.0)
"""A call waits 10 s for its switch, so that some are down for longer."""


@dataclass(frozen=True, slots=True)
class Strike:
    """At second `at`, to node number `node`. `seconds` where it lasts; `chance` says which of its calls."""

    at: float
    kind: Kind
    node: int
    seconds: float
    fault: Fault | None
    chance: int


def plan(seed: int, seconds: float, nodes: int) -> list[Strike]:
    """In order of time; the same for the same seed. The last tenth of the time is left in peace."""
    random = Random(seed)
    strikes = [
        _strike(random, kind, random.uniform(0.0, 0.9 * seconds), nodes)
        for kind, every in ONE_IN_S.items()
        for _ in range(max(1, round(seconds / every)))
    ]
    return sorted(strikes, key=lambda strike: strike.at)


def _strike(random: Random, kind: Kind, at: float, nodes: int) -> Strike:
    lasts: Sequence[float] = {Kind.FREEZE: HELD_UP_S, Kind.KILL: DOWN_S}.get(kind, (0.0, 0.0))
    fault = random.choice(FAULTS[kind]) if kind in FAULTS else None
    return Strike(at, kind, random.randrange(nodes), random.uniform(*lasts), fault, random.randrange(1_000_000))
