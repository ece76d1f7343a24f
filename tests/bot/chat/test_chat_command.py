"""`voicebot script chat` with a designer's typing on its standard input: the real mind, core and dialogue."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.rehearsal.scenario import load_scenario
from tests.bot.designers_desk import script_command, set_up

pytestmark = [pytest.mark.integration, pytest.mark.requires("rasa")]

SCRIPT = "satisfaction_survey"


def test_a_talk_is_held_explained_and_kept_as_a_scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(tmp_path, monkeypatch)
    typed = "/hum\n/silence\nyes\n/interrupt could you say that again\n/key 4\nfive\nno comment\n/save kept.yml\n"
    result = script_command("chat", SCRIPT, typed=typed)
    assert result.exit_code == 0, result.output
    shown = result.output
    assert "there is no /hum" in shown
    assert "heard as  affirm" in shown
    assert "rules     opening (satisfaction_survey/rules.yml:" in shown
    assert "told as   repeat" in shown  # the interruption, at whatever sounded then
    assert "outcome   survey_" in shown
    steps = load_scenario(Path("kept.yml")).scenario.languages["en"].steps
    assert [step.acts for step in steps][:4] == [("silence",), ("say",), ("dtmf",), ("interrupt_at",)]
    played = script_command("test", "kept.yml", "--coverage", "--json", "results.json")
    assert played.exit_code == 0, played.output
    assert "1 of 1 passed" in played.output
    assert "satisfaction_survey/rules.yml:" in played.output  # of what it did not try
    (covered,) = json.loads(Path("results.json").read_text())["coverage"]
    assert {part["name"]: part["times"] for part in covered["parts"]}["takes part"] == 1
    drawn = script_command("draw", SCRIPT, "--coverage", "results.json")
    assert drawn.exit_code == 0, drawn.output
    assert "of 1 calls" in Path(f"{SCRIPT}.en.svg").read_text()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nothing"], "there is no such script"),
        ([SCRIPT, "--lang", "fr"], "speaks en, zh"),
        ([SCRIPT, "--contact", "nowhere.yml"], "neither a file nor FIELD=VALUE"),
        ([SCRIPT, "--contact", "shoe_size=44"], "unknown field shoe_size"),
    ],
)
def test_a_mistake_is_told_before_the_call(words: list[str], told: str) -> None:
    result = script_command("chat", *words, typed="")
    assert result.exit_code == 1
    assert told in result.stderr
