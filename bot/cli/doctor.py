"""`voicebot doctor`: what is there, what is missing, and how to get it."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.doctor.examination import examine_all
from bot.doctor.report import Report, Status

STYLES = {Status.OK: "green", Status.NOT_YET: "yellow", Status.OPTIONAL: "dim", Status.MISSING: "bold red"}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Show what this machine has, what is missing, and how to get it. Exit code 1 when something needed is missing."""
    report = examine_all()
    if as_json:
        print(json.dumps(report.as_data(), indent=2, ensure_ascii=False))
    else:
        _show(report, Console())
    if not report.ready:
        raise typer.Exit(1)


def _show(report: Report, console: Console) -> None:
    table = Table("", "", "", "how to get it", box=None, pad_edge=False)
    table.columns[3].overflow = "fold"  # a name that is cut cannot be typed
    area = ""
    for finding in report.findings:
        if finding.area != area:
            area = finding.area
            table.add_row(f"[bold]{area}[/bold]", "", "", "")
        status = f"[{STYLES[finding.status]}]{finding.status}[/]"
        table.add_row(f"  {escape(finding.subject)}", status, escape(finding.detail), escape(finding.remedy))
    console.print(table)
    missing = sum(finding.status is Status.MISSING for finding in report.findings)
    console.print()
    console.print(f"{missing} missing" if missing else "Nothing that is needed is missing.")
