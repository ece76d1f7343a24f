"""The satisfaction survey calls people: recorded human voices over a telephone line, through the whole product.

The calls are rehearsals in virtual time: voice activity, recogniser, turn-taking, understanding, dialogue and
synthesis are real, sockets and the switch are not; one call at the end goes over those too. Each recording is said
once, at a question where its meaning is an answer or a wish, and counts as understood if the dialogue was told the
right thing in the very turn it was said.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from pydantic import SecretStr

from bot.call.order import CallOrder, CallResult
from bot.call.platform import platform
from bot.call.service import CallService
from bot.call.tape import read_tape
from bot.rehearsal.rehearse import rehearse
from bot.settings import Settings
from bot.vocabulary import Outcome
from speech import wav
from speech.audio import TELEPHONE, Frame, Samples
from telephony_bridge.simulated.customer import ScriptedAudio
from telephony_bridge.simulated.dialplan import DialPlan, NumberPlan
from telephony_bridge.simulated.settings import SwitchSettings
from telephony_bridge.simulated.switch import SimulatedSwitch
from tests.needs import HUMAN_SPEECH
from tests.scenarios.people import (
    COMMENT,
    CONSENT,
    RATING,
    RESOLVED,
    Person,
    Recorded,
    on_the_telephone,
    recorded_commands,
    recorded_digits,
)
from tests.telephony_bridge.simulated.serving import serving

pytestmark = [pytest.mark.scenario, pytest.mark.requires("human-speech", "rasa")]

SCRIPT = "satisfaction_survey"
ENGLISH = HUMAN_SPEECH / "speech-en"
COMMENTS = ("two_people.wav", "mountain_view.wav", "sense_and_sensibility_01_austen_64kb-0880.wav")
CLEAR_YES, CLEAR_RATING, CLEAR_NO = "an369-mtos-b.wav", "4_jackson_1.wav", "an60-mjhp-b.wav"
"""What is understood with confidence to spare, so that the jitter of real time changes nothing."""
QUIET_MS = 900
"""Longer than the pauses between the bot's sentences."""


@dataclass
class Call:
    """One finished call: its `comment` is what the person said at the last question, if they got there."""

    result: CallResult
    comment: Recorded | None


@dataclass
class Campaign:
    """All calls, and all recordings that were to be said in them."""

    calls: list[Call]
    commands: list[Recorded]
    digits: list[Recorded]

    def understood(self, recordings: list[Recorded]) -> float:
        return sum(recorded.understood for recorded in recordings) / len(recordings)

    def report(self) -> str:
        """By word, then every utterance that was not understood."""
        said = self.commands + self.digits
        words = list(dict.fromkeys(recorded.words for recorded in said))
        of = {word: [recorded for recorded in said if recorded.words == word] for word in words}
        rows = [f"{word}: {sum(r.understood for r in of[word])}/{len(of[word])}" for word in words]
        return "\n".join([*rows, *(str(recorded) for recorded in said if not recorded.understood)])


def plans(commands: dict[str, list[Recorded]], digits: list[Recorded]) -> list[dict[str, list[Recorded]]]:
    """Who says what: a digit in every call, before it perhaps "repeat" and "yes", after it "no", "help", "stop"."""
    consents, yes = commands["yes"][:3], commands["yes"][3:]
    repeats, others = commands["repeat"][:3], commands["repeat"][3:]  # at the first question it repeats the opening
    resolved = [*yes, *commands["no"], *commands["help"], *commands["stop"]]
    comments = [Recorded(ENGLISH / "misc" / name, "a comment") for name in COMMENTS]
    return [
        {
            CONSENT: [*repeats[index : index + 1], *consents[index : index + 1]],
            RATING: [*others[index : index + 1], digit],
            RESOLVED: resolved[index : index + 1],
            COMMENT: comments[index : index + 1],
        }
        for index, digit in enumerate(digits)
    ]


async def call_all(settings: Settings) -> Campaign:
    commands, digits = recorded_commands(ENGLISH / "an4"), recorded_digits(ENGLISH / "fsdd")
    async with platform(settings, [SCRIPT], with_switch=False) as service:
        done = [await call_until_said(service, plan) for plan in plans(commands, digits)]
    said = [recorded for group in commands.values() for recorded in group]
    return Campaign([call for calls in done for call in calls], said, digits)


async def call_until_said(service: CallService, plan: dict[str, list[Recorded]]) -> list[Call]:
    """A call that a misunderstanding ended early is made again for what was not said in it."""
    calls = []
    while plan:
        person = Person(plan)
        result = await rehearse(
            service, order("5000"), person.take_part, in_sound=True, speak=on_the_telephone, observe=person.observe
        )
        comment = plan[COMMENT][0] if plan.get(COMMENT) and COMMENT not in person.left else None
        calls.append(Call(result, comment))
        if result.outcome is Outcome.TECHNICAL_FAILURE or person.left == plan:
            break  # what was not said counts as not understood
        plan = person.left
    return calls


