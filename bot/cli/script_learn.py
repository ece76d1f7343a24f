"""`voicebot script learn`: what recorded calls teach about a script."""

from __future__ import annotations

import json as jsons
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.call.keyring import load_keyring
from bot.cli.errors import friendly
from bot.cli.script_learn_tables import show
from bot.insight.calls import Wanted, read_calls
from bot.insight.clips import Clips, cut_clips
from bot.insight.page import write_page
from bot.insight.report import Report, as_json, report
from bot.progress import step
from bot.settings import load_settings
from bot.vocabulary import Outcome

console = Console()


def learn(
    script: Annotated[str, typer.Argument(help="The script's name, as on the tapes.")],
    version: Annotated[str | None, typer.Option(help="Or its beginning; by default that of the latest call.")] = None,
    against: Annotated[str | None, typer.Option(help="Another version, to compare it with.")] = None,
    tapes: Annotated[Path | None, typer.Option(help="The folder of tapes; by default where calls leave them.")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only calls of this day and later (UTC).")
    ] = None,
    language: Annotated[str | None, typer.Option(help="Only calls in this language.")] = None,
    goal: Annotated[
        list[Outcome] | None,
        typer.Option(help="An outcome that the script is for; may be repeated.", metavar="OUTCOME"),
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Also write a page to this file; it opens offline.")] = None,
    json: Annotated[Path | None, typer.Option(help="Also write the figures to this file.")] = None,
    clips: Annotated[
        Path | None, typer.Option(help="Cut the worst turns from the recordings, as WAV files in this folder.")
    ] = None,
) -> None:
    """Show what recorded calls teach about a script: how each question goes, where customers leave, what they ask."""
    with friendly():
        settings = load_settings()
        folder = tapes or settings.folders.tapes
        keys = load_keyring(settings.recordings)
        wanted = Wanted(script, since.date() if since is not None else None, language)
        with step("reading tapes") as bar:
            reading = read_calls(folder, wanted, bar.reach)
        found = report(script, reading, version, against, goal or ())
        cut = cut_clips(found.worst, clips, keys) if clips is not None else Clips()
        files = list(cut.files)
        for message in cut.left_out:
            Console(stderr=True).print(f"left out: {message}", highlight=False, soft_wrap=True, markup=False)
        show(found, files, console)
        _write(found, files, html, json)
    if clips is not None:
        written = sum(one is not None for one in files)
        console.print(f"{written} of {len(files)} turns cut into {clips}", highlight=False, soft_wrap=True)


def _write(found: Report, clips: list[Path | None], html: Path | None, json: Path | None) -> None:
    if json is not None:
        json.write_text(jsons.dumps(as_json(found), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if html is not None:
        write_page(found, clips, html)
    for path in (html, json):
        if path is not None:
            console.print(f"{path} written", highlight=False, soft_wrap=True)
