"""Recorded calls held again: unchanged they are the same, and a changed script changes exactly what it should."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from bot.call.order import CallOrder
from bot.call.script_source import ScriptSource
from bot.call.service import CallService
from bot.call.tape import TapeState
from bot.demo.run import CUSTOMERS
from bot.preparation import check_scripts
from bot.rehearsal.personas import as_customer
from bot.rehearsal.rehearse import rehearse
from bot.replay.house import replay_house
from bot.replay.recorded import RecordedCall, read_call
from bot.replay.replaying import replay
from bot.replay.report import Report, report_of
from bot.settings import Settings
from bot.simulation.persona import Persona, load_personas
from telephony_bridge.line_status import HandOverFailure

pytestmark = [
    pytest.mark.integration,
    pytest.mark.requires("rasa"),
    pytest.mark.asyncio(loop_scope="session"),
]

UNWANTED = {"utter_wrong_digits", "utter_no_match", "utter_ask_promise_date"}
"""What is said where she is misheard."""
DAY = date(2026, 11, 24)
PERSONAS = load_personas(CUSTOMERS)


def persona(name: str) -> Persona:
    return next(one for one in PERSONAS if one.name == name)


_RECORDED: dict[tuple[str, str, HandOverFailure | None], RecordedCall] = {}


async def recorded(
    house: CallService,
    who: Persona,
    language: str,
    *,
    in_sound: bool,
    hand_over_fails: HandOverFailure | None = None,
) -> RecordedCall:
    """The call as rehearsed, once for all tests."""
    key = who.name, language, hand_over_fails
    if key not in _RECORDED:
        _RECORDED[key] = await _rehearsed(house, who, language, in_sound, hand_over_fails)
    return _RECORDED[key]


async def understood_at_once(house: CallService) -> RecordedCall:
    """Anna Lee's call in sound. Where her digits were misheard, what is tested with it would not come up."""
    call = await recorded(house, persona("pays on Friday"), "en", in_sound=True)
    said = [row["prompt"]["name"] for row in call.rows if row["kind"] == "speak"]
    assert "utter_verified" in said
    assert not UNWANTED & set(said)
    return call


async def _rehearsed(
    house: CallService, who: Persona, language: str, in_sound: bool, hand_over_fails: HandOverFailure | None
) -> RecordedCall:
    speaker = who.languages[language]
    order = CallOrder(who.number, who.script, language, speaker.contact, DAY)
    customer = as_customer(speaker)
    held = await rehearse(house, order, customer, in_sound=in_sound, hand_over_fails=hand_over_fails)
    return read_call(held.tape)


async def replayed(house: CallService, call: RecordedCall) -> Report:
    return report_of(call, await replay(house, call, call.header["script"]))


def texts(value: object) -> Iterator[str]:
    """All that is written out in a row: positions and hashes may hold any digits by chance."""
    match value:
        case str():
            yield value
        case dict():
            for key, part in value.items():
                if key != "hash":
                    yield from texts(part)
        case list():
            for part in value:
                yield from texts(part)


def changed(report: Report) -> list[int]:
    return [number for number, pair in enumerate(report.comparison.pairs) if pair.changed]


@pytest.mark.parametrize("who", PERSONAS, ids=lambda who: who.name)
@pytest.mark.parametrize(("language", "in_sound"), [("en", True), ("zh", False)], ids=["sound", "text"])
async def test_an_unchanged_replay_changes_nothing(
    house: CallService, who: Persona, language: str, in_sound: bool
) -> None:
    call = await recorded(house, who, language, in_sound=in_sound)
    report = await replayed(house, call)
    assert not report.comparison.changed, report.as_json()
    assert report.replayed.held_ms == 0
    assert [row["t"] for row in report.replayed.rows if row["kind"] == "decided"] == [
        row["t"] for row in call.rows if row["kind"] == "decided"
    ]


async def test_sensitive_digits_are_not_heard_again_and_still_fit_the_contact(house: CallService) -> None:
    call = await understood_at_once(house)
    assert not [text for row in call.rows for text in texts(row) if "9052" in text]
    report = await replayed(house, call)
    assert report.replayed.not_heard_again >= 1
    assert "not heard again" in report.notes[0]
    verified = [turn for turn in report.comparison.pairs if turn.replayed and "digits" in turn.replayed.said]
    assert any("utter_verified" in line for pair in verified for line in pair.replayed.replies)  # type: ignore[union-attr]


async def test_a_hand_over_that_failed_fails_again(house: CallService) -> None:
    failing = HandOverFailure.BUSY
    call = await recorded(house, persona("asks for a human"), "zh", in_sound=False, hand_over_fails=failing)
    report = await replayed(house, call)
    assert not report.comparison.changed, report.as_json()
    assert any(pair.replayed and "busy" in pair.replayed.said for pair in report.comparison.pairs)


async def test_a_tape_that_is_not_what_was_written_is_replayed_with_a_warning(house: CallService) -> None:
    call = await recorded(house, persona("wrong person"), "zh", in_sound=False)
    report = await replayed(house, replace(call, state=TapeState.ALTERED))
    assert report.notes == ["warning: the tape is not what was written (altered; see `voicebot tape verify`)"]


async def test_a_changed_script_changes_exactly_its_turns(house: CallService, tmp_path: Path) -> None:
    """One sentence is reworded, and one rule says more than it did: the customer hears that out."""
    call = await understood_at_once(house)
    settings = _other_script(house.equipment.settings, tmp_path)
    versions = await asyncio.to_thread(check_scripts, settings, ["repayment_reminder"], Console(stderr=True))
    understander = house.equipment.meaning.live().version
    sources = [ScriptSource(name, settings.folders.scripts, version) for name, version in versions.items()]
    async with replay_house(settings, sources, understander, house.equipment.recogniser.name) as other:
        report = await replayed(other, call)
    turns = [pair.recorded for pair in report.comparison.pairs]
    expected = [
        number
        for number, turn in enumerate(turns)
        if turn is not None and any("utter_verified" in r or "utter_ask_promise_confirmed" in r for r in turn.replies)
    ]
    assert len(expected) == 2
    assert changed(report) == expected
    assert report.comparison.differences == ()
    assert report.replayed.held_ms > 3000
    assert any("script: " in note for note in report.notes)


def _other_script(settings: Settings, folder: Path) -> Settings:
    scripts, models = folder / "scripts", folder / "models"
    shutil.copytree(settings.folders.scripts, scripts)
    shutil.copytree(settings.folders.models / "nlu", models / "nlu")
    own = scripts / "repayment_reminder"
    verified = "      - action: utter_verified\n"
    _replace(own / "rules.yml", verified, f"{verified}      - action: utter_disclosure\n")
    promised = "You will pay {amount|money} on {promise_date|date}. Is that right?"
    _replace(own / "responses.en.yml", promised, promised.replace("You will", "So you will"))
    folders = settings.folders.model_copy(update={"scripts": scripts, "models": models})
    return settings.model_copy(update={"folders": folders})


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, path
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
