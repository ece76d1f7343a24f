"""`voicebot replay`: what would the bot decide today in a call that was recorded?"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bot.call.keyring import load_keyring
from bot.cli.call import SettingsFile
from bot.cli.errors import EXPECTED
from bot.preparation import prepare
from bot.replay.choices import Choice, choose
from bot.replay.house import replay_house
from bot.replay.recorded import CannotReplay, RecordedCall, read_call
from bot.replay.replaying import replay as hold_again
from bot.replay.report import Report, report_of, table_of
from bot.settings import Settings, load_settings

console = Console()

UNCHANGED, CHANGED, IMPOSSIBLE = 0, 1, 2


def replay(
    tape: Annotated[Path, typer.Argument(help="A call's tape (.jsonl), its recording beside it.")],
    script: Annotated[
        str | None,
        typer.Option(help="NAME@VERSION, or NAME for the script as it is now; by default the version of the tape."),
    ] = None,
    nlu: Annotated[str | None, typer.Option(help="Version of the model of meaning; by default the tape's.")] = None,
    asr: Annotated[str | None, typer.Option(help="Recogniser, by its name; by default the tape's.")] = None,
    json_path: Annotated[Path | None, typer.Option("--json", help="Write the comparison as data, too.")] = None,
    settings: SettingsFile = None,
) -> None:
    """Hold a recorded call again in virtual time and show which decisions changed.

    Exit code 0 when none did, 1 when some did, 2 when the call cannot be replayed.
    """
    try:
        loaded = load_settings(settings)
        call = read_call(tape, load_keyring(loaded.recordings))
        choice = choose(loaded, call, script, nlu, asr)
        if choice.source.rules is None:
            prepare(loaded, [choice.source.name], Console(stderr=True))
        report = asyncio.run(_replayed(loaded, call, choice))
        if json_path is not None:
            json_path.write_text(json.dumps(report.as_json(), ensure_ascii=False, indent=2), encoding="utf-8")
    except (CannotReplay, OSError, *EXPECTED) as error:
        Console(stderr=True).print(f"[red]error[/] {escape(str(error))}", highlight=False, soft_wrap=True)
        raise typer.Exit(IMPOSSIBLE) from None
    _show(report)
    raise typer.Exit(CHANGED if report.comparison.changed else UNCHANGED)


async def _replayed(settings: Settings, call: RecordedCall, choice: Choice) -> Report:
    async with replay_house(settings, [choice.source], choice.understander, choice.recogniser) as service:
        return report_of(call, await hold_again(service, call, choice.source.name))


def _show(report: Report) -> None:
    header = report.call.header
    console.print(f"{header['script']}, {header['language']}, recorded {header['at']}", style="dim", highlight=False)
    for note in report.notes:
        console.print(escape(note), style="yellow", highlight=False, soft_wrap=True)
    if report.comparison.changed:
        console.print(table_of(report.comparison))
    console.print(report.summary, highlight=False)
