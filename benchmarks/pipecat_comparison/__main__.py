"""`python -m benchmarks.pipecat_comparison [--calls 10] [--seconds 40] [--json FILE]`."""

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
from bot.machine import machine

HERE = Path(__file__).parent


def compare(calls: int, seconds: float) -> list[Used]:
    """Ours first."""
    theirs = str(python())
    messages = frames(seconds)
    server = str(HERE / "pipecat_server.py")
    sides = {
        "voicebot": [sys.executable, "-m", "benchmarks.pipecat_comparison.our_server", str(calls)],
        "pipecat": [theirs, server, str(calls), "default"],
        "pipecat, lean": [theirs, server, str(calls), "lean"],
    }
    return [measure(name, command, calls, messages) for name, command in sides.items()]


def table(sides: Sequence[Used]) -> Table:
    found = Table(box=None, pad_edge=False)
    for title in ("", "% of a core per call", "of ours", "turns ended", "what listens"):
        found.add_column(title, justify="left" if title in {"", "what listens"} else "right")
    for one in sides:
        ratio = one.percent_per_call / sides[0].percent_per_call
        found.add_row(one.name, f"{one.percent_per_call:.3f}", f"{ratio:.1f} x", str(one.turns), one.what)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pipecat_comparison")
    parser.add_argument("--calls", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    console = Console()
    try:
        sides = compare(arguments.calls, arguments.seconds)
    except (NotInstalled, ServerEnded) as error:
        console.print(f"[red]{error}[/]")
        return 1
    console.print(f"{machine()}; {arguments.calls} calls, {arguments.seconds:g} s", style="dim", highlight=False)
    console.print(table(sides))
    if arguments.json is not None:
        figures = [{**asdict(one), "percent_per_call": round(one.percent_per_call, 4)} for one in sides]
        text = json.dumps({"machine": machine(), "sides": figures}, indent=1)
        arguments.json.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
