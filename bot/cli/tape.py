"""`voicebot tape`: is a tape what was written? And the keys of its recording."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.call.keyring import Keyring, SealError, load_keyring, write_new_key
from bot.call.recording import SEALED_SUFFIX, open_recording, recording_beside
from bot.call.sealed_file import key_name_of
from bot.call.tape import TapeError, TapeState, Verification, verify_tape
from bot.cli.call import SettingsFile
from bot.cli.errors import fail, friendly
from bot.progress import step
from bot.settings import load_settings

app = typer.Typer(no_args_is_help=True, help="Check the tapes of calls, and open their recordings.")
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


@app.command()
def decrypt(
    tapes: Annotated[list[Path], typer.Argument(help="Tapes (.jsonl), or folders of them.")],
    to: Annotated[Path, typer.Option(help="Folder for the WAV files, which anybody can play who can read them.")],
    settings: SettingsFile = None,
) -> None:
    """Write the sealed recordings of tapes as WAV files, with the keys of the settings file."""
    with friendly():
        keys = load_keyring(load_settings(settings).recordings)
        sealed = [path for path in map(recording_beside, tape_files(tapes)) if path and _is_sealed(path)]
        if not sealed:
            fail("none of these tapes has a sealed recording beside it; a .wav can be played as it is")
        to.mkdir(parents=True, exist_ok=True)
        with step("opening recordings", total=len(sealed)) as bar:
            for number, path in enumerate(sealed, start=1):
                _decrypt(path, to / path.name.replace(SEALED_SUFFIX, ".wav"), keys)
                bar.reach(number)
    console.print(f"{len(sealed)} recordings opened into {to}", highlight=False, soft_wrap=True)


@app.command("new-key")
def new_key(file: Annotated[Path, typer.Argument(help="A file that does not exist yet.")]) -> None:
    """Make a key for recordings. Whoever has it can hear them; without it nobody can."""
    with friendly():
        write_new_key(file)
    console.print(
        f"{file}\n\nKeep a copy in a safe place, then name it in voicebot.toml:\n\n[recordings]\nkey = "
        f'"{file.stem}"\n\n[recordings.keys]\n"{file.stem}" = "{file.absolute()}"',
        highlight=False,
        soft_wrap=True,
        markup=False,
    )


def _is_sealed(path: Path) -> bool:
    return path.name.endswith(SEALED_SUFFIX)


def _decrypt(path: Path, to: Path, keys: Keyring) -> None:
    """For the user's own eyes; never over a file that is there. Raises `OSError` and `SealError`."""
    with open_recording(path, keys) as sound:
        descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(sound.read())


def _sealed_with(tape: Path) -> str:
    recording = recording_beside(tape)
    with contextlib.suppress(OSError, SealError):
        return f"sealed with {key_name_of(recording)}" if recording and _is_sealed(recording) else ""
    return ""


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
    table.add_row(escape(str(path)), state, str(result.lines), result.last_hash, _detail(result, path))
    return intact


def _detail(result: Verification, tape: Path) -> str:
    match result.state:
        case TapeState.INTACT:
            return _sealed_with(tape)
        case TapeState.ALTERED:
            return f"line {result.line} is not what was written"
        case TapeState.LINES_MISSING:
            return f"lines are missing before line {result.line}" if result.line else "fewer lines than were written"
        case TapeState.NOT_CLOSED:
            return "its end is missing: cut off, or the process died during the call"
        case TapeState.RECORDING_MISSING:
            return "the recording beside it is gone"
        case TapeState.RECORDING_ALTERED:
            return "the recording beside it is not the one of this call"
