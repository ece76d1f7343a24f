"""`voicebot script`: tools for the people who write scripts."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.call.platform import platform
from bot.cli import (
    script_chat,
    script_check,
    script_diff,
    script_draw,
    script_learn,
    script_list,
    script_new,
    script_publish,
    script_release,
    script_say,
    script_simulate,
    script_talk,
)
from bot.cli.coverage import show_coverage, write_results
from bot.cli.errors import fail, friendly
from bot.preparation import prepare
from bot.progress import step
from bot.rehearsal.coverage import Reached, coverage_of
from bot.rehearsal.junit import write_junit
from bot.rehearsal.playing import Played, Verdict, cases, play
from bot.rehearsal.scenario import Mode, ScenarioFile, load_scenarios, require_fit
from bot.rehearsal.together import AT_ONCE, together
from bot.settings import SCENARIOS, Settings, load_settings
from dialogue.worker.project import load

app = typer.Typer(
    no_args_is_help=True,
    help="Write scripts: begin one, see and hear it, check it, try it on customers, release it and take it back.",
)
console = Console()

for command in (
    script_new.new,
    script_check.check,
    script_chat.chat,
    script_talk.talk,
    script_draw.draw,
    script_say.say,
    script_diff.diff,
    script_simulate.simulate,
    script_publish.publish,
    script_publish.review,
    script_publish.approve,
    script_publish.reject,
    script_release.release,
    script_release.rollback,
    script_release.guard,
    script_learn.learn,
):
    app.command()(command)
app.command("list")(script_list.list_versions)


@app.callback()
def tools() -> None:
    """Tools for script designers."""


@app.command("test")
def try_on_customers(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Scenario files, or folders of them; by default tests/scenarios.")
    ] = None,
    script: Annotated[str | None, typer.Option(help="Only scenarios of this script.")] = None,
    language: Annotated[str | None, typer.Option(help="Only this language.")] = None,
    sound: Annotated[bool, typer.Option("--sound", help="With real sound instead of words; seconds a call.")] = False,
    junit: Annotated[Path | None, typer.Option(help="Also write the results to this file, as JUnit XML.")] = None,
    coverage: Annotated[bool, typer.Option("--coverage", help="List every part that no call came to.")] = False,
    json: Annotated[Path | None, typer.Option(help="Also write results and coverage to this file.")] = None,
) -> None:
    """Play scenarios in virtual time: which of them do not go as they should, and what of the scripts they try."""
    with friendly():
        settings = load_settings()
        files = _chosen(load_scenarios(paths or [SCENARIOS]), script, language)
        require_fit(files, settings.folders.scripts)
        prepare(settings, sorted({file.scenario.script for file in files}), console)
        played = asyncio.run(_play(settings, files, Mode.SOUND if sound else Mode.TEXT, language))
        reached: dict[str, Reached] = defaultdict(Reached)
        for one in played:
            reached[one.case.file.scenario.script].add(one.reached)
        covered = [coverage_of(load(settings.folders.scripts, name), reached[name]) for name in sorted(reached)]
        if junit is not None:
            write_junit(junit, played)
        if json is not None:
            write_results(json, played, covered)
    _show(played)
    show_coverage(covered, console, listed=coverage)
    if not all(one.verdict.good for one in played):
        raise typer.Exit(1)


def _chosen(files: Sequence[ScenarioFile], script: str | None, language: str | None) -> list[ScenarioFile]:
    scripts = sorted({file.scenario.script for file in files})
    if script is not None and script not in scripts:
        fail(f"--script {script}: no scenario is for it; there are some for {', '.join(scripts)}")
    chosen = [file for file in files if script in {None, file.scenario.script}]
    languages = sorted({spoken for file in chosen for spoken in file.scenario.languages})
    if language is not None and language not in languages:
        fail(f"--language {language}: no scenario speaks it; there are some in {', '.join(languages)}")
    return chosen


async def _play(settings: Settings, files: Sequence[ScenarioFile], mode: Mode, language: str | None) -> list[Played]:
    """The tapes are kept apart from those of calls to customers. In sound, engines keep a core busy for one call."""
    folders = settings.folders.model_copy(update={"tapes": settings.folders.tapes / "scenarios"})
    settings = settings.model_copy(update={"folders": folders})
    async with platform(settings, sorted({file.scenario.script for file in files}), with_switch=False) as service:
        recogniser = service.equipment.recogniser
        chosen = cases(files, {mode}, recogniser.languages, language)
        if not chosen:
            heard = ", ".join(recogniser.languages)
            fail(f"nothing to play in {mode}; in sound, the recogniser {recogniser.name} hears {heard}")
        with step(f"playing in {mode}", total=len(chosen), console=console) as bar:
            at_once = 1 if mode is Mode.SOUND else AT_ONCE
            return await together(partial(play, service), chosen, bar.reach, at_once)


STYLES = {
    Verdict.PASSED: "green",
    Verdict.FAILED: "bold red",
    Verdict.KNOWN_PROBLEM: "yellow",
    Verdict.SOLVED: "bold red",
}


def _show(played: Sequence[Played]) -> None:
    table = Table("scenario", "language", "result", "outcome", box=None, pad_edge=False)
    for one in played:
        result = f"[{STYLES[one.verdict]}]{one.verdict}[/]"
        table.add_row(escape(one.case.file.path.stem), one.case.language, result, one.outcome.value)
    console.print(table)
    for one in played:
        if not one.verdict.good:
            console.print(f"\n[bold]{escape(one.case.file.scenario.name)}[/], {one.case.language}")
            console.print(escape(one.report()), highlight=False, soft_wrap=True)
    passed = sum(one.verdict is Verdict.PASSED for one in played)
    known = sum(one.verdict is Verdict.KNOWN_PROBLEM for one in played)
    console.print(f"\n{passed} of {len(played)} passed" + (f", {known} with a known problem" if known else ""))
