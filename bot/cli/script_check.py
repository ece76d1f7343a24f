"""`voicebot script check`: every mistake in the scripts; with `--watch` again and again while they are written."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.cli.errors import friendly
from bot.cli.findings import Form, print_findings, write_findings
from bot.script_check import Checked, builder_for, chosen
from bot.script_check import check as check_scripts
from bot.script_watch import look, rounds
from bot.settings import Settings, load_settings

console = Console()

LOOK_EVERY_S = 0.3


def check(
    names: Annotated[list[str] | None, typer.Argument(help="Scripts to check; all of them by default.")] = None,
    form: Annotated[
        Form, typer.Option("--format", help="A table with reasons and remedies, or plain lines for an editor.")
    ] = Form.TABLE,
    json: Annotated[Path | None, typer.Option(help="Also write the findings to this file.")] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Stay, and check again what changes; Ctrl-C ends it.")] = False,
) -> None:
    """Read and train scripts, and name every mistake with its file and line. Ends with 1 if there is one."""
    began = time.monotonic()
    with friendly():
        settings = load_settings()
        if watch:
            watch_scripts(settings, names or [], form, json, partial(time.sleep, LOOK_EVERY_S))
            return
        checked = check_scripts(settings, names or [], Console(stderr=True))
        _show(settings, checked, form, json, began)
    if any(one.findings for one in checked):
        raise typer.Exit(1)


def watch_scripts(
    settings: Settings, names: Sequence[str], form: Form, json: Path | None, wait: Callable[[], None]
) -> None:
    """Check `names` (all scripts without names) whenever their files changed; `wait` passes between two looks.

    Ends where `wait` or a check is interrupted (`KeyboardInterrupt`). Raises what a check raises.
    """
    folder = settings.folders.scripts
    known: dict[str, Checked] = {}
    with suppress(KeyboardInterrupt), builder_for(settings, warm=True) as builder:
        for stale in rounds(lambda: look(folder), lambda: chosen(folder, names), wait):
            began = time.monotonic()
            checked = check_scripts(settings, stale, Console(stderr=True), builder)
            known |= {one.name: one for one in checked}
            console.clear()
            _show(settings, [known[name] for name in chosen(folder, names) if name in known], form, json, began)


def _show(settings: Settings, checked: Sequence[Checked], form: Form, json: Path | None, began: float) -> None:
    if json is not None:
        write_findings(json, checked)
    print_findings(checked, form, settings.folders.scripts, console)
    if form is Form.TABLE:
        console.print(f"[dim]took {time.monotonic() - began:.1f} s[/]", highlight=False)
