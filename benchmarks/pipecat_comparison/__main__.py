"""`python -m benchmarks.pipecat_comparison [--calls 10] [--many 100] [--seconds 32] [--json FILE]`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.pipecat_comparison.callers import frames
from benchmarks.pipecat_comparison.environment import NotInstalled, python
from benchmarks.pipecat_comparison.measuring import ServerEnded, Used, measure
from benchmarks.streams.listening import SENTENCE_EVERY_S
from bot.machine import machine

HERE = Path(__file__).parent


def compare(calls: int, many: int, seconds: float) -> list[Used]:
    """Ours with as many calls as pipecat, ours with many, and pipecat's two."""
    theirs = [str(python()), str(HERE / "pipecat_server.py")]
    ours = [sys.executable, "-m", "benchmarks.pipecat_comparison.our_server"]
    messages = frames(seconds)
    return [
        measure("voicebot", [*ours, str(calls)], calls, messages),
        measure("voicebot", [*ours, str(many)], many, messages),
        measure("pipecat", [*theirs, str(calls), "default"], calls, messages),
        measure("pipecat, lean", [*theirs, str(calls), "lean"], calls, messages),
    ]


def table(sides: Sequence[Used]) -> Table:
    same, many = sides[:2]
    found = Table(box=None, pad_edge=False)
    for title in ("", "calls", "turns ended", "% of a core per call", "x ours", f"x ours with {many.calls} calls"):
        found.add_column(title, justify="right" if title else "left")
    for one in sides:
        ratios = [f"{one.percent_per_call / ours.percent_per_call:.1f}" for ours in (same, many)]
        turns = f"{one.turns} of {round(one.calls * one.seconds / SENTENCE_EVERY_S)}"  # far fewer: the row is void
        found.add_row(one.name, str(one.calls), turns, f"{one.percent_per_call:.3f}", *ratios)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pipecat_comparison")
    parser.add_argument("--calls", type=int, default=10, help="for both; a core bears about 25 of pipecat's")
    parser.add_argument(
        "--many", type=int, default=100, help="for ours alone: more calls share each look at the sockets"
    )
    parser.add_argument("--seconds", type=float, default=32.0)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    console = Console()
    try:
        sides = compare(arguments.calls, arguments.many, arguments.seconds)
    except (NotInstalled, ServerEnded) as error:
        console.print(f"[red]{error}[/]")
        return 1
    console.print(f"{machine()}; {arguments.seconds:g} s of sound in each call", style="dim", highlight=False)
    console.print(table(sides))
    for what in dict.fromkeys(one.what for one in sides):
        console.print(f"- {what}", style="dim", highlight=False)
    if arguments.json is not None:
        figures = [{**asdict(one), "percent_per_call": round(one.percent_per_call, 4)} for one in sides]
        text = json.dumps({"machine": machine(), "sides": figures}, indent=1)
        arguments.json.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
