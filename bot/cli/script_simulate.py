"""`voicebot script simulate`: try a script on hundreds of customers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bot.call.platform import platform
from bot.call.transcript import Who, transcript
from bot.cli.coverage import show_coverage
from bot.cli.errors import friendly
from bot.crowd.breaches import telling_prompts
from bot.crowd.findings import as_json, show_findings
from bot.crowd.person import load_people
from bot.crowd.trial import Held, Trial, hold, trials
from bot.crowd.words import Words
from bot.preparation import language_of, prepare, script_named
from bot.progress import step
from bot.rehearsal.coverage import Reached, coverage_of
from bot.rehearsal.together import together
from bot.settings import Settings, load_settings
from dialogue.worker.project import load

console = Console()

WORKERS = 2
FEW = 20
"""For so few conversations a second dialogue worker costs more than it saves."""

ALL = "all"


def simulate(
    script: Annotated[str, typer.Argument(help="The script's name.")],
    customers: Annotated[str, typer.Option(help="Which kinds, as angry,child; they are in bot/crowd/people.")] = ALL,
    conversations: Annotated[int, typer.Option(min=1, max=100_000, help="How many.")] = 500,
    seed: Annotated[int, typer.Option(help="The same seed gives the same conversations.")] = 1,
    noise: Annotated[float, typer.Option(min=0, max=1, help="The share of words that are heard wrong.")] = 0.1,
    language: Annotated[str | None, typer.Option("--lang", "--language", help="By default all of the script.")] = None,
    only: Annotated[int | None, typer.Option(min=1, help="Hold this conversation alone, and show it.")] = None,
    coverage: Annotated[bool, typer.Option("--coverage", help="List every part that no call came to.")] = False,
    tapes: Annotated[
        Path | None, typer.Option(help="Keep the tapes in this folder, for `script learn` and `script draw --tapes`.")
    ] = None,
    json_path: Annotated[Path | None, typer.Option("--json", help="Also write all of it to this file.")] = None,
) -> None:
    """Hold conversations with simulated customers, in text and virtual time. Ends with 1 if a policy was breached."""
    with friendly():
        settings = load_settings()
        loaded = script_named(settings, script)
        languages = loaded.languages if language is None else [language_of(loaded, language)]
        people = load_people([] if customers == ALL else [name.strip() for name in customers.split(",")])
        every = trials(script, seed, max(conversations, only or 0), people, languages)
        wanted = every if only is None else [every[only - 1]]
        prepare(settings, [script], Console(stderr=True))
        words = {one: Words.load(settings.folders.training_data, one, noise) for one in languages}
        held = asyncio.run(_hold_all(settings, wanted, words, tapes))
        reached = Reached()
        for one in held:
            reached.add(one.reached)
        covered = coverage_of(load(settings.folders.scripts, script), reached)
        if json_path is not None:
            written = json.dumps(as_json(held, covered, seed, noise), ensure_ascii=False, indent=1)
            json_path.write_text(written + "\n", encoding="utf-8")
    if only is not None:
        _show(held[0])
    else:
        again = f"voicebot script simulate {script} --customers {customers} --seed {seed} --noise {noise}"
        show_findings(held, console, again + (f" --lang {language}" if language else ""))
        show_coverage([covered], console, listed=coverage)
    if any(one.breaches for one in held):
        raise typer.Exit(1)


async def _hold_all(
    settings: Settings, wanted: Sequence[Trial], words: dict[str, Words], tapes: Path | None
) -> list[Held]:
    """Without a folder for them the tapes are not kept: each conversation can be held again."""
    with TemporaryDirectory(prefix="voicebot-simulate-") if tapes is None else nullcontext(tapes) as kept:
        folders = settings.folders.model_copy(update={"tapes": Path(kept)})
        workers = max(settings.dialogue.workers, WORKERS if len(wanted) > FEW else 1)
        dialogue = settings.dialogue.model_copy(update={"workers": workers})
        settings = settings.model_copy(update={"folders": folders, "dialogue": dialogue})
        script = wanted[0].script
        async with platform(settings, [script], with_switch=False) as service:
            prepared = service.equipment.prepare(service.scripts.sources(script)[0])
            telling = telling_prompts(prepared.script, prepared.catalogue)
            with step("holding conversations", total=len(wanted)) as bar:
                return await together(
                    lambda trial: hold(service, trial, words[trial.language], telling), wanted, bar.reach
                )


def _show(held: Held) -> None:
    trial = held.trial
    head = f"conversation {trial.number} of seed {trial.seed}: {trial.person.name}, {trial.language}"
    console.print(f"[bold]{head}[/]  [dim]{escape(trial.person.about)}[/]\n", highlight=False, soft_wrap=True)
    breaches = list(held.breaches)
    for turn in transcript(held.rows):
        while breaches and breaches[0].t < turn.start_ms:
            _show_breach(breaches.pop(0).detail)
        style = "cyan" if turn.who is Who.BOT else "green"
        note = turn.prompt if turn.who is Who.BOT else turn.intent
        cut = " [interrupted]" if turn.interrupted else ""
        told = f"{turn.start_ms / 1000:6.1f} s  [{style}]{turn.who.value:8}[/]  {escape(turn.text + cut)}"
        console.print(f"{told}  [dim]{note or ''}[/]", highlight=False, soft_wrap=True)
    for breach in breaches:
        _show_breach(breach.detail)
    meant = ", ".join(one.act.meant for one in held.did)
    console.print(f"\n[dim]the customer meant: {meant}[/]", highlight=False, soft_wrap=True)
    console.print(f"outcome  [bold]{held.outcome.value}[/]", highlight=False)


def _show_breach(detail: str) -> None:
    console.print(f"{'':8}  [red]breach    {escape(detail)}[/]", highlight=False, soft_wrap=True)
