"""A soak as tables for a person, and as data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rich.table import Table

from benchmarks.soak.memory import RISES_LESS
from benchmarks.soak.running import Soaked
from bot.call.latency import percentiles
from bot.machine import machine

SHOWN = 20
"""Findings of a kind; the data has all."""


def tables(soaked: Soaked) -> Iterator[Table]:
    yield _table("calls", _calls(soaked))
    yield _table("what was done to them", soaked.mischief.items())
    yield _table("verdict", _verdict(soaked))


def _calls(soaked: Soaked) -> Iterator[tuple[str, object]]:
    ledger = soaked.ledger
    yield "asked for", ledger.asked
    yield "with exactly one ending, on a closed tape that verifies", ledger.accounted
    for ending, count in ledger.endings.most_common():
        yield f"  {ending.outcome}, {ending.line_status}", count
    for name, count in ledger.broken_off.most_common():
        yield f"  of these, no dial or a dial that broke off: {name}", count
    for name, count in ledger.gave_up_for.most_common():
        yield f"  failures on their tapes: {name}", count
    for one in ledger.unaccounted[:SHOWN]:
        yield "  [red]not accounted for[/]", one


def _verdict(soaked: Soaked) -> Iterator[tuple[str, object]]:
    yield "every call accounted for", _said(soaked.ledger.whole)
    yield "nothing left over", _said(not soaked.left_over)
    for one in soaked.left_over[:SHOWN]:
        yield "  left over", one
    yield "no error that nobody handles", _said(not soaked.errors)
    for words, count in list(soaked.errors.items())[:SHOWN]:
        yield "  unhandled", f"{words} ({count} times)"
    grown = soaked.growth
    rule = f"second half rises by less than {100 * RISES_LESS:g} %"
    flat = _said(grown.flat) if grown.long_enough else "the run is too short to tell"
    yield f"memory of the platform flat ({rule})", flat
    yield "  MiB in the second half", f"median {grown.median_mib}, most {grown.peak_mib}, rises by {grown.rises_mib}"
    yield "  KiB it rises by for each call", grown.kib_per_call
    late = percentiles(soaked.watched.late_ms) or {}
    yield "the platform was late by, ms", ", ".join(f"{name} {ms:g}" for name, ms in late.items())
    yield "percent of a core", ", ".join(f"{name} {percent:g}" for name, percent in soaked.cpu_percent.items())


def _said(good: bool) -> str:
    return "[green]yes[/]" if good else "[red]no[/]"


def _table(title: str, rows: Iterable[tuple[str, object]]) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, show_header=False)
    for name, value in rows:
        table.add_row(name, str(value))
    return table


def as_data(soaked: Soaked) -> dict[str, Any]:
    ledger, grown = soaked.ledger, soaked.growth
    return {
        "machine": machine(),
        "minutes": soaked.minutes,
        "calls_at_once": soaked.calls,
        "seed": soaked.seed,
        "passed": soaked.passed,
        "asked": ledger.asked,
        "accounted": ledger.accounted,
        "endings": {f"{one.outcome}, {one.line_status}": count for one, count in ledger.endings.most_common()},
        "broken_off": dict(ledger.broken_off),
        "gave_up_for": dict(ledger.gave_up_for),
        "unaccounted": ledger.unaccounted,
        "mischief": {kind.value: count for kind, count in soaked.mischief.items()},
        "left_over": soaked.left_over,
        "errors": soaked.errors,
        "memory": {name: getattr(grown, name) for name in grown.__slots__} | {"flat": grown.flat},
        "late_ms": percentiles(soaked.watched.late_ms),
        "cpu_percent": soaked.cpu_percent,
        "seconds_bytes_calls": [
            [round(at, 1), size, calls]
            for (at, size), calls in zip(soaked.watched.memory, soaked.watched.calls, strict=True)
        ],
    }


def write(soaked: Soaked, path: Path) -> None:
    path.write_text(json.dumps(as_data(soaked), ensure_ascii=False, indent=1), encoding="utf-8")
