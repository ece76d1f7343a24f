"""Turn-taking of whole calls, measured at the switch's edge, and in larger numbers in virtual time.

The demo's customers and the benchmark's (`benchmarks/talk/corpus.py`) are called on a simulated switch in a process
of its own, several side by side, in real time. Times are read off the recording of each line; what became of a cough
or a pause is read off the tape.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.talk.answered import Answered, answered
from benchmarks.talk.corpus import BenchmarkCall
from benchmarks.talk.corpus import calls as corpus
from benchmarks.talk.held import HeldCall
from benchmarks.talk.live import hold_all
from benchmarks.talk.measures import Measure, measures, shares, verdict_counts
from benchmarks.talk.rehearsed import rehearse_all
from benchmarks.talk.verdicts import Judged, judge
from bot.call.latency import Stage, percentiles
from bot.demo.run import AUDIO_LANGUAGE, CUSTOMERS
from bot.machine import machine
from bot.preparation import prepare
from bot.progress import step
from bot.settings import load_settings
from bot.simulation.persona import Persona, load_personas

SIDE_BY_SIDE = 3
"""Calls at a time. They share the machine's cores with the switch and its customers, as calls in operation do."""

ON_THE_LINE = {"disturbers": 8, "pausers": 5, "surveys": 5, "refusals": 4}
REHEARSED = {"disturbers": 10, "pausers": 15, "surveys": 14, "refusals": 14}
"""Calls of each kind. Each holds up to 6, 4, 4 and 1 trials: a noise that is taken for an answer costs the next one."""
QUICK_SHARE = 5
"""A quick run holds one call in so many."""


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything a run found; `as_json` is what is printed as data."""

    machine: str
    calls: tuple[HeldCall, ...]
    measures: tuple[Measure, ...]
    answers: tuple[Answered, ...]
    judged: tuple[Judged, ...]
    rehearsed: tuple[Judged, ...]
    memory_mib: dict[str, float]
    side_by_side: int = SIDE_BY_SIDE

    @property
    def rehearsed_shares(self) -> list[Measure]:
        return shares(self.rehearsed)

    @property
    def stages(self) -> dict[str, dict[str, float] | None]:
        return stages(self.answers)

    @property
    def by_expectation(self) -> dict[str, list[Answered]]:
        """Answers by the kind of answer that was expected, the fastest kind first."""
        kinds: dict[str, list[Answered]] = defaultdict(list)
        for one in self.answers:
            kinds[one.expects].append(one)
        return dict(sorted(kinds.items(), key=lambda item: (percentiles(a.ms for a in item[1]) or {})["p50"]))

    @property
    def edge_less_tape(self) -> list[float]:
        """By how many milliseconds each response at the edge differs from the tape's."""
        return [one.ms - one.on_tape for one in self.answers]

    def as_json(self) -> dict[str, Any]:
        return {
            "machine": self.machine,
            "calls": len(self.calls),
            "side_by_side": self.side_by_side,
            "measures": [_measure(one, "line") for one in self.measures]
            + [_measure(one, "virtual time") for one in self.rehearsed_shares],
            "stages": self.stages,
            "by_expectation": {
                kind: {"n": len(some), **(percentiles(one.ms for one in some) or {}), "stages": stages(some)}
                for kind, some in self.by_expectation.items()
            },
            "verdicts": {"line": verdict_counts(self.judged), "virtual time": verdict_counts(self.rehearsed)},
            "edge_less_tape_ms": percentiles(abs(ms) for ms in self.edge_less_tape),
            "memory_mib": self.memory_mib,
            "trials": [_trial(one, "line") for one in self.judged]
            + [_trial(one, "virtual time") for one in self.rehearsed],
        }


def run(*, quick: bool = False) -> Findings:
    """About eight minutes where nothing else runs; a quick run takes two."""
    settings = load_settings()
    personas = load_personas(CUSTOMERS)
    prepare(settings, sorted({persona.script for persona in personas}), Console(stderr=True))
    calls = corpus(**_so_many(ON_THE_LINE, quick))
    rehearsals = corpus(**_so_many(REHEARSED, quick))
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        on_the_line: list[BenchmarkCall | Persona] = [*calls, *(personas[:2] if quick else personas)]
        with step("calls", len(on_the_line)) as progress:
            held, memory = asyncio.run(hold_all(settings, on_the_line, AUDIO_LANGUAGE, SIDE_BY_SIDE, folder, progress))
        with step("rehearsals", len(rehearsals)) as progress:
            rehearsed = asyncio.run(rehearse_all(settings, rehearsals, AUDIO_LANGUAGE, folder, progress))
        return findings(held, rehearsed, memory)


def findings(held: Sequence[HeldCall], rehearsed: Sequence[HeldCall], memory_mib: dict[str, float]) -> Findings:
    """What these calls show; to be asked while their recordings are there."""
    answers = tuple(one for call in held for one in answered(call))
    judged = tuple(one for call in held for one in judge(call))
    in_virtual_time = tuple(one for call in rehearsed for one in judge(call))
    found = tuple(measures(held, answers, judged))
    return Findings(machine(), tuple(held), found, answers, judged, in_virtual_time, memory_mib)


def _so_many(calls: dict[str, int], quick: bool) -> dict[str, int]:
    return {kind: max(1, number // QUICK_SHARE) for kind, number in calls.items()} if quick else calls


def stages(answers: Sequence[Answered]) -> dict[str, dict[str, float] | None]:
    """Percentiles of each stage of the response, by the tape's clock."""
    return {stage.value: percentiles(one.stages[stage] for one in answers) for stage in Stage}


def _measure(measure: Measure, where: str) -> dict[str, Any]:
    found = measure.percentiles
    return {
        "name": measure.name,
        "where": where,
        "aim": str(measure.aim),
        **{name: found.get(name) for name in ("p50", "p95", "p99")},
        "share": None if measure.share is None else round(measure.share, 1),
        "n": len(measure.values),
        "unit": measure.unit,
        "met": measure.met,
    }


def _trial(judged: Judged, where: str) -> dict[str, Any]:
    trial = judged.trial
    return {
        "call": judged.call.number,
        "where": where,
        "kind": trial.kind.value,
        "what": trial.what,
        "prompt": trial.prompt,
        "at_ms": round(trial.at),
        "pause_ms": round(trial.pause_ms) or None,
        "verdict": judged.verdict.value,
        "heard": list(judged.heard),
    }
