"""`voicebot script draw`: the conversation as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.cli.errors import friendly
from bot.preparation import language_of, script_named
from bot.settings import load_settings
from dialogue.lint.reading import flow_of
from dialogue.picture.answerers import treatments
from dialogue.picture.chart import Words
from dialogue.picture.charting import chart_of
from dialogue.picture.drawing import svg
from dialogue.prompts import PromptCatalogue
from dialogue.script import Script
from dialogue.worker.project import SHARED

console = Console()


def draw(
    script: Annotated[str, typer.Argument(help="The script's name.")],
    language: Annotated[str | None, typer.Option(help="Of the sentences; by default the script's first.")] = None,
    out: Annotated[Path | None, typer.Option(help="The file to write; by default SCRIPT.LANGUAGE.svg here.")] = None,
) -> None:
    """Draw a script's conversation: questions, answers, checks, and how calls end (SVG, for any browser)."""
    with friendly():
        settings = load_settings()
        loaded = script_named(settings, script)
        spoken = language_of(loaded, language)
        path = out or Path(f"{script}.{spoken}.svg")
        drawn = picture(settings.folders.scripts, loaded, spoken)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(drawn, encoding="utf-8")
    console.print(f"{path} written", highlight=False, soft_wrap=True)


def picture(scripts: Path, script: Script, language: str) -> str:
    """Raises `ScriptError` for a script that names what there is not: its ways cannot be followed."""
    flow = flow_of(scripts, script.name)
    catalogue = PromptCatalogue.load(scripts / script.name, scripts / SHARED)
    words = Words.of(catalogue, script, language)
    chart = chart_of(flow, words)
    chart.listed += treatments(script, words)
    note = f"{script.name}, version {flow.project.version}, {language}: {script.title}"
    return svg(chart, script.name.replace("_", " "), note)
