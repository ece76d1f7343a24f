"""The findings of `voicebot script check`: a table to read, lines for an editor, JSON for other programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.script_check import Checked
from dialogue.lint.catalogue import RULES
from dialogue.worker.source import Problem


class Form(StrEnum):
    TABLE = "table"
    PLAIN = "plain"  # file:line:column: error: message [rule], as compilers write it


def print_findings(checked: Sequence[Checked], form: Form, scripts: Path, console: Console) -> None:
    findings = list(dict.fromkeys(finding for one in checked for finding in one.findings))
    if form is Form.PLAIN:
        for finding in findings:
            place = f"{finding.file}:{finding.line or 1}:{finding.column or 1}"
            line = f"{place}: error: {finding.message} [{finding.rule.value}]"
            console.print(line, markup=False, highlight=False, soft_wrap=True)
        return
    if findings:
        console.print(_table(findings, scripts))
    for one in checked:
        fine = f"[green]fine[/]  [dim]version {one.version}[/]"
        number = len(one.findings)
        console.print(f"{one.name}  {f'[red]{number} to mend[/]' if number else fine}", highlight=False)


def _table(findings: Sequence[Problem], scripts: Path) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0))
    table.add_column("where", no_wrap=True, overflow="fold")
    table.add_column("rule", no_wrap=True)
    table.add_column("what, why, and how to mend it")
    for finding in findings:
        file = Path(finding.file)
        file = file.relative_to(scripts) if file.is_relative_to(scripts) else file
        explained = RULES[finding.rule]
        table.add_row(
            escape(f"{file}:{finding.line}" if finding.line else str(file)),
            f"[red]{finding.rule.value}[/]",
            f"{escape(finding.message)}\n[dim]Why:[/] {escape(explained.why)}\n[dim]Mend:[/] {escape(explained.mend)}",
        )
    return table


def write_findings(path: Path, checked: Sequence[Checked]) -> None:
    text = json.dumps([one.as_json() for one in checked], ensure_ascii=False, indent=1)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")
