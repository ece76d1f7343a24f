"""`voicebot bench`: the figures of README and docs, on this machine."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.errors import fail, friendly
from bot.machine import machine

CONVERSATION = "conversation"

BENCHMARKS = {
    CONVERSATION: "turn-taking of whole calls: response, barge-in, pauses (eight minutes)",
    "recognition": "recognition of human and synthetic speech; real-time factor",
    "synthesis": "time to speak a prompt; real-time factor",
    "understanding": "time to understand one utterance",
    "dialogue": "time of one dialogue turn; start and memory of a worker",
    "media": "audio of many calls at once: how many, CPU, memory, how steady (two minutes)",
}
"""Modules of `benchmarks/`: each has `run() -> dict`, but for `conversation`, which has findings to draw."""

SIDE_BY_SIDE = frozenset({"p50", "p95", "p99", "found", "aim", "met"})

console = Console()


def bench(
    only: Annotated[list[str] | None, typer.Argument(help=f"Some of: {', '.join(BENCHMARKS)}.")] = None,
    json_path: Annotated[
        Path | None,
        typer.Option("--json", help="Write the figures as data, too; of several benchmarks, under their names."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Draw the conversation's figures in this HTML page, which opens offline.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A fifth of the conversation's calls.")] = False,
) -> None:
    """Measure, and print the figures with the machine they were measured on."""
    names = list(dict.fromkeys(only or BENCHMARKS))
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        fail(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    if (report or quick) and CONVERSATION not in names:
        fail(f"--report and --quick belong to `voicebot bench {CONVERSATION}`")
    results: dict[str, Any] = {}
    console.print(machine(), style="dim", highlight=False)
    with friendly():
        for name in names:
            console.print(f"\n[bold]{name}[/]  [dim]{BENCHMARKS[name]}[/]", highlight=False)
            results[name] = _conversation(report, quick) if name == CONVERSATION else _measured(name)
        if json_path is not None:
            figures = results[names[0]] if len(names) == 1 else results
            text = json.dumps({"machine": machine(), **figures}, ensure_ascii=False, indent=2)
            json_path.write_text(text, encoding="utf-8")


def _measured(name: str) -> dict[str, Any]:
    figures: dict[str, Any] = importlib.import_module(f"benchmarks.{name}").run()
    console.print(_table(figures))
    return figures


def _conversation(report: Path | None, quick: bool) -> dict[str, Any]:
    findings = importlib.import_module("benchmarks.conversation").run(quick=quick)
    for table in importlib.import_module("benchmarks.talk.tables").tables(findings):
        console.print(table)
    if report is not None:
        importlib.import_module("benchmarks.talk.report").write_report(findings, report)
        console.print(f"\nreport: {report}", highlight=False)
    figures: dict[str, Any] = findings.as_json()
    return figures


def _table(figures: Mapping[str, Any]) -> Table:
    """One row a figure; percentiles side by side, and a figure beside its aim."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for name, value in _flat(figures):
        table.add_row(name.replace("_", " "), value)
    return table


def _flat(figures: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for name, value in figures.items():
        if isinstance(value, Mapping) and not set(value) <= SIDE_BY_SIDE:
            rows += _flat(value, f"{prefix}{name}: ")
        elif isinstance(value, Mapping):
            rows.append((f"{prefix}{name}", "  ".join(_beside(key, figure) for key, figure in value.items())))
        else:
            rows.append((f"{prefix}{name}", str(value)))
    return rows


def _beside(key: str, figure: object) -> str:
    match key:
        case "found":
            return str(figure)
        case "met":
            return "[green]met[/]" if figure else "[red]missed[/]"
    return f"{key} {figure}"
