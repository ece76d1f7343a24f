"""`voicebot tape`: is a tape what was written?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.call.tape import TapeError, TapeState, Verification, verify_tape
from bot.cli.errors import friendly
from bot.progress import step

app = typer.Typer(no_args_is_help=True, help="Check the tapes of calls.")
console = Console()


@app.callback()
def tools() -> None:
    """Tools for the tapes of calls."""


@app.command()
def verify(tapes: Annotated[list[Path], typer.Argument(help="Tapes (.jsonl), or folders of them.")]) -> None:
    """Follow the hash chain of each tape, and compare the recording beside it with the one it was closed with."""
    table = Table("tape", "state", "lines", "last hash", "", box=None, pad_edge=False)
    table.columns[0].overflow = table.columns[4].overflow = "fold"
    intact = True
    with friendly():
        found = tape_files(tapes)
        with step("verifying tapes", total=len(found)) as bar:
            for number, path in enumerate(found, start=1):
                intact &= _add(table, path)
                bar.reach(number)
    console.print(table)
    raise typer.Exit(0 if intact else 1)


def tape_files(given: Sequence[Path]) -> list[Path]:
    """The files themselves, and every tape below the folders. Raises `TapeError` where a folder has none."""
    found: list[Path] = []
    for path in given:
        inside = sorted(path.rglob("*.jsonl")) if path.is_dir() else [path]
        if not inside:
            raise TapeError(f"{path}: there is no tape (*.jsonl) in this folder")
        found += inside
    return found


def _add(table: Table, path: Path) -> bool:
    """One line of the table; whether the tape is intact."""
    try:
        result = verify_tape(path)
    except TapeError as error:
        table.add_row(escape(str(path)), "[red]no tape[/]", "", "", escape(str(error).removeprefix(f"{path}: ")))
        return False
    intact = result.state is TapeState.INTACT
    colour = "green" if intact else "red"
    state = f"[{colour}]{result.state.value.replace('_', ' ')}[/]"
    table.add_row(escape(str(path)), state, str(result.lines), result.last_hash, _detail(result))
    return intact


def _detail(result: Verification) -> str:
    match result.state:
        case TapeState.INTACT:
            return ""
        case TapeState.ALTERED:
            return f"line {result.line} is not what was written"
        case TapeState.LINES_MISSING:
            return f"lines are missing before line {result.line}" if result.line else "fewer lines than were written"
        case TapeState.NOT_CLOSED:
            return "its end is missing: cut off, or the process died during the call"
        case TapeState.RECORDING_MISSING:
            return "the recording beside it (.wav) is gone"
        case TapeState.RECORDING_ALTERED:
            return "the recording beside it (.wav) is not the one of this call"
