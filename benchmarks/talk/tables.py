"""The findings of a run as tables for a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.table import Table

from benchmarks.talk.measures import Measure, verdict_counts
from bot.call.latency import Stage, percentiles

if TYPE_CHECKING:
    from benchmarks.conversation import Findings

MET = {True: "[green]met[/]", False: "[red]missed[/]", None: ""}


def tables(findings: Findings) -> list[Table]:
    return [
        _measures(f"{len(findings.calls)} calls on a simulated switch, at its edge", findings.measures),
        _measures("the same customers in virtual time", tuple(findings.rehearsed_shares)),
        _by_expectation(findings),
        _verdicts("what became of each trial, on the switch", verdict_counts(findings.judged)),
        _verdicts("what became of each trial, in virtual time", verdict_counts(findings.rehearsed)),
        _rest(findings),
    ]


def _measures(title: str, measures: tuple[Measure, ...]) -> Table:
    table = _table(title, "measure", "p50", "p95", "p99", "n", "aim", "")
    for one in measures:
        if one.share is not None:
            figures = [f"{one.share:.1f} %", "", ""]
        else:
            figures = [_ms(one.percentiles, name) for name in ("p50", "p95", "p99")]
        aim = str(one.aim) + (" ms" if one.aim.limits else "")
        table.add_row(one.name, *figures, str(len(one.values)), aim, MET[one.met])
    return table


def _by_expectation(findings: Findings) -> Table:
    columns = [stage.value.replace("_", " ") for stage in Stage]
    table = _table(
        "responses by the answer that was asked for; stages at p50", "asked for", "p50", "p95", "n", *columns
    )
    for kind, some in findings.by_expectation.items():
        found = percentiles(one.ms for one in some) or {}
        stages = [_ms(percentiles(one.stages[stage] for one in some) or {}, "p50") for stage in Stage]
        table.add_row(kind, _ms(found, "p50"), _ms(found, "p95"), str(len(some)), *stages)
    return table


def _verdicts(title: str, counts: Mapping[str, Mapping[str, int]]) -> Table:
    table = _table(title, "trial", "became")
    for kind, became in counts.items():
        table.add_row(kind, ", ".join(f"{number} {verdict}" for verdict, number in sorted(became.items())))
    return table


def _rest(findings: Findings) -> Table:
    table = _table("also", "", "")
    differences = percentiles(abs(ms) for ms in findings.edge_less_tape) or {}
    between = "  ".join(f"{name} {ms:.0f} ms" for name, ms in differences.items())
    table.add_row("difference of edge and tape, per response", between)
    memory = ", ".join(f"{name} {mib:.0f} MiB" for name, mib in findings.memory_mib.items())
    table.add_row("memory", memory)
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, header_style="dim")
    for name in columns:
        table.add_column(name, justify="right" if name in {"p50", "p95", "p99", "n"} else "left")
    return table


def _ms(figures: Mapping[str, float], name: str) -> str:
    return f"{figures[name]:.0f}" if name in figures else ""
