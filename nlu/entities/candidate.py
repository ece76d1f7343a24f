"""A value found at a place in the text, before it is decided which of several readings holds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nlu.understanding import Entity

Value = str | int | float


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity and the half-open range it covers (words in English, characters in Mandarin).

    Where readings overlap, `weight` decides first (a reading the question asked for is heavier), then length.
    """

    entity: Entity
    start: int
    end: int
    weight: int = 0

    def overlaps(self, other: Candidate) -> bool:
        return self.start < other.end and other.start < self.end


def resolve(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """The readings that hold, in the order of the text."""
    kept: list[Candidate] = []
    for one in sorted(candidates, key=lambda c: (-c.weight, c.start - c.end, c.start)):
        if not any(one.overlaps(other) for other in kept):
            kept.append(one)
    return tuple(sorted(kept, key=lambda c: c.start))


def within(start: int, end: int, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether a range lies inside a longer one of `spans`."""
    return any(a <= start and end <= b and b - a > end - start for a, b in spans)


def tidy(value: float) -> int | float:
    """A whole number as an int."""
    return int(value) if float(value).is_integer() else value


def masked(match: re.Match[str]) -> str:
    """As many characters as were found, none of which means anything; word borders stay where they are."""
    return "".join(c if c == " " else "_" for c in match.group())
