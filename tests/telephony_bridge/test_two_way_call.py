"""A whole call on a switch that plays our frames, from ring to hang-up, by a customer who talks over the bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
from pydantic import SecretStr
from rich.console import Console

from bot.call.platform import platform
from bot.preparation import prepare
from bot.settings import DialogueSettings, FolderSettings, MediaSettings, Settings, SwitchSettings
from bot.vocabulary import Failure, Outcome
from speech.audio import Frame
from telephony_bridge.line_status import LineStatus
from telephony_bridge.simulated import settings as simulated
from telephony_bridge.simulated.customer import Customer, Said
from telephony_bridge.simulated.sound import load_sound
from telephony_bridge.simulated.switch import Fault, SimulatedSwitch
from tests.bot.call.running_platform import APOLOGY, ONE_MOMENT, QUESTION, SCRIPT, People, Person, RunningPlatform
from tests.patience import PATIENCE_S
from tests.telephony_bridge.simulated.serving import serving
from tests.trained import models_in

pytestmark = [
    pytest.mark.integration,
    pytest.mark.requires("rasa"),
    pytest.mark.asyncio(loop_scope="module"),
]

NUMBER = "3003"


class Impatient(Person):
    """Says nothing until told to, and then speaks at once, whoever else does."""

    def __init__(self, sentence: Path) -> None:
        super().__init__(sentence)
        self._words = load_sound(sentence)
        self._said = len(self._words)

    def speak(self) -> None:
        self._said = 0

    def hear_and_speak(self, heard: Frame) -> Said:
        self.position = heard.end
        part = self._words[self._said : self._said + len(heard)]
        self._said += len(part)
        return Said(Frame.of(np.pad(part, (0, len(heard) - len(part))), heard.format.rate, heard.position))


class ImpatientPeople(People):
    def answer(self, number: str, variables: Mapping[str, str]) -> Customer:
        self.by_number[number] = Impatient(self._sentence)
        return self.by_number[number]


class PlaysNoFiles(SimulatedSwitch):
    """Notes what it is asked to play by itself."""

    asked: list[str]

    async def send_message(self, uuid: str, headers: Mapping[str, str]) -> str:
        if "execute-app-name" in headers:
            self.asked.append(headers["execute-app-name"])
        return await super().send_message(uuid, headers)


@pytest.fixture(scope="module", params=["mod_audio_fork_two_way", "unicast"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(
    dialect: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[RunningPlatform, ImpatientPeople, PlaysNoFiles]]:
    folder = tmp_path_factory.mktemp("two-way")
    people = ImpatientPeople(folder)
    switch = PlaysNoFiles(
        simulated.SwitchSettings(password="secret", recordings=folder / "line", two_way=True), people.answer
    )
    switch.asked = []
    models = await asyncio.to_thread(models_in, folder / "models")
    async with serving(switch):
        settings = Settings(
            switch=SwitchSettings(port=switch.port, password=SecretStr("secret"), dialect=dialect),
            media=MediaSettings(port=0),
            dialogue=DialogueSettings(turn_timeout_ms=PATIENCE_S * 1000),
            folders=FolderSettings(
                models=models, prompts=folder / "prompts", tapes=folder / "tapes", runtime=folder / "run"
            ),
            queues={"collections": "9300 XML default"},
        )
        await asyncio.to_thread(prepare, settings, [SCRIPT], Console(stderr=True))
        async with platform(settings, [SCRIPT], with_switch=True) as service:
            yield RunningPlatform(service, switch, people), people, switch


async def test_from_ring_to_hang_up_with_an_interruption(
    running: tuple[RunningPlatform, ImpatientPeople, PlaysNoFiles],
) -> None:
    platform, people, switch = running
    call = platform.call(NUMBER)
    await call.hears(QUESTION)
    customer = people.by_number[NUMBER]
    assert isinstance(customer, Impatient)
    call.mark_fault()  # what is heard is looked at from here
    customer.speak()
    evidence = await call.evidence()

    assert evidence.outcome is Outcome.WRONG_PERSON
    assert evidence.result.line_status is LineStatus.ANSWERED
    assert evidence.failures == set()
    assert switch.asked == []
    ends = [row for row in evidence.rows if row["kind"] == "playout_ended"]
    assert all(row["problem"] is None for row in ends)
    question = [row for row in evidence.rows if row["kind"] == "speak" and row["prompt"]["name"] == QUESTION]
    cut = next(row for row in ends if row["playout_id"] == question[0]["playout_id"])
    assert not cut["completed"]
    assert cut["heard"] > 0
    assert evidence.heard_ms("utter_wrong_person") > 2000

    said, heard = evidence.said[evidence.fault_at :], evidence.heard[evidence.fault_at :]
    words = np.flatnonzero(said)
    assert np.any(heard[: words[0] + 1])  # the bot was speaking
    assert not np.any(heard[words[-1] - 5 : words[-1]])  # and was silent before the customer had finished
    assert np.any(heard[words[-1] :])  # then it answered


@pytest.mark.parametrize("dialect", ["mod_audio_fork_two_way"], indirect=True)
async def test_a_link_that_drops_in_the_middle_of_a_prompt_is_had_anew_and_the_prompt_said_on(
    running: tuple[RunningPlatform, ImpatientPeople, PlaysNoFiles],
) -> None:
    platform, people, switch = running
    switch.asked = []
    call = platform.call("3005")
    await call.hears(QUESTION)
    call.inject(Fault.ABORT_MEDIA)
    await call.hears(ONE_MOMENT)
    await call.hears(QUESTION)
    customer = people.by_number["3005"]
    assert isinstance(customer, Impatient)
    customer.speak()
    evidence = await call.evidence()
    assert evidence.outcome is Outcome.WRONG_PERSON
    assert evidence.failures == {Failure.CONTROL}
    assert [row["reason"] for row in evidence.rows if row["kind"] == "media_restarted"]
    assert switch.asked == []


async def test_a_link_that_drops_for_good_is_excused_by_the_switch(
    running: tuple[RunningPlatform, ImpatientPeople, PlaysNoFiles], dialect: str
) -> None:
    platform, _, switch = running
    switch.asked = []
    call = platform.call("3004")
    await call.hears(QUESTION)
    call.inject(Fault.ABORT_MEDIA)
    if dialect != "unicast":
        await call.hears(ONE_MOMENT)
        call.inject(Fault.ABORT_MEDIA)
    evidence = await call.evidence()
    assert evidence.outcome is Outcome.TECHNICAL_FAILURE
    assert Failure.MEDIA in evidence.failures
    assert evidence.heard_ms(APOLOGY) > 2000
    assert evidence.sound_after_fault_ms > 2000
    # The apology; before it what is left of the cut prompt, where that is ready only after the second break.
    assert switch.asked in (["playback"], ["playback", "playback"])
