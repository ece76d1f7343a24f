"""What the media server is to bear, and how it bore it: what the processes of the benchmark tell each other."""

from __future__ import annotations

import resource
from dataclasses import dataclass

from benchmarks.streams.arrivals import FRAME_S, Verdict

SPARE_FILES = 64
"""What a process has open besides the sockets of its calls."""

BEGUN_WITHIN_S = 1.0
"""The bot's sentences begin one after another in this time, before the customers speak; then all sound at once."""


@dataclass(frozen=True, slots=True)
class Load:
    """So many calls at once, with a frame of 20 ms every 20 ms: from the customer, and where `two_way` to them as well.

    `seconds` is how long customers speak; the bot speaks throughout, and a little longer. `ears`: the calls listen as
    calls do, without a recogniser; otherwise their frames are only taken.
    """

    calls: int
    seconds: float
    two_way: bool = True
    ears: bool = False

    @property
    def frames_heard(self) -> int:
        """From the customer of one call."""
        return round(self.seconds / FRAME_S)

    @property
    def frames_said(self) -> int:
        """To the customer of one call."""
        return round((BEGUN_WITHIN_S + self.seconds) / FRAME_S) if self.two_way else 0


@dataclass(frozen=True, slots=True)
class Borne:
    """`cpu_s` is what the server took while the frames came and went, `memory_bytes` by how much it has grown.

    No fault of the server's: `others_percent`, what other programs took of its core meanwhile, and `callers_late_ms`,
    by how much the callers were late themselves.
    """

    load: Load
    cpu_s: float
    others_percent: float
    memory_bytes: int
    from_customers: Verdict
    to_customers: Verdict
    callers_late_ms: dict[str, float]

    @property
    def whole(self) -> bool:
        return self.from_customers.whole and self.to_customers.whole

    @property
    def cpu_percent(self) -> float:
        """Of one core."""
        return 100 * self.cpu_s / self.load.seconds

    @property
    def frames_per_core_second(self) -> int:
        """Of both directions together: while a customer speaks, as many go the other way."""
        return round(self.from_customers.came * (2 if self.load.two_way else 1) / self.cpu_s)


def most_calls() -> int:
    """How many this machine lets a process have sockets for."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[1] - SPARE_FILES


def take_all_files() -> None:
    """As many open files as are allowed: the usual 1024 would be the first thing to break."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
