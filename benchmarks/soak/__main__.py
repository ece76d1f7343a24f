"""`python -m benchmarks.soak [--minutes 30] [--calls 40] [--seed 1] [--json FILE]`; exits with 1 if it did not pass."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from rich.console import Console

from benchmarks.soak.houses import SCRIPTS
from benchmarks.soak.report import tables, write
from benchmarks.soak.running import soak
from bot.logs import quieten_logs
from bot.machine import machine
from bot.preparation import prepare
from bot.progress import step
from bot.settings import load_settings


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description="Many calls while things break.")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--calls", type=int, default=40, help="at a time")
    parser.add_argument("--seed", type=int, default=1, help="of what happens, and when")
    parser.add_argument("--json", type=Path, help="write everything found, and the memory of each second, here")
    arguments = parser.parse_args()
    quieten_logs()
    console = Console()
    settings = load_settings()
    prepare(settings, SCRIPTS, Console(stderr=True))
    seconds = arguments.minutes * 60
    with step("soak", seconds) as progress:
        soaked = asyncio.run(soak(settings, arguments.minutes, arguments.calls, arguments.seed, progress))
    console.print(machine(), style="dim", highlight=False)
    for table in tables(soaked):
        console.print(table)
    if arguments.json is not None:
        write(soaked, arguments.json)
    return 0 if soaked.passed else 1


if __name__ == "__main__":
    sys.exit(main())
