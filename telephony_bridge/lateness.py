"""Whether this process is so late that it should take no new calls: no clock, no task.

A loop that runs late is late for every call it has. One that takes more calls then serves none of them, so new ones
wait or go elsewhere, and those that run get what there is.
"""

from __future__ import annotations

import math

SMOOTHED_OVER_S = 3.0
"""A load that stays is seen within some seconds."""

LOOK_COUNTS_S = 0.25
LATEST = 5.0
"""One look counts as no more time, and as no later than so many limits: a single stall, however long, as of a model
that is loaded, closes nothing."""

RELEASED_AT = 0.5
"""Of the limit. Between the two it stays as it was, so that it does not flicker with each call that ends."""


class Lateness:
    """By how much one wait of a loop after another was late, smoothed, with a limit."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._smoothed_s = 0.0
        self._overloaded = False

    @property
    def overloaded(self) -> bool:
        return self._overloaded

    @property
    def smoothed_s(self) -> float:
        return self._smoothed_s

    def note(self, late_s: float, passed_s: float) -> None:
        """A wait was late by so much; `passed_s` have gone by since the note before."""
        weight = -math.expm1(-min(passed_s, LOOK_COUNTS_S) / SMOOTHED_OVER_S)
        self._smoothed_s += weight * (min(late_s, LATEST * self._limit_s) - self._smoothed_s)
        limit_s = self._limit_s * (RELEASED_AT if self._overloaded else 1.0)
        self._overloaded = self._smoothed_s > limit_s
