"""`voicebot script draw`: the conversation as a picture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.cli.errors import fail, friendly
from bot.insight.calls import Wanted, read_calls
from bot.insight.hang_ups import HangUps, hang_ups
from bot.preparation import language_of, script_named
from bot.progress import step
from bot.rehearsal.coverage import Kind
from bot.settings import load_settings
from dialogue.lint.reading import flow_of
from dialogue.picture.answerers import treatments
from dialogue.picture.chart import Words
from dialogue.picture.charting import chart_of
from dialogue.picture.drawing import svg
from dialogue.picture.drop_outs import colour
from dialogue.picture.stories import stories
from dialogue.picture.tried import Tried
from dialogue.prompts import PromptCatalogue
from dialogue.script import Script
from dialogue.worker.project import SHARED

console = Console()


def draw(
    script: Annotated[str, typer.Argument(help="The script's name.")],
    language: Annotated[str | None, typer.Option(help="Of the sentences; by default the script's first.")] = None,
    out: Annotated[Path | None, typer.Option(help="The file to write; by default SCRIPT.LANGUAGE.svg here.")] = None,
    tapes: Annotated[
        Path | None, typer.Option(help="A folder of recorded calls: colours each question by how many hang up there.")
    ] = None,
    version: Annotated[str | None, typer.Option(help="Of those calls; by default that of the latest.")] = None,
    coverage: Annotated[
        Path | None,
        typer.Option(help="What `script test --json` or `script simulate --json` wrote: mark what it tried."),
    ] = None,
) -> None:
    """Draw a script's conversation: questions, answers, checks, and how calls end (SVG, for any browser)."""
    with friendly():
        if tapes is not None and coverage is not None:
            fail("--tapes and --coverage both fill the boxes: draw one picture with each")
        settings = load_settings()
        loaded = script_named(settings, script)
        spoken = language_of(loaded, language)
        path = out or Path(f"{script}.{spoken}.svg")
        calls = _hang_ups(tapes, script, version) if tapes is not None else None
        tried = _tried(coverage, script) if coverage is not None else None
        drawn = picture(settings.folders.scripts, loaded, spoken, tried, calls)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(drawn, encoding="utf-8")
    console.print(f"{path} written", highlight=False, soft_wrap=True)


def _hang_ups(tapes: Path, script: str, version: str | None) -> HangUps:
    with step("reading tapes") as bar:
        reading = read_calls(tapes, Wanted(script), bar.reach)
    for message in reading.left_out:
        Console(stderr=True).print(f"left out: {message}", highlight=False, soft_wrap=True, markup=False)
    return hang_ups(reading, version)


def _tried(path: Path, script: str) -> Tried:
    """The script's part of a file of results."""
    try:
        covered = json.loads(path.read_text(encoding="utf-8"))["coverage"]
        found = {one["script"]: one for one in covered}
        one = found.get(script)
        if one is None:
            fail(f"{path} has no calls of {script}; it has some of {', '.join(sorted(found)) or 'none'}")
        times = {
            kind: {part["name"]: int(part["times"]) for part in one["parts"] if part["kind"] == kind} for kind in Kind
        }
        return Tried(int(one["calls"]), times[Kind.RULE], times[Kind.PROMPT], times[Kind.STORY])
    except (KeyError, TypeError, ValueError):
        fail(f"{path} is no file of results; write one with: voicebot script test --script {script} --json {path}")


def picture(
    scripts: Path, script: Script, language: str, tried: Tried | None = None, calls: HangUps | None = None
) -> str:
    """Raises `ScriptError` for a script that names what there is not: its ways cannot be followed."""
    flow = flow_of(scripts, script.name)
    catalogue = PromptCatalogue.load(scripts / script.name, scripts / SHARED)
    words = Words.of(catalogue, script, language)
    chart = chart_of(flow, words)
    chart.listed += [*stories(flow.project, words), *treatments(script, words)]
    note = f"{script.name}, version {flow.project.version}, {language}: {script.title}"
    if calls is not None:
        colour(chart, calls.questions)
        note += f". Coloured by {calls.calls} calls with version {calls.version}"
    return svg(chart, script.name.replace("_", " "), note, tried)
