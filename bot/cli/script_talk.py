"""`voicebot script talk`: a call in sound, with a microphone or recordings as the customer's side."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.call.order import CallOrder, CallResult
from bot.call.platform import platform
from bot.cli.call_end import show_end
from bot.cli.errors import fail, friendly
from bot.microphone.line import ComputerLine, for_a_microphone
from bot.microphone.port import SoundDevice
from bot.microphone.portaudio import PortAudioDevice, load
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
    file: Annotated[
        list[Path], typer.Option(metavar="WAV", help="What the customer says at one turn; repeat it.")
    ] = [],  # noqa: B006
    microphone: Annotated[
        bool,
        typer.Option(
            "--microphone",
            help="Speak yourself, in real time. Wear headphones: a microphone hears the loudspeaker, too. "
            "Ctrl-C hangs up.",
        ),
    ] = False,
    language: Annotated[str | None, typer.Option("--lang", "--language", help="By default the script's first.")] = None,
) -> None:
    """Hold a call in sound, and print what was said and heard.

    You speak (--microphone), or recordings do (--file): one a turn, then silence, in virtual time.
    """
    if microphone == bool(file):
        fail("say who speaks: you (--microphone) or recordings (--file WAV), one of the two")
    with friendly():
        settings = load_settings()
        loaded = script_named(settings, script)
        spoken = language_of(loaded, language)
        turns = _recordings(file)
        device = PortAudioDevice(load()) if microphone else None
        order = CallOrder(NUMBER, script, spoken, loaded.example_contact(spoken), DAY)
        prepare(settings, [script], Console(stderr=True))
        settings = _for_talks(settings)
        if device is not None:
            settings = for_a_microphone(settings, loaded.queues)
            result = asyncio.run(_hold_live(settings, order, device))
        else:
            result = asyncio.run(_hold(settings, order, file, turns))
    show_end(console, loaded, result)


def _recordings(files: Sequence[Path]) -> dict[str, Samples]:
    """By the file's name, at the rate of a telephone."""
    try:
        return {str(path): resample(wav.read(path), TELEPHONE.rate).samples() for path in files}
    except WavError as error:
        fail(str(error))


def _for_talks(settings: Settings) -> Settings:
    """They are no calls, and lie apart."""
    folders = settings.folders.model_copy(update={"tapes": settings.folders.tapes / "talks"})
    return settings.model_copy(update={"folders": folders})


async def _hold_live(settings: Settings, order: CallOrder, device: SoundDevice) -> CallResult:
    """In real time, with whoever sits at the device."""
    loop = asyncio.get_running_loop()
    line = ComputerLine(device)
    async with platform(settings, [order.script], with_switch=False) as service:
        for source in service.scripts.sources(order.script):
            await asyncio.to_thread(service.equipment.warm_up, source)
        await line.start()
        loop.add_signal_handler(signal.SIGINT, line.hang_up)
        try:
            return await service.on(line, line).place(order, Talk(console, timed=True).observe)
        finally:
            loop.remove_signal_handler(signal.SIGINT)
            await line.close()


async def _hold(
    settings: Settings, order: CallOrder, files: Sequence[Path], turns: Mapping[str, Samples]
) -> CallResult:
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
