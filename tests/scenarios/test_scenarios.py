"""Whole conversations in virtual time: the customers of the files beside this one, and those of the demo.

Real understanding and real dialogue; in sound real ears and a real mouth, too. `-k text` leaves out the sound.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot.call.order import CallOrder, CallResult
from bot.call.platform import platform
from bot.call.service import CallService
from bot.call.tape import read_tape
from bot.call.transcript import transcript
from bot.crowd.person import load_people
from bot.crowd.trial import Held, Trial, hold, trials
from bot.crowd.words import Words
from bot.demo.run import CUSTOMERS
from bot.rehearsal.personas import as_customer
from bot.rehearsal.playing import DAY, Case, Verdict, cases, play
from bot.rehearsal.rehearse import rehearse
from bot.rehearsal.scenario import Mode, load_scenarios, require_fit
from bot.settings import Settings
from bot.simulation.persona import Persona, load_personas

pytestmark = [pytest.mark.scenario, pytest.mark.requires("rasa")]

T = TypeVar("T")
Act = Callable[[Callable[[CallService], Coroutine[Any, Any, T]]], T]

SCENARIOS = load_scenarios([Path(__file__).parent])
HEARS = ("en",)
"""What the recogniser that comes with the packages hears."""
CASES = cases(SCENARIOS, frozenset(Mode), HEARS)
AT_THE_NAME = (
    "abuse",
    "call_later",
    "do_not_call_at_the_name",
    "hand_over_with_bridge",
    "nobody_free",
    "silent_to_the_end",
    "third_party",
    "wants_no_call_back",
    "wrong_person",
)
"""Scenarios that end at the first question. They go the same way in every script that asks for the customer by name."""
ASKING_FOR_THE_NAME = ("activation_care", "event_invitation", "overdue_reminder", "suspicious_transaction")
SHARED = [
    replace(case, file=replace(case.file, scenario=case.file.scenario.model_copy(update={"script": script})))
    for script in ASKING_FOR_THE_NAME
    for case in CASES
    if case.mode is Mode.TEXT and case.file.path.stem in AT_THE_NAME
]
DEMO = [(persona, language) for persona in load_personas(CUSTOMERS) for language in ("en", "zh")]
SCRIPTS = sorted({case.file.scenario.script for case in CASES})


@pytest.fixture(scope="module")
def with_service(settings: Settings) -> Iterator[Act[Any]]:
    """Does something with one platform that is kept for all tests."""
    require_fit(SCENARIOS, settings.folders.scripts)
    with asyncio.Runner() as runner:
        running = platform(settings, SCRIPTS, with_switch=False)
        service = runner.run(running.__aenter__())
        yield lambda act: runner.run(act(service))
        runner.run(running.__aexit__(None, None, None))


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_scenario_goes_as_it_should(with_service: Act[Any], case: Case) -> None:
    played = with_service(lambda service: play(service, case))
    if played.verdict is Verdict.KNOWN_PROBLEM:
        pytest.xfail(played.reason)
    assert played.verdict is Verdict.PASSED, played.report()


@pytest.mark.parametrize("case", SHARED, ids=[f"{case.file.scenario.script}-{case.name}" for case in SHARED])
def test_the_first_question_is_left_in_the_same_way_in_every_script(with_service: Act[Any], case: Case) -> None:
    played = with_service(lambda service: play(service, case))
    assert played.verdict is Verdict.PASSED, played.report()


@pytest.mark.parametrize(
    ("persona", "language"), DEMO, ids=[f"{persona.name}-{language}-text" for persona, language in DEMO]
)
def test_a_customer_of_the_demo_reaches_their_outcome(
    with_service: Act[CallResult], persona: Persona, language: str
) -> None:
    speaker = persona.languages[language]
    order = CallOrder(persona.number, persona.script, language, speaker.contact, DAY)
    result = with_service(lambda service: rehearse(service, order, as_customer(speaker)))
    turns = [f"{turn.who:9} {turn.text} ({turn.intent})" for turn in transcript(read_tape(result.tape)[1])]
    assert result.outcome is persona.expected_outcome, "\n".join(turns)


@pytest.mark.parametrize("trial", trials("overdue_reminder", 7, 2, load_people(["confused", "hurried"]), ["en", "zh"]))
def test_a_simulated_customer_does_the_same_again(with_service: Act[Held], settings: Settings, trial: Trial) -> None:
    words = Words.load(settings.folders.training_data, trial.language, 0.1)
    once, again = (
        with_service(lambda service: hold(service, trial, words, frozenset({"utter_amount_overdue"}))) for _ in range(2)
    )
    assert once.did == again.did
    took = [
        [{**row, "ms": 0} if row["kind"] in {"told", "understood"} else row for row in one.rows]
        for one in (once, again)
    ]
    assert took[0] == took[1]  # but for how long the machine really took
    assert once.breaches == again.breaches


def test_enough_is_played() -> None:
    text = [case for case in CASES if case.mode is Mode.TEXT]
    sound = [case for case in CASES if case.mode is Mode.SOUND and case.language == "en"]
    assert len(text) >= 40
    assert len(sound) >= 20
