"""`voicebot demo`."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.errors import friendly
from bot.demo.report import write_report
from bot.demo.results import DemoCall, as_json, response_times
from bot.demo.run import CUSTOMERS, run_demo
from bot.preparation import prepare
from bot.settings import load_settings
from bot.simulation.persona import load_personas

console = Console()


def demo(
    calls: Annotated[int | None, typer.Option(min=1, help="Only the first so many customers.")] = None,
    text: Annotated[bool, typer.Option("--text", help="No sound: both languages in text.")] = False,
    json_path: Annotated[Path | None, typer.Option("--json", help="Write the results as data, too.")] = None,
    folder: Annotated[Path, typer.Option(help="Where report, tapes and recordings go.")] = Path("demo"),
) -> None:
    """Call six simulated customers, in sound in English, then the same in text in Mandarin."""
    with friendly():
        settings = load_settings()
        personas = load_personas(CUSTOMERS)[:calls]
        prepare(settings, sorted({persona.script for persona in personas}), console)
        folder = folder.resolve()
        shutil.rmtree(folder / "tapes", ignore_errors=True)
        shutil.rmtree(folder / "line", ignore_errors=True)
        finished = asyncio.run(run_demo(settings, personas, folder, console, text_only=text))
        report = write_report(finished, folder)
        if json_path is not None:
            json_path.parent.mkdir(parents=True, exist_ok=True)
            json_path.write_text(json.dumps(as_json(finished), ensure_ascii=False, indent=2), encoding="utf-8")
    _summary(finished)
    console.print(f"\nreport  {report}", highlight=False, soft_wrap=True)
    raise typer.Exit(0 if all(call.as_expected for call in finished) else 1)


def _summary(calls: list[DemoCall]) -> None:
    table = Table("customer", "language", "expected", "outcome", "turns", box=None, pad_edge=False)
    for call in calls:
        mark = "[green]" if call.as_expected else "[red]"
        table.add_row(
            call.persona.name,
            call.language + (" (text)" if call.in_text else ""),
            call.persona.expected_outcome.value,
            f"{mark}{call.result.outcome.value}[/]",
            str(len(call.turns)),
        )
    console.print()
    console.print(table)
    times = response_times(calls)
    if times is not None:
        console.print(
            f"\nresponse time  p50 {times['p50']:.0f} ms, p95 {times['p95']:.0f} ms, p99 {times['p99']:.0f} ms",
            highlight=False,
        )
