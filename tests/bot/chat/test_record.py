"""A chat becomes a scenario that is read as any other."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.chat.record import scenario_of, write_scenario
from bot.chat.typist import Noted
from bot.rehearsal.line import Said
from bot.rehearsal.scenario import Expected, Interruption, Step, load_scenario
from bot.vocabulary import Outcome
from telephony_bridge.line_status import HandOverFailure

pytestmark = pytest.mark.unit

NOTED = [
    Noted(Step(hear="utter_ask_rating", say="yes"), 3000),
    Noted(Step(interrupt_at=Interruption(ms=400, hear="utter_thanks", say="wait")), 6000),
    Noted(Step(hear="utter_thanks", silence=True), 9000),
]
SAID = [
    Said("p1", "utter_ask_rating", "From one to five?", 40, ended=2500, completed=True),
    Said("p2", "utter_thanks", "Thank you.", 5600, ended=6100, completed=False),
    Said("p3", "utter_silence", "Hello?", 12000, ended=13000, completed=True),
    Said("p4", "utter_goodbye", "Goodbye.", 13000, ended=13500, completed=False),
]
ROWS = [
    {"kind": "told", "t": 3900.0, "intent": "affirm"},
    {"kind": "told", "t": 6800.0, "intent": "hold_on"},
    {"kind": "told", "t": 12000.0, "intent": "silence"},
]


def test_a_chat_is_written_and_read_as_a_scenario(tmp_path: Path) -> None:
    path = tmp_path / "talk.yml"
    written = scenario_of(
        "talk",
        "satisfaction_survey",
        "en",
        {"branch": "Market Street"},
        NOTED,
        SAID,
        ROWS,
        Outcome.NO_RESPONSE,
        HandOverFailure.BUSY,
    )
    write_scenario(path, written)
    scenario = load_scenario(path).scenario
    assert (scenario.expect_outcome, scenario.hand_over) == (Outcome.NO_RESPONSE, HandOverFailure.BUSY)
    talk = scenario.languages["en"]
    assert talk.contact == {"branch": "Market Street"}
    assert talk.steps == (
        Step(hear="utter_ask_rating", say="yes", expect=Expected(intent="affirm")),
        Step(interrupt_at=Interruption(ms=400, hear="utter_thanks", say="wait"), expect=Expected(intent="hold_on")),
        Step(hear="utter_thanks", silence=True),
        Step(hear="utter_silence"),  # the goodbye was cut off: nobody can be held to hear it
    )
    assert "- {hear: utter_ask_rating, say: yes" in path.read_text()


def test_no_file_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "talk.yml"
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        write_scenario(path, {"modes": ["text"], "languages": {}})
    assert path.read_text() == "mine"
