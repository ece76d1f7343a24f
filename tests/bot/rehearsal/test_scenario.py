"""The language of scenarios: what may stand in a file, and the sentence that a mistake is met with."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.rehearsal.scenario import (
    Mode,
    Scenario,
    ScenarioError,
    ScenarioFile,
    Step,
    Talk,
    fits,
    load_scenario,
    load_scenarios,
    require_fit,
)
from bot.settings import ROOT
from telephony_bridge.line_status import HandOverFailure

pytestmark = pytest.mark.unit

SCRIPTS = ROOT / "dialogue" / "scripts"
PAGE, REFERENCE = (
    (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("scripts.md", "scripts_reference.md")
)

HEAD = "name: x\nscript: satisfaction_survey\nexpect_outcome: survey_declined\n"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "customer.yml"
    path.write_text(text, encoding="utf-8")
    return path


def with_step(tmp_path: Path, step: str) -> ScenarioFile:
    return load_scenario(written(tmp_path, f"{HEAD}languages:\n  en:\n    steps:\n      - {step}\n"))


def test_the_shortest_scenario_is_for_text_and_sound(tmp_path: Path) -> None:
    scenario = with_step(tmp_path, "{hear: three short questions, say: no thank you}").scenario
    assert scenario.modes == {Mode.TEXT, Mode.SOUND}
    assert scenario.hand_over is None
    assert scenario.languages["en"].steps == (Step(hear="three short questions", say="no thank you"),)


def test_a_file_may_say_who_takes_no_call_and_how_it_is_played(tmp_path: Path) -> None:
    file = written(tmp_path, HEAD + "modes: [text]\nhand_over: busy\nlanguages: {en: {steps: [{hang_up: true}]}}\n")
    scenario = load_scenario(file).scenario
    assert scenario.modes == {Mode.TEXT}
    assert scenario.hand_over is HandOverFailure.BUSY


def test_a_step_knows_its_line(tmp_path: Path) -> None:
    file = with_step(tmp_path, "{hang_up: true}")
    assert file.line_of("en", 0) == 7
    assert file.line_of("en", None) == 3


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ("{}", "an empty step"),
        ("{shout: hello}", "shout: there is no such key; docs/scripts_reference.md lists them"),
        ("{say: a, hang_up: true}", "say and hang_up in one step: make them two steps"),
        ("{pause_ms: 100, silence: true}", "pause_ms and silence in one step"),
        ('{hear: "(", say: a}', "neither a prompt's name nor a regular expression"),
        ("{say: 5}", "say: must be text: put it in quotes"),
        ("{dtmf: 42}", 'must be keys of a telephone in quotes, as in "0042#"'),
        ('{dtmf: "4a"}', "must be keys of a telephone"),
        ("{sound: sneeze}", "'cough', 'hum', 'knock', 'breath' or 'beep'"),
        ("{say: a, within_ms: 100}", "within_ms belongs to either a hear or an absent"),
        ("{hear: a, absent: b, within_ms: 100}", "within_ms belongs to either a hear or an absent"),
        ("{hear: a, within_ms: 0}", "greater than 0"),
        ("{hear: a, expect: {intent: deny}}", "expect belongs to a step in which the customer says or keys something"),
        ("{say: a, expect: {mood: angry}}", "mood: there is no such key"),
        ("{hear: a, sya: b}", "sya: there is no such key; is `say` meant?"),
        ("{interrupt_at: {ms: 5, hear: a}}", "needs one of say, sound, dtmf"),
        ("{interrupt_at: {ms: 5, hear: a, say: b, sound: hum}}", "needs one of say, sound, dtmf"),
        ("{interrupt_at: {hear: a, say: b}}", "ms: is missing"),
        ("{hear: c, interrupt_at: {ms: 5, hear: a, say: b}}", "interrupt_at has a hear of its own"),
        ("{stopped_within_ms: 300}", "stopped_within_ms needs an interrupt_at"),
        ("{hang_up: false}", "hang_up: "),
    ],
)
def test_a_mistake_in_a_step_is_named_with_its_line(tmp_path: Path, step: str, problem: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        with_step(tmp_path, step)
    assert problem in str(caught.value)
    assert "customer.yml:" in str(caught.value)
    line = int(str(caught.value).split("customer.yml:")[1].split(":")[0])
    assert line in {5, 7}  # the step, or the language where only all of its steps together are wrong


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("name: [", "not valid YAML"),
        ("- a\n", "must be a mapping"),
        ("name: x\n", "script: is missing"),
        (HEAD + "languages: {}\n", "languages: "),
        (HEAD + "languages: {en: {steps: []}}\n", "steps: "),
        (HEAD + "modes: [video]\nlanguages: {en: {steps: [{hang_up: true}]}}\n", "'text' or 'sound'"),
        (HEAD + "hand_over: asleep\nlanguages: {en: {steps: [{hang_up: true}]}}\n", "nobody_free"),
    ],
)
def test_a_mistake_in_the_rest_of_a_file_is_named(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(ScenarioError, match=r"customer\.yml") as caught:
        load_scenario(written(tmp_path, text))
    assert problem in str(caught.value)


def test_a_misspelt_key_is_one_mistake_and_not_two(tmp_path: Path) -> None:
    text = HEAD.replace("expect_outcome:", "expect_outcom:") + "languages: {en: {steps: [{hang_up: true}]}}\n"
    with pytest.raises(ScenarioError) as error:
        load_scenario(written(tmp_path, text))
    (problem,) = error.value.problems
    assert problem.message == "expect_outcom: there is no such key; is `expect_outcome` meant?"
    assert problem.line == 3


def test_a_wrong_path_and_an_empty_folder_are_named_together(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenarios([tmp_path / "nowhere.yml", tmp_path])
    assert "nowhere.yml: there is no such file or folder" in str(caught.value)
    assert "the folder holds no scenario (*.yml)" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (HEAD.replace("satisfaction_survey", "suvrey"), "2: there is no script suvrey; there are "),
        (HEAD.replace("survey_declined", "promised"), "3: satisfaction_survey has no outcome promised; it has "),
    ],
)
def test_a_scenario_must_fit_its_script(tmp_path: Path, text: str, problem: str) -> None:
    file = load_scenario(written(tmp_path, text + "languages: {en: {steps: [{hang_up: true}]}}\n"))
    with pytest.raises(ScenarioError) as caught:
        require_fit([file], SCRIPTS)
    assert f"customer.yml:{problem}" in str(caught.value)


@pytest.mark.parametrize(
    ("talk", "problem"),
    [
        ("fr:\n    steps: [{hang_up: true}]", "5: satisfaction_survey speaks en, zh, not fr"),
        ("en:\n    contact: {age: '5'}\n    steps: [{hang_up: true}]", "6: the contact does not fit the script"),
        ("en:\n    steps:\n      - {hear: utter_helo}", "7: hear: satisfaction_survey has no prompt utter_helo"),
        ("en:\n    steps:\n      - {interrupt_at: {ms: 1, hear: utter_helo, say: a}}", "has no prompt utter_helo"),
    ],
)
def test_what_is_said_and_heard_must_fit_the_script(tmp_path: Path, talk: str, problem: str) -> None:
    file = load_scenario(written(tmp_path, f"{HEAD}languages:\n  {talk}\n"))
    with pytest.raises(ScenarioError) as caught:
        require_fit([file], SCRIPTS)
    assert problem in str(caught.value)


def test_the_call_may_end_as_calls_do_whatever_the_script(tmp_path: Path) -> None:
    text = HEAD.replace("survey_declined", "hung_up") + "languages: {en: {steps: [{hang_up: true}]}}\n"
    require_fit([load_scenario(written(tmp_path, text))], SCRIPTS)


@pytest.mark.parametrize(
    ("cue", "fitting"),
    [
        ("utter_ask_rating", True),
        ("utter_ask", False),  # a name is meant as a whole
        ("one to five .*satisfied", True),
        ("From one", False),  # the words are in lower case
    ],
)
def test_a_cue_is_a_name_or_a_pattern(cue: str, fitting: bool) -> None:
    assert fits(cue, "utter_ask_rating", "From one to five, how satisfied were you?") is fitting


def test_the_example_of_the_page_is_one_of_the_scenarios(tmp_path: Path) -> None:
    found = re.search(r"^```yaml\n# (tests/scenarios/\w+\.yml)\n(.*?)^```$", PAGE, flags=re.DOTALL | re.MULTILINE)
    assert found is not None
    shown = load_scenario(written(tmp_path, found[2]))
    require_fit([shown], SCRIPTS)
    played = load_scenario(ROOT / found[1])
    assert shown.scenario.languages["en"] == played.scenario.languages["en"]
    assert shown.scenario.expect_outcome is played.scenario.expect_outcome


@pytest.mark.parametrize("key", [*Step.model_fields, *Scenario.model_fields, *Talk.model_fields])
def test_the_page_tells_of_every_key(key: str) -> None:
    assert f"{key}:" in PAGE.split("## Trying it")[1] + REFERENCE.split("## Scenarios")[1]
