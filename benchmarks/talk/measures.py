"""The figures of a conversation, each beside its aim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.edge import EdgeRecording, Pause
from benchmarks.talk.answered import FREE, REQUEST, Answered
from benchmarks.talk.held import HeldCall
from benchmarks.talk.trial import NOISES, PAUSED, Kind
from benchmarks.talk.verdicts import FALSE_BARGE_INS, MISSED_BARGE_INS, Judged, Verdict, kinds_of
from bot.call.latency import percentiles

SOUGHT_BEFORE_MS = 100
"""How long before the moment that a trial was asked for its sound may stand in the recording."""


@dataclass(frozen=True, slots=True)
class Aim:
    """Upper limits: of percentiles in milliseconds, or of a share in per cent. None: not limited."""

    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    below: float | None = None

    def __str__(self) -> str:
        if self.below is not None:
            return f"below {self.below:g} %"
        return ", ".join(f"{name} ≤ {limit:g}" for name, limit in self.limits.items()) or "none"

    @property
    def limits(self) -> dict[str, float]:
        """Of percentiles, by their names."""
        named = {"p50": self.p50, "p95": self.p95, "p99": self.p99}
        return {name: limit for name, limit in named.items() if limit is not None}


@dataclass(frozen=True, slots=True)
class Measure:
    """`values` in `unit`: milliseconds each; or, of a share, 100 for each case that failed and 0 for the others."""

    name: str
    aim: Aim
    unit: str
    values: tuple[float, ...]

    @property
    def share(self) -> float | None:
        """Per cent, of a share."""
        return sum(self.values) / len(self.values) if self.unit == "%" and self.values else None

    @property
    def percentiles(self) -> dict[str, float]:
        """p50, p95 and p99; empty for a share and without values."""
        return (percentiles(self.values) or {}) if self.unit == "ms" else {}

    @property
    def met(self) -> bool | None:
        """None without an aim, or without a value."""
        if not self.values or self.aim == Aim():
            return None
        if self.share is not None:
            return self.aim.below is not None and self.share < self.aim.below
        return all(self.percentiles[name] <= limit for name, limit in self.aim.limits.items())


def measures(calls: Sequence[HeldCall], answers: Sequence[Answered], judged: Sequence[Judged]) -> list[Measure]:
    """Of calls on the line of a switch."""
    edges = {call.number: EdgeRecording(call.recording) for call in calls if call.recording is not None}
    short = [one.ms for one in answers if one.expects not in {FREE, REQUEST}]
    free = [one.ms for one in answers if one.expects == FREE]
    greetings = [ms for edge in edges.values() if (ms := edge.greeting_ms()) is not None]
    return [
        Measure("response, expected short answer", Aim(p50=450, p95=800), "ms", tuple(short)),
        Measure("response, cached prompt after free speech", Aim(p50=600, p95=1000), "ms", tuple(free)),
        Measure("voice onset to silence on the line", Aim(p50=250, p95=450), "ms", tuple(_stops(judged, edges))),
        *shares(judged),
        Measure("pause of a prompt that a noise stopped", Aim(), "ms", tuple(_pauses(judged, edges))),
        Measure("answer to first sample of the greeting", Aim(p99=300), "ms", tuple(greetings)),
    ]


def shares(judged: Sequence[Judged]) -> list[Measure]:
    """What needs no line to be measured on."""
    return [
        _share("false barge-ins on coughs, “mhm”, echo", kinds_of(judged, NOISES), FALSE_BARGE_INS),
        _share("missed barge-ins", kinds_of(judged, (Kind.INTERRUPTION,)), MISSED_BARGE_INS),
        _share("turns cut off in a pause", kinds_of(judged, PAUSED), {Verdict.CUT_OFF}),
    ]


def _share(name: str, judged: Sequence[Judged], failed: Iterable[Verdict]) -> Measure:
    values = tuple(100.0 if one.verdict in set(failed) else 0.0 for one in judged)
    return Measure(name, Aim(below=5), "%", values)


def _stops(judged: Sequence[Judged], edges: dict[str, EdgeRecording]) -> list[float]:
    """Of interruptions by words that stopped the bot, and that it did not outlast by finishing its sentence."""
    found = []
    for one in kinds_of(judged, (Kind.INTERRUPTION,)):
        onset, pause = _onset_and_pause(one, edges)
        if one.verdict is not Verdict.NOT_STOPPED and onset is not None and pause is not None:
            found.append(pause.began_ms - onset)
    return found


def _pauses(judged: Sequence[Judged], edges: dict[str, EdgeRecording]) -> list[float]:
    pauses = [_onset_and_pause(one, edges)[1] for one in judged if one.verdict is Verdict.RESUMED]
    return [pause.ms for pause in pauses if pause is not None and pause.ms is not None]


def _onset_and_pause(one: Judged, edges: dict[str, EdgeRecording]) -> tuple[float | None, Pause | None]:
    edge = edges[one.call.number]
    onset = edge.onset_ms(one.trial.at - SOUGHT_BEFORE_MS)
    return onset, edge.pause_after(onset) if onset is not None else None


def verdict_counts(judged: Sequence[Judged]) -> dict[str, dict[str, int]]:
    """How often each kind of trial ended how."""
    kinds = {kind: [one for one in judged if one.trial.kind is kind] for kind in Kind}
    return {kind.value: dict(Counter(one.verdict.value for one in some)) for kind, some in kinds.items() if some}
