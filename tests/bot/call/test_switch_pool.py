"""Calls of the whole product over two switches, one of which is killed in mid-call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic import SecretStr
from rich.console import Console

from bot.call.platform import platform
from bot.preparation import prepare
from bot.settings import DialogueSettings, FolderSettings, MediaSettings, NodeSettings, Settings, SwitchSettings
from bot.vocabulary import Failure, Outcome
from telephony_bridge.simulated import settings as simulated
from telephony_bridge.simulated.switch import SimulatedSwitch
from tests.bot.call.running_platform import QUESTION, SCRIPT, People, RunningPlatform
from tests.patience import PATIENCE_S
from tests.telephony_bridge.simulated.serving import serving
from tests.trained import models_in

pytestmark = [
    pytest.mark.integration,
    pytest.mark.requires("rasa"),
    pytest.mark.asyncio(loop_scope="module"),
]


@dataclass(frozen=True, slots=True)
class Fleet:
    """The platform on two switches of the same weight."""

    running: RunningPlatform
    switches: tuple[SimulatedSwitch, SimulatedSwitch]

    def switch_of(self, number: str) -> SimulatedSwitch:
        """Which one has them on the line."""
        on_line = {call.channel.number: switch for switch in self.switches for call in switch.calls.values()}
        return on_line[number]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def fleet(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Fleet]:
    folder = tmp_path_factory.mktemp("pool")
    people = People(folder)
    each = simulated.SwitchSettings(password="secret", recordings=folder / "line")
    models = await asyncio.to_thread(models_in, folder / "models")
    async with AsyncExitStack() as stack:
        first, second = [
            await stack.enter_async_context(serving(SimulatedSwitch(each, people.answer))) for _ in range(2)
        ]
        settings = _settings(folder, models, (first, second))
        await asyncio.to_thread(prepare, settings, [SCRIPT], Console(stderr=True))
        service = await stack.enter_async_context(platform(settings, [SCRIPT], with_switch=True))
        yield Fleet(RunningPlatform(service, first, people), (first, second))


def _settings(folder: Path, models: Path, switches: tuple[SimulatedSwitch, ...]) -> Settings:
    password = SecretStr("secret")
    nodes = tuple(NodeSettings(host="127.0.0.1", port=switch.port, password=password) for switch in switches)
    return Settings(
        switch=SwitchSettings(nodes=nodes),
        media=MediaSettings(port=0),
        dialogue=DialogueSettings(turn_timeout_ms=PATIENCE_S * 1000),
        folders=FolderSettings(
            models=models, prompts=folder / "prompts", tapes=folder / "tapes", runtime=folder / "run"
        ),
        queues={"collections": "9300 XML default"},
    )


async def test_a_switch_that_is_killed_ends_its_own_call_and_new_calls_go_to_the_other(fleet: Fleet) -> None:
    struck, bystander = fleet.running.call("3001"), fleet.running.call("3002")
    await struck.hears(QUESTION)
    doomed = fleet.switch_of("3001")
    doomed.crash()
    await struck.until(lambda row: row["kind"] == "broken" and row["failure"] == Failure.CONTROL)
    newcomer = fleet.running.call("3003")
    await newcomer.hears(QUESTION)
    assert fleet.switch_of("3003") is not doomed

    assert (await struck.evidence()).outcome is Outcome.TECHNICAL_FAILURE
    for call in (bystander, newcomer):
        evidence = await call.evidence()
        assert (evidence.outcome, evidence.failures) == (Outcome.WRONG_PERSON, set())
