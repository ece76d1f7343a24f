"""A call whose line gives the bot's own voice back: in sound and virtual time, with the real ears and recogniser."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import cast

import pytest
import pytest_asyncio
from rich.console import Console

from bot.call.order import CallOrder
from bot.call.platform import platform
from bot.call.service import CallService
from bot.call.tape import read_tape
from bot.preparation import prepare
from bot.rehearsal.line import Line, Row
from bot.rehearsal.rehearse import Customer, rehearse
from bot.rehearsal.sound import SoundLine
from bot.settings import FolderSettings, Settings
from bot.vocabulary import Outcome
from tests.trained import models_in

pytestmark = [
    pytest.mark.integration,
    pytest.mark.requires("rasa"),
    pytest.mark.asyncio(loop_scope="module"),
]

SCRIPT = "satisfaction_survey"
ORDER = CallOrder("7001", SCRIPT, "en", {"bank_name": "Harbour Bank"}, date(2026, 11, 24))
LEVEL_DB, DELAY_MS = -22.0, 180.0
ANSWERS = {"utter_ask_survey_consent": "yes", "utter_ask_resolved": "yes", "utter_ask_comment": "no"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[CallService]:
    folder = tmp_path_factory.mktemp("echo")
    models = await asyncio.to_thread(models_in, folder / "models")
    folders = FolderSettings(models=models, prompts=folder / "prompts", tapes=folder / "tapes", runtime=folder / "run")
    settings = Settings(folders=folders)
    await asyncio.to_thread(prepare, settings, [SCRIPT], Console(stderr=True))
    async with platform(settings, [SCRIPT], with_switch=False) as service:
        yield service


async def call(service: CallService, customer: Customer) -> tuple[Outcome, Sequence[Row]]:
    result = await rehearse(service, ORDER, customer, in_sound=True)
    return result.outcome, read_tape(result.tape)[1]


async def answers(line: Line) -> None:
    """In turn, with the line echoing all the time; the rating is keyed."""
    cast(SoundLine, line).echo(LEVEL_DB, DELAY_MS)
    heard = 0
    while True:
        await line.quiet(700, since=heard)
        heard = len(line.said)
        question = next(said.prompt for said in reversed(line.said) if said.prompt.startswith("utter_ask_"))
        if question == "utter_ask_rating":
            await line.press("5")
        else:
            await line.say(ANSWERS[question])


async def test_the_first_echo_is_heard_and_no_other(service: CallService) -> None:
    """It falls on the disclosure, which nothing stops; the questions are said to their end."""
    outcome, rows = await call(service, answers)
    assert outcome is Outcome.SURVEY_COMPLETED
    assert not any(row["kind"] == "stop_speaking" for row in rows)
    assert [row["bearing"] for row in rows if row["kind"] == "heard"] == ["echo", "meant", "meant", "meant"]


async def interrupts_the_rating(line: Line) -> None:
    cast(SoundLine, line).echo(LEVEL_DB, DELAY_MS)
    await line.until(lambda: any(said.prompt == "utter_ask_survey_consent" for said in line.said))
    await line.quiet(700)
    await line.say("yes")
    await line.until(lambda: any(said.prompt == "utter_ask_rating" for said in line.said))
    await line.pause(1500)
    await line.say("can you repeat that please")
    await line.quiet(700)
    line.hang_up()


async def test_who_speaks_into_an_echo_still_stops_the_bot(service: CallService) -> None:
    _, rows = await call(service, interrupts_the_rating)
    rating = next(
        row["playout_id"] for row in rows if row["kind"] == "speak" and row["prompt"]["name"] == "utter_ask_rating"
    )
    ended = next(row for row in rows if row["kind"] == "playout_ended" and row["playout_id"] == rating)
    assert not ended["completed"]
    told = [row["intent"] for row in rows if row["kind"] == "told"]
    assert told == ["affirm", "repeat"]
