"""Where `uuid_transfer` leads on the simulated switch: extensions of its dialplan, and what becomes of a call there.

    Extensions((("9300", Extension(AgentFate.ANSWERS, after_ms=600)), ("94*", Extension(AgentFate.BUSY))))

The first pattern that matches decides (* and ? as in file names). Without a table, `Extensions()` goes by the number:

| extension | |
|---|---|
| 9311 | a queue in which nobody is free: the call comes back after 2 s |
| 9312 | one agent's telephone, busy |
| 9313 | one agent's telephone; the agent declines |
| 9314 | a queue that is closed |
| all other numbers, among them 9300 | a queue whose agent answers after 0.6 s, as was measured |
| what is no number | an extension the dialplan does not have: the switch ends the call |

A call that nobody takes is parked again, as docs/freeswitch.md tells operators to set up their dialplan.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

ANSWERED_AFTER_MS = 600
"""A transferred call was bridged to an agent 0.6 s later."""


class AgentFate(StrEnum):
    """What the agent of an extension does."""

    ANSWERS = "answers"
    NOBODY = "nobody"  # no agent of the queue is free until its waiting time is over
    BUSY = "busy"
    DECLINES = "declines"
    CLOSED = "closed"  # the dialplan does not even ask an agent
    ABSENT = "absent"  # the dialplan has no such extension


@dataclass(frozen=True, slots=True)
class Extension:
    """`after_ms` is when it is decided, counted from the transfer; `queue` is what mod_callcenter calls the queue."""

    fate: AgentFate = AgentFate.ANSWERS
    after_ms: int = ANSWERED_AFTER_MS
    queue: str = "support@default"


_BY_NUMBER = {
    "9311": Extension(AgentFate.NOBODY, after_ms=2000),
    "9312": Extension(AgentFate.BUSY, after_ms=300),
    "9313": Extension(AgentFate.DECLINES, after_ms=1000),
    "9314": Extension(AgentFate.CLOSED, after_ms=20),
}


@dataclass(frozen=True, slots=True)
class Extensions:
    """Patterns in order, and what the rest does; without a `default`, the number decides."""

    patterns: tuple[tuple[str, Extension], ...] = ()
    default: Extension | None = None

    def at(self, number: str) -> Extension:
        for pattern, extension in self.patterns:
            if fnmatchcase(number, pattern):
                return extension
        if self.default is not None:
            return self.default
        return _BY_NUMBER.get(number, Extension() if number.isdigit() else Extension(AgentFate.ABSENT, after_ms=20))