def order(number: str) -> CallOrder:
    return CallOrder(number, SCRIPT, "en", {"bank_name": "Harbour Bank"}, date(2026, 11, 24))


@pytest.fixture(scope="module")
def campaign(settings: Settings) -> Campaign:
    return asyncio.run(call_all(settings))


def test_no_call_breaks(campaign: Campaign) -> None:
    broken = [
        row
        for call in campaign.calls
        if call.result.outcome is Outcome.TECHNICAL_FAILURE
        for row in read_tape(call.result.tape)[1]
        if row["kind"] == "broken"
    ]
    assert broken == []


def test_nine_in_ten_are_understood(campaign: Campaign) -> None:
    """65 of 70 in each of two runs that differed in where the windows of voice detection fell, when this was written.

    What is left is taken for another word: "one" for "four", "repeat" for "agent", "no" for "yes". No recording is
    held out.
    """
    assert campaign.understood(campaign.commands + campaign.digits) >= 0.9, campaign.report()


def test_most_commands_are_understood(campaign: Campaign) -> None:
    """38 of 40 when this was written."""
    assert len(campaign.commands) == 40
    assert campaign.understood(campaign.commands) >= 0.9, campaign.report()


def test_most_digits_are_understood(campaign: Campaign) -> None:
    """27 of 30 when this was written: "one" is heard as "four"."""
    assert len(campaign.digits) == 30
    assert campaign.understood(campaign.digits) >= 0.8, campaign.report()


def test_the_comment_is_heard_out_and_is_in_the_recording(campaign: Campaign) -> None:
    completed = [call for call in campaign.calls if call.comment is not None]
    assert len(completed) == len(COMMENTS)
    for call in completed:
        assert call.comment is not None
        assert call.comment.told == "inform"
        assert call.result.outcome is Outcome.SURVEY_COMPLETED
        assert likeness(customer_of(call.result), on_the_telephone(call.comment.path)) > 0.95


def test_one_person_is_understood_over_sockets(settings: Settings) -> None:
    """The same people on the way that real calls take: event socket, media websocket, threads, and real time."""
    answers = [ENGLISH / "an4" / CLEAR_YES, ENGLISH / "fsdd" / CLEAR_RATING, ENGLISH / "an4" / CLEAR_NO]
    comment = ENGLISH / "misc" / COMMENTS[0]
    result = asyncio.run(call_over_sockets(settings, [*answers, comment]))
    told = [row["intent"] for row in read_tape(result.tape)[1] if row["kind"] == "told"]
    assert told == ["affirm", "inform", "deny", "inform"]
    assert result.outcome is Outcome.SURVEY_COMPLETED
    assert likeness(customer_of(result), on_the_telephone(comment)) > 0.95


async def call_over_sockets(settings: Settings, recordings: list[Path]) -> CallResult:
    """One call in which a recording is said after each question."""
    folder = settings.folders.tapes / "said"
    folder.mkdir(parents=True, exist_ok=True)
    said = [folder / path.name for path in recordings]
    for path, original in zip(said, recordings, strict=True):
        wav.write(path, Frame.of(on_the_telephone(original), TELEPHONE.rate))
    switch = SimulatedSwitch(
        SwitchSettings(dial_plan=DialPlan(default=NumberPlan(at_ms=0))),
        lambda number, variables: ScriptedAudio(said, QUIET_MS, hang_up_at_end=False),
    )
    async with serving(switch), platform(on_switch(settings, switch), [SCRIPT], with_switch=True) as service:
        return await service.place(order("5001"))


def on_switch(settings: Settings, switch: SimulatedSwitch) -> Settings:
    reached = settings.switch.model_copy(update={"port": switch.port, "password": SecretStr(switch.settings.password)})
    media = settings.media.model_copy(update={"port": 0})
    return settings.model_copy(update={"switch": reached, "media": media})


def customer_of(result: CallResult) -> Samples:
    assert result.recording is not None
    return wav.read_stereo(result.recording)[0].samples()


def likeness(recording: Samples, part: Samples) -> float:
    """The best normalised correlation of `part` with any place of `recording`, 1.0 where it is in it unchanged."""
    size = len(recording) + len(part)
    spectrum = np.fft.rfft(recording.astype(float), size) * np.conj(np.fft.rfft(part.astype(float), size))
    at = int(np.argmax(np.fft.irfft(spectrum, size)[: len(recording) - len(part) + 1]))
    place = recording[at : at + len(part)].astype(float)
    wanted = part.astype(float)
    return float(place @ wanted / (np.linalg.norm(place) * np.linalg.norm(wanted)))
