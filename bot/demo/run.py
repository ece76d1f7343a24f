"""Makes the demo's calls: prepares what is missing, starts a simulated switch, calls, and reads in text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from rich.console import Console

from bot.call.order import CallOrder
from bot.call.platform import platform
from bot.call.service import CallService
from bot.demo.results import DemoCall, demo_call
from bot.machine import memory_of_processes
from bot.rehearsal.personas import as_customer
from bot.rehearsal.rehearse import rehearse
from bot.settings import RecordingSettings, Settings
from bot.simulation.persona import Persona
from bot.simulation.process import settings_for, simulated_switch
from bot.talk import Talk

CUSTOMERS = Path(__file__).parent / "customers"
AUDIO_LANGUAGE = "en"
TEXT_LANGUAGE = "zh"
DAY = date(2026, 11, 24)
"""The day the demo's calls take place, so that "Friday" means the same in every run."""


async def run_demo(
    settings: Settings, personas: Sequence[Persona], folder: Path, console: Console, *, text_only: bool
) -> list[DemoCall]:
    """All calls one after another. Tapes and recordings go to `folder`."""
    if text_only:
        return await write_in_text(settings, personas, (AUDIO_LANGUAGE, TEXT_LANGUAGE), folder, console)
    spoken, _ = await call_in_sound(settings, personas, folder, console)
    console.print(
        "\nNo Mandarin recogniser comes with the packages, so the same customers are now called in text.", style="dim"
    )
    return spoken + await write_in_text(settings, personas, (TEXT_LANGUAGE,), folder, console)


async def call_in_sound(
    settings: Settings, personas: Sequence[Persona], folder: Path, console: Console
) -> tuple[list[DemoCall], dict[str, float]]:
    """The English calls through a simulated switch; also the memory of each process at the end, in MiB."""
    async with (
        simulated_switch(CUSTOMERS, AUDIO_LANGUAGE, folder / "line") as switch,
        platform(settings_for(switch, _with_tapes(settings, folder)), _scripts(personas), with_switch=True) as service,
    ):
        calls = [await _call(service, persona, console) for persona in personas]
        return calls, memory_of_processes()


async def write_in_text(
    settings: Settings, personas: Sequence[Persona], languages: Sequence[str], folder: Path, console: Console
) -> list[DemoCall]:
    """The same customers in text and virtual time."""
    async with platform(_with_tapes(settings, folder), _scripts(personas), with_switch=False) as service:
        return [await _write(service, persona, language, console) for language in languages for persona in personas]


def _scripts(personas: Sequence[Persona]) -> list[str]:
    return sorted({persona.script for persona in personas})


async def _call(service: CallService, persona: Persona, console: Console) -> DemoCall:
    _headline(console, persona, AUDIO_LANGUAGE)
    result = await service.place(_order(persona, AUDIO_LANGUAGE), Talk(console, timed=True).observe)
    return _finished(console, demo_call(persona, AUDIO_LANGUAGE, result))


async def _write(service: CallService, persona: Persona, language: str, console: Console) -> DemoCall:
    _headline(console, persona, language)
    customer = as_customer(persona.languages[language])
    result = await rehearse(service, _order(persona, language), customer, observe=Talk(console, timed=False).observe)
    return _finished(console, demo_call(persona, language, result))


def _order(persona: Persona, language: str) -> CallOrder:
    return CallOrder(persona.number, persona.script, language, persona.languages[language].contact, DAY)


def _headline(console: Console, persona: Persona, language: str) -> None:
    console.print(f"\n[bold]{persona.name}[/]  [dim]{persona.script}, {language}[/]", highlight=False)


def _finished(console: Console, call: DemoCall) -> DemoCall:
    colour = "green" if call.as_expected else "red"
    console.print(f"  {'':>8}  [dim]outcome[/]   [{colour}]{call.result.outcome.value}[/]", highlight=False)
    return call


def _with_tapes(settings: Settings, folder: Path) -> Settings:
    """Nobody's voice is in the recordings, and the report's page plays them: they are not sealed."""
    folders = settings.folders.model_copy(update={"tapes": folder / "tapes"})
    return settings.model_copy(update={"folders": folders, "recordings": RecordingSettings()})
