"""When to start a worker again that has died: at once the first time, then later and later."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RestartPolicy:
    """All times in seconds. A worker that lived `calm` or longer is forgiven what came before."""

    first: float = 0.5
    factor: float = 2.0
    longest: float = 30.0
    calm: float = 60.0


@dataclass(frozen=True, slots=True)
class Restarts:
    """How often a worker has died in a row."""

    deaths: int = 0

    def after_death(self, lived: float, policy: RestartPolicy) -> tuple[Restarts, float]:
        """The new count, and the seconds to wait before the next start: 0 after a calm life or a first death."""
        deaths = 1 if lived >= policy.calm else self.deaths + 1
        if deaths == 1:
            return Restarts(deaths), 0.0
        return Restarts(deaths), min(policy.longest, policy.first * policy.factor ** (deaths - 2))
