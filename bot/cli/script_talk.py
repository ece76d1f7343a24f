"""`voicebot script talk`: a call in sound, with recordings as the customer's side."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.call.order import CallOrder, CallResult
from bot.call.platform import platform
from bot.cli.call_end import show_end
from bot.cli.errors import fail, friendly
from bot.preparation import language_of, prepare, script_named
from bot.rehearsal.line import Line
from bot.rehearsal.playing import DAY, REACTION_MS
from bot.rehearsal.rehearse import Customer, rehearse
from bot.settings import Settings, load_settings
from bot.talk import Talk
from speech import wav
from speech.audio import TELEPHONE, Samples
from speech.resampling import resample
from speech.wav import WavError

console = Console()

NUMBER = "talk"
"""What stands on the tape as the number that was called."""


def talk(
    script: Annotated[str, typer.Argument(help="The script's name.")],
    file: Annotated[list[Path], typer.Option(metavar="WAV", help="What the customer says at one turn; repeat it.")],
    language: Annotated[str | None, typer.Option("--lang", "--language", help="By default the script's first.")] = None,
) -> None:
    """Hold a call in sound, in virtual time: one recording a turn, then silence. Prints what was said and heard."""
    with friendly():
        settings = load_settings()
        loaded = script_named(settings, script)
        spoken = language_of(loaded, language)
        turns = _recordings(file)
        order = CallOrder(NUMBER, script, spoken, loaded.example_contact(spoken), DAY)
        prepare(settings, [script], Console(stderr=True))
        result = asyncio.run(_hold(settings, order, file, turns))
    show_end(console, loaded, result)


def _recordings(files: Sequence[Path]) -> dict[str, Samples]:
    """By the file's name, at the rate of a telephone."""
    try:
        return {str(path): resample(wav.read(path), TELEPHONE.rate).samples() for path in files}
    except WavError as error:
        fail(str(error))


async def _hold(
    settings: Settings, order: CallOrder, files: Sequence[Path], turns: Mapping[str, Samples]
) -> CallResult:
    folders = settings.folders.model_copy(update={"tapes": settings.folders.tapes / "talks"})
    settings = settings.model_copy(update={"folders": folders})
    async with platform(settings, [order.script], with_switch=False) as service:
        service.equipment.require_language(order.language)
        return await rehearse(
            service,
            order,
            _speaking(files),
            in_sound=True,
            speak=turns.__getitem__,
            observe=Talk(console, timed=True).observe,
        )


def _speaking(files: Sequence[Path]) -> Customer:
    """One recording whenever it is the customer's turn."""

    async def take_part(line: Line) -> None:
        heard = 0
        for path in files:
            await line.quiet(REACTION_MS, since=heard)
            await line.until(lambda: not line.in_queue)
            heard = len(line.said)
            await line.say(str(path))

    return take_part
