"""Figures as drawings in SVG: each value a dot on a strip, the aim a line; each response a bar of its stages. Pure.

Lengths are units of the picture, which the page scales.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.talk.answered import Answered
from benchmarks.talk.measures import Measure
from bot.call.latency import Stage, percentiles

WIDTH = 720
STRIP = 56
"""Height of a strip, its scale below it included."""
SCALE = 16
DOT = 3.0
ROUND = (50, 100, 200, 250, 500, 1000, 2000, 2500, 5000, 10_000, 20_000, 60_000)
"""Ends and steps of a scale in milliseconds that are easy to read."""
TICKS = 6


@dataclass(frozen=True, slots=True)
class Mark:
    """A vertical line with its words: an aim, or a percentile."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Strip:
    """One measure in milliseconds. `dots` as (x, y), `ticks` of the scale, `aims` as lines, `found` percentiles."""

    dots: tuple[tuple[float, float], ...]
    ticks: tuple[Mark, ...]
    aims: tuple[Mark, ...]
    found: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Cells:
    """One share: every case a cell, the failed ones first; `aim` is where the failed ones may end."""

    failed: int
    total: int
    share: float
    aim: float

    @property
    def width(self) -> float:
        return WIDTH / self.total

    @property
    def gap(self) -> float:
        """Between two cells."""
        return min(2.0, self.width / 5)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stage in a bar, from `x` on, `width` wide."""

    stage: Stage
    x: float
    width: float
    ms: float


@dataclass(frozen=True, slots=True)
class Bar:
    """The stages of one kind of response at p50, one after the other. Their sum is near the p50 of the whole."""

    name: str
    n: int
    p50: float
    p95: float
    segments: tuple[Segment, ...]


def strip(measure: Measure) -> Strip | None:
    """None without values."""
    if not measure.values:
        return None
    limits = measure.aim.limits
    end = _end(max(*measure.values, *limits.values()) if limits else max(measure.values))

    def x(ms: float) -> float:
        return round(min(ms, end) / end * WIDTH, 1)

    middle = (STRIP - SCALE) / 2
    spread = (-10, 4, -4, 10, 0, -7, 7)  # so that equal values can be told apart
    dots = tuple((x(ms), middle + spread[i % len(spread)]) for i, ms in enumerate(sorted(measure.values)))
    return Strip(
        dots,
        tuple(Mark(x(ms), f"{ms:g}") for ms in _ticks(end)),
        tuple(Mark(x(ms), f"{name} {ms:g}") for name, ms in limits.items()),
        tuple(Mark(x(ms), name) for name, ms in measure.percentiles.items() if name != "p99"),
    )


def cells(measure: Measure) -> Cells | None:
    """None without cases, and for a measure that is no share."""
    if measure.share is None:
        return None
    failed = sum(value > 0 for value in measure.values)
    aim = (measure.aim.below or 0) / 100 * WIDTH
    return Cells(failed, len(measure.values), measure.share, aim)


def bars(kinds: Mapping[str, Sequence[Answered]]) -> list[Bar]:
    """One a kind of answer, on one scale."""
    medians = {
        kind: {stage: (percentiles(one.stages[stage] for one in some) or {})["p50"] for stage in Stage}
        for kind, some in kinds.items()
    }
    longest = max((sum(stages.values()) for stages in medians.values()), default=1.0) or 1.0
    found = []
    for kind, some in kinds.items():
        whole = percentiles(one.ms for one in some) or {}
        found.append(Bar(kind, len(some), whole["p50"], whole["p95"], _segments(medians[kind], longest)))
    return found


def _segments(stages: Mapping[Stage, float], longest: float) -> tuple[Segment, ...]:
    found, at = [], 0.0
    for stage, ms in stages.items():
        width = max(0.0, ms) / longest * WIDTH
        found.append(Segment(stage, round(at, 1), round(width, 1), ms))
        at += width
    return tuple(found)


def _end(largest: float) -> float:
    return float(next((end for end in ROUND if end >= largest), largest))


def _ticks(end: float) -> list[float]:
    step = next((step for step in ROUND if end / step <= TICKS), end)
    return [step * n for n in range(int(end / step) + 1)]
