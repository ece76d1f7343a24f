"""`voicebot script say`: hear every sentence of a script."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.call.equipment import voice_for
from bot.cli.errors import fail, friendly
from bot.preparation import language_of, script_named
from bot.progress import step
from bot.settings import Settings, load_settings
from bot.spoken_length import MOST_SECONDS
from dialogue.lint.reading import flow_of
from dialogue.prompts import Prompt, PromptCatalogue
from dialogue.read_aloud import read_aloud
from dialogue.script import Script
from dialogue.worker.project import SHARED
from speech.engines import load_synthesiser
from speech.tts.prompt_cache import PromptCache

console = Console()


@dataclass(frozen=True, slots=True)
class Spoken:
    prompt: Prompt
    path: Path
    seconds: float


def say(
    script: Annotated[str, typer.Argument(help="The script's name.")],
    language: Annotated[str | None, typer.Option(help="By default the script's first.")] = None,
    values: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="SLOT=VALUE", help="A value in place of the example; may be repeated."),
    ] = None,
    folder: Annotated[Path | None, typer.Option(help="For the WAV files; by default SCRIPT.LANGUAGE here.")] = None,
) -> None:
    """Speak every sentence of a script with sample values, in the order in which a call comes to them."""
    with friendly():
        settings = load_settings()
        loaded = script_named(settings, script)
        spoken = language_of(loaded, language)
        scripts = settings.folders.scripts
        catalogue = PromptCatalogue.load(scripts / script, scripts / SHARED)
        prompts = read_aloud(flow_of(scripts, script), catalogue, loaded, spoken, _given(values or []))
        said = _speak(settings, loaded, spoken, prompts, folder or Path(f"{script}.{spoken}"))
    _show(said)


def _given(values: Sequence[str]) -> dict[str, str]:
    for value in values:
        if "=" not in value:
            fail(f"--set {value}: write it as SLOT=VALUE, as in --set amount='99.00 USD'")
    return dict(value.split("=", 1) for value in values)


def _speak(settings: Settings, script: Script, language: str, prompts: Sequence[Prompt], folder: Path) -> list[Spoken]:
    """What an earlier run left in the folder under numbers goes, so that all there is to hear is the script of now."""
    speech = settings.speech
    synthesiser = load_synthesiser(speech.synthesiser, speech.synthesiser_options)
    voice = voice_for(synthesiser, language, script)
    cache = PromptCache(settings.folders.prompts, synthesiser)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("[0-9][0-9][0-9]_utter_*.wav"):
        old.unlink()
    said = []
    with step(f"speaking with {synthesiser.name}, voice {voice.name}", total=len(prompts)) as bar:
        for number, prompt in enumerate(prompts, 1):
            rendered = cache.render(prompt.text, voice)
            path = folder / f"{number:03}_{prompt.name}_{prompt.variation + 1}.wav"
            shutil.copyfile(rendered, path)
            said.append(Spoken(prompt, path, cache.duration_ms(rendered) / 1000))
            bar.reach(number)
    return said


def _show(said: Sequence[Spoken]) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("", "prompt", "variation", "seconds"):
        table.add_column(heading, justify="left" if heading == "prompt" else "right", no_wrap=True, overflow="fold")
    table.add_column("as spoken", overflow="fold")
    for number, one in enumerate(said, 1):
        long = one.seconds > MOST_SECONDS
        seconds = f"[red]{one.seconds:.1f} too long[/]" if long else f"{one.seconds:.1f}"
        name = escape(one.prompt.name)
        table.add_row(f"{number:03}", name, str(one.prompt.variation + 1), seconds, escape(one.prompt.text))
    console.print(table)
    too_long = sum(one.seconds > MOST_SECONDS for one in said)
    total = sum(one.seconds for one in said)
    console.print(
        f"\n{len(said)} files in {said[0].path.parent}, {total / 60:.1f} minutes; "
        f"{too_long or 'none'} longer than {MOST_SECONDS:.0f} s",
        highlight=False,
        soft_wrap=True,
    )
