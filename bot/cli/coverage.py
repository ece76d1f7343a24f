"""How much of the scripts a run of scenarios has tried: on the screen, and as data for `voicebot script draw`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.rehearsal.coverage import Coverage, Kind, Part, shared_parts
from bot.rehearsal.playing import Played


def show_coverage(covered: Sequence[Coverage], console: Console, *, listed: bool) -> None:
    """A line a script; `listed`: with every part that no call came to. Stories only where there are some."""
    shared = shared_parts(covered)
    table = Table(box=None, pad_edge=False)
    stories = any(part.kind is Kind.STORY for one in covered for part in one.parts)
    kinds = [Kind.RULE, *([Kind.STORY] if stories else []), Kind.PROMPT, Kind.INTENT]
    for heading in ("tried", "calls", *(_HEADINGS[kind] for kind in kinds)):
        table.add_column(heading, justify="left" if heading == "tried" else "right", no_wrap=True)
    for one in covered:
        counts = [_share(one.of(kind)) for kind in kinds]
        table.add_row(one.script, str(one.calls), *counts)
    calls = sum(one.calls for one in covered)
    counts = [_share([part for part in shared if part.kind is kind]) for kind in kinds[:-1]]
    table.add_row("shared by all", str(calls), *counts)
    console.print()
    console.print(table)
    missed = [*(part for one in covered for part in one.uncovered()), *(part for part in shared if not part.times)]
    if listed:
        _list(covered, [part for part in shared if not part.times], console)
    elif missed:
        console.print(f"--coverage lists the {len(missed)} parts that no call came to", style="dim", highlight=False)


_HEADINGS = {Kind.RULE: "rules", Kind.STORY: "stories", Kind.PROMPT: "prompts", Kind.INTENT: "intents"}


def _share(parts: Sequence[Part]) -> str:
    return f"{sum(part.times > 0 for part in parts)} of {len(parts)}"


def _list(covered: Sequence[Coverage], shared: Sequence[Part], console: Console) -> None:
    groups = [(one.script, one.uncovered()) for one in covered] + [("shared by all", list(shared))]
    for title, parts in groups:
        if not parts:
            continue
        table = Table(box=None, pad_edge=False, show_header=False)
        table.add_column(no_wrap=True)
        table.add_column()
        table.add_column(overflow="fold")
        for part in parts:
            table.add_row(part.kind.value, escape(part.name), escape(part.place))
        console.print(f"\n[bold]{escape(title)}[/]: no call came to", highlight=False)
        console.print(table)


def write_results(path: Path, played: Sequence[Played], covered: Sequence[Coverage]) -> None:
    """Raises `OSError`."""
    results = {
        "scenarios": [
            {
                "file": str(one.case.file.path),
                "script": one.case.file.scenario.script,
                "language": one.case.language,
                "mode": one.case.mode.value,
                "verdict": one.verdict.value,
                "reason": one.reason,
                "outcome": one.outcome.value,
                "tape": str(one.tape),
            }
            for one in played
        ],
        "coverage": [one.as_json() for one in covered],
    }
    path.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
