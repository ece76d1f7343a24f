"""The parts of a call in virtual time for a session of tests: engines, dialogue workers, both scripts as they are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from rich.console import Console

from bot.call.script_source import ScriptSource
from bot.call.service import CallService
from bot.preparation import prepare
from bot.replay.house import replay_house
from bot.settings import DialogueSettings, FolderSettings, Settings
from nlu.pointers import live_version
from tests.patience import PATIENCE_S
from tests.trained import models_in

SCRIPTS = ("repayment_reminder", "satisfaction_survey")


@asynccontextmanager
async def standing_house(folder: Path) -> AsyncIterator[CallService]:
    """Trains what is not trained yet. The tapes of its calls lie in its settings' folder until it is left."""
    models = await asyncio.to_thread(models_in, folder / "models")
    settings = Settings(
        dialogue=DialogueSettings(turn_timeout_ms=PATIENCE_S * 1000),
        folders=FolderSettings(models=models, prompts=folder / "prompts", runtime=folder / "run"),
    )
    await asyncio.to_thread(prepare, settings, SCRIPTS, Console(stderr=True))
    understander = live_version(settings.folders.models / "nlu")
    sources = [ScriptSource(name, settings.folders.scripts) for name in SCRIPTS]
    async with replay_house(settings, sources, understander, settings.speech.recogniser) as service:
        yield service
