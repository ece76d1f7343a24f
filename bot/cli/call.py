"""`voicebot call` and `voicebot transcript`."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.call.order import CallOrder, CallResult
from bot.call.platform import platform
from bot.call.recording import SEALED_SUFFIX, SUFFIX
from bot.call.tape import read_tape
from bot.call.transcript import Who
from bot.call.transcript import transcript as turns_of
from bot.cli.errors import fail, friendly
from bot.preparation import check_order, prepare_versions, script_named, with_scripts_of
from bot.settings import Settings, load_settings
from bot.studio.in_service import Releases
from bot.talk import Talk
from bot.vocabulary import Answerer
from dialogue.script import ContactError
from telephony_bridge.line_status import LineStatus

console = Console()

SettingsFile = Annotated[Path | None, typer.Option("--settings", help="Settings file; by default voicebot.toml here.")]


def call(
    number: Annotated[str, typer.Argument(help="The number to ring, as the switch's trunk wants it.")],
    script: Annotated[str, typer.Option(help="Which script to follow.")],
    var: Annotated[list[str], typer.Option(help="A contact field the script needs, name=value; repeat it.")] = [],  # noqa: B006
    language: Annotated[str, typer.Option(help="Language of the call.")] = "en",
    settings: SettingsFile = None,
) -> None:
    """Ring a number on the configured switch and hold one conversation."""
    with friendly():
        loaded = load_settings(settings)
        order = CallOrder(number, script, language, _contact(var), date.today())
        releases = Releases(loaded.folders)
        for source in releases.sources(script):
            _check(with_scripts_of(loaded, source), order)
        prepare_versions(loaded, releases, [script], console)
        result = asyncio.run(_place(loaded, order, releases))
    console.print(f"\noutcome    [bold]{result.outcome.value}[/]", highlight=False)
    if result.line_status is not LineStatus.ANSWERED:
        console.print(f"line       {result.line_status.value} ({result.fault.value})", highlight=False)
    console.print(f"tape       {result.tape}", highlight=False, soft_wrap=True)
    if result.recording is not None:
        console.print(f"recording  {result.recording}", highlight=False, soft_wrap=True)


def _check(settings: Settings, order: CallOrder) -> None:
    try:
        check_order(settings, order.script, order.language, order.contact)
    except ContactError as error:
        problems = [f"{order.script} cannot call this contact:", *_indented(error.problems)]
        fail("\n".join([*problems, *_example(settings, order)]))


async def _place(settings: Settings, order: CallOrder, releases: Releases) -> CallResult:
    async with platform(settings, [order.script], with_switch=True, versions=releases) as service:
        return await service.place(order, Talk(console, timed=True).observe)


def _contact(pairs: list[str]) -> dict[str, str]:
    contact: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            fail(f"--var {pair}: write it as name=value")
        contact[name] = value
    return contact


def _example(settings: Settings, order: CallOrder) -> list[str]:
    """The command as it could have been, on lines that can be pasted together."""
    script = script_named(settings, order.script)
    examples = script.example_contact(order.language)
    fields = [f"--var {name}={shlex.quote(examples[name])}" for name, field in script.contact.items() if field.required]
    command = f"voicebot call {shlex.quote(order.number)} --script {order.script} --language {order.language}"
    return ["for example:", *_indented(f"{part} \\" for part in [command, *fields][:-1]), *_indented(fields[-1:])]


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def transcript(tape: Annotated[Path, typer.Argument(help="A call's tape (.jsonl).")]) -> None:
    """Print who said what in a recorded call, how it was understood and how fast the answers came."""
    with friendly():
        for suffix in (SEALED_SUFFIX, SUFFIX):
            if tape.name.lower().endswith(suffix):
                fail(f"{tape} is a recording. The tape is the .jsonl beside it: {str(tape)[: -len(suffix)]}.jsonl")
        header, rows = read_tape(tape)
    table = Table("s", "who", "words", "meaning", "answered in", box=None, pad_edge=False)
    table.columns[2].overflow = "fold"  # Mandarin has no spaces to wrap at
    for turn in turns_of(rows):
        meaning = ", ".join(filter(None, (turn.intent, turn.sentiment)))
        words = turn.text if turn.understood else f"{turn.text} (not understood)"
        response = f"{turn.response_ms:.0f} ms" if turn.response_ms is not None else ""
        style = "cyan" if turn.who is Who.BOT else "green"
        cut = " [interrupted]" if turn.interrupted else ""
        table.add_row(
            f"{turn.start_ms / 1000:.1f}", f"[{style}]{turn.who.value}[/]", escape(words + cut), meaning, response
        )
    outcomes = [row["outcome"] for row in rows if row["kind"] == "end_call"]
    console.print(f"{header['script']} {header['script_version']}, {header['language']}, {header['at']}", style="dim")
    answerers = [row["detection"]["answerer"] for row in rows if row["kind"] == "record_answerer"]
    if answerers and answerers[-1] != Answerer.HUMAN:
        console.print(f"who answered: {answerers[-1]}", style="dim", highlight=False)
    console.print(table)
    console.print(f"outcome  {outcomes[-1] if outcomes else 'the tape ends before the call did'}", highlight=False)
