"""The whole product, running once for all tests of a session that need it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic import SecretStr
from rich.console import Console

from bot.call.platform import platform
from bot.preparation import prepare
from bot.settings import (
    DialogueSettings,
    FolderSettings,
    MediaSettings,
    Settings,
    SwitchSettings,
)
from telephony_bridge.simulated import settings as simulated
from telephony_bridge.simulated.switch import SimulatedSwitch
from tests.bot.call.running_platform import SCRIPT, People, RunningPlatform
from tests.patience import PATIENCE_S
from tests.telephony_bridge.simulated.serving import serving
from tests.trained import models_in


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningPlatform]:
    """Two dialogue workers, so that one can die. Trains what is not trained yet."""
    folder = tmp_path_factory.mktemp("platform")
    people = People(folder)
    switch = SimulatedSwitch(simulated.SwitchSettings(password="secret", recordings=folder / "line"), people.answer)
    models = await asyncio.to_thread(models_in, folder / "models")
    async with serving(switch):
        settings = _settings(folder, models, switch.port)
        await asyncio.to_thread(prepare, settings, [SCRIPT], Console(stderr=True))
        async with platform(settings, [SCRIPT], with_switch=True) as service:
            yield RunningPlatform(service, switch, people)


def _settings(folder: Path, models: Path, port: int) -> Settings:
    return Settings(
        switch=SwitchSettings(port=port, password=SecretStr("secret")),
        media=MediaSettings(port=0),
        dialogue=DialogueSettings(workers=2, turn_timeout_ms=PATIENCE_S * 1000),
        folders=FolderSettings(
            models=models, prompts=folder / "prompts", tapes=folder / "tapes", runtime=folder / "run"
        ),
        queues={"collections": "9300 XML default"},
    )
