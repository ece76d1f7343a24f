"""What many simulated conversations have shown, for the screen and as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.call.latency import percentiles
from bot.crowd.breaches import MOST_OFTEN
from bot.crowd.trial import Held
from bot.rehearsal.coverage import Coverage

SHOWN = 20
"""So many breaches are listed; the data has all."""


def show_findings(held: Sequence[Held], console: Console, again: str) -> None:
    """`again`: the command that holds these conversations; with `--only` it shows one of them."""
    console.print(_by_customer(held))
    console.print()
    console.print(_outcomes(held))
    loops = Counter(name for one in held for name in one.loops)
    if loops:
        table = Table(f"said more than {MOST_OFTEN} times", "calls", "for example", box=None, pad_edge=False)
        for name, calls in loops.most_common():
            table.add_row(name, str(calls), str(next(one.trial.number for one in held if name in one.loops)))
        console.print()
        console.print(table)
    console.print()
    _breaches(held, console, again)


def _by_customer(held: Sequence[Held]) -> Table:
    table = Table(box=None, pad_edge=False)
    headings = ("customers", "calls", "turns p50", "p95", "human wanted", "understood", "loops", "breaches")
    for heading in headings:
        table.add_column(heading, justify="left" if heading == "customers" else "right")
    for name in sorted({one.trial.person.name for one in held}):
        table.add_row(name, *_row([one for one in held if one.trial.person.name == name]))
    table.add_row("[bold]all[/]", *_row(held))
    return table


def _row(held: Sequence[Held]) -> list[str]:
    turns = percentiles(one.turns for one in held) or {"p50": 0, "p95": 0}
    return [
        str(len(held)),
        f"{turns['p50']:.0f}",
        f"{turns['p95']:.0f}",
        str(sum(one.asked_human for one in held)),
        str(sum(one.told_human for one in held)),
        str(sum(bool(one.loops) for one in held)),
        str(sum(len(one.breaches) for one in held)),
    ]


def _outcomes(held: Sequence[Held]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("outcome")
    table.add_column("calls", justify="right")
    table.add_column("of them, by customer", overflow="fold")
    outcomes = Counter(one.outcome for one in held)
    for outcome, calls in outcomes.most_common():
        whose = Counter(one.trial.person.name for one in held if one.outcome is outcome)
        table.add_row(outcome.value, str(calls), ", ".join(f"{name} {times}" for name, times in whose.most_common()))
    return table


def _breaches(held: Sequence[Held], console: Console, again: str) -> None:
    found = [(one, breach) for one in held for breach in one.breaches]
    if not found:
        console.print(f"[green]no breach[/] in {len(held)} conversations", highlight=False)
        return
    table = Table("conversation", "customer", "", "breach", "at", "what", box=None, pad_edge=False)
    table.columns[-1].overflow = "fold"
    for one, breach in found[:SHOWN]:
        trial = one.trial
        where = (str(trial.number), trial.person.name, trial.language)
        table.add_row(*where, f"[red]{breach.fault.value}[/]", f"{breach.t / 1000:.1f} s", escape(breach.detail))
    console.print(table)
    kinds = ", ".join(f"{times} {fault.value}" for fault, times in Counter(b.fault for _, b in found).most_common())
    calls = len({one.trial.number for one, _ in found})
    console.print(f"\n[red]{len(found)} breaches[/] in {calls} of {len(held)} conversations: {kinds}", highlight=False)
    example = f"{again} --only {found[0][0].trial.number}"
    console.print(f"See one with: {escape(example)}", highlight=False, soft_wrap=True)


def as_json(held: Sequence[Held], covered: Coverage, seed: int, noise: float) -> dict[str, Any]:
    return {
        "script": covered.script,
        "version": covered.version,
        "seed": seed,
        "noise": noise,
        "conversations": [
            {
                "number": one.trial.number,
                "customer": one.trial.person.name,
                "language": one.trial.language,
                "outcome": one.outcome.value,
                "seconds": round(one.seconds, 1),
                "turns": one.turns,
                "asked_human": one.asked_human,
                "told_human": one.told_human,
                "loops": one.loops,
                "breaches": [
                    {"fault": breach.fault.value, "t": breach.t, "detail": breach.detail} for breach in one.breaches
                ],
            }
            for one in held
        ],
        "coverage": [covered.as_json()],
    }
