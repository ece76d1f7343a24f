"""`voicebot script new`, `draw`, `say` and `diff`: what a designer gets, and what they are told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app
from bot.cli.script_new import Template
from bot.rehearsal.scenario import load_scenarios, require_fit
from dialogue.lint.reading import read_script
from dialogue.schema import SCHEMA
from speech import wav
from tests.needs import ROOT

pytestmark = pytest.mark.integration

SCRIPT = "satisfaction_survey"


@pytest.fixture
def scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "dialogue" / "scripts", tmp_path / "scripts")
    (tmp_path / "voicebot.toml").write_text('[folders]\nscripts = "scripts"\nprompts = "prompts"\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path / "scripts"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["script", *arguments])


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("template", Template)
def test_a_new_script_is_clean_and_its_scenario_fits_it(scripts: Path, template: Template) -> None:
    result = run("new", "card_call", "--template", template.value, "--scenarios", "scenarios")
    assert result.exit_code == 0, result.output
    assert read_script(scripts, "card_call").findings == ()
    first = (scripts / "card_call" / "script.yml").read_text(encoding="utf-8").splitlines()[0]
    named = first.removeprefix("# yaml-language-server: $schema=")
    assert (scripts / "card_call" / named).resolve() == SCHEMA
    written = load_scenarios([Path("scenarios/card_call.yml")])
    assert [one.scenario.script for one in written] == ["card_call"]
    require_fit(written, scripts)


def test_a_new_script_takes_the_place_of_nothing(scripts: Path) -> None:
    before = (scripts / SCRIPT / "script.yml").read_bytes()
    result = run("new", SCRIPT, "--template", "reminder", "--scenarios", "scenarios")
    assert (result.exit_code, (scripts / SCRIPT / "script.yml").read_bytes()) == (1, before)
    assert f"{scripts / SCRIPT} is there already" in result.stderr


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("no JSON", "results.json is no file of results; write one with: voicebot script test"),
        ('{"coverage": [{"script": "other"}]}', f"results.json has no calls of {SCRIPT}; it has some of other"),
    ],
)
def test_a_drawing_needs_results_of_its_script(scripts: Path, written: str, told: str) -> None:
    Path("results.json").write_text(written)
    result = run("draw", SCRIPT, "--coverage", "results.json")
    assert result.exit_code == 1
    assert told in result.stderr


def test_a_drawing_is_written_in_the_language_wanted(scripts: Path) -> None:
    result = run("draw", SCRIPT, "--language", "zh")
    assert (result.exit_code, result.stdout) == (0, f"{SCRIPT}.zh.svg written\n")
    assert "想请您回答三个" in Path(f"{SCRIPT}.zh.svg").read_text(encoding="utf-8")


def test_a_drawing_goes_into_a_folder_that_is_made_for_it(scripts: Path) -> None:
    result = run("draw", SCRIPT, "--out", "pictures/of/today.svg")
    assert result.exit_code == 0, result.output
    assert Path("pictures/of/today.svg").read_text(encoding="utf-8").startswith("<svg")


def test_a_script_with_a_name_that_nothing_declares_is_not_drawn(scripts: Path) -> None:
    edit(scripts / SCRIPT / "rules.yml", "utter_survey_begins", "utter_survey_begnis")
    result = run("draw", SCRIPT)
    assert result.exit_code == 1
    assert f"{scripts / SCRIPT / 'rules.yml'}:" in result.stderr
    assert "utter_survey_begnis" in result.stderr


def test_every_sentence_is_spoken_into_a_numbered_file(scripts: Path) -> None:
    edit(scripts / SCRIPT / "responses.en.yml", "May I ask", f"{'Well, ' * 20}may I ask")
    old, own = Path("heard/099_utter_gone_1.wav"), Path("heard/notes.txt")
    old.parent.mkdir()
    for path in (old, own):
        path.touch()
    result = run("say", SCRIPT, "--set", "bank_name=Lake Bank", "--folder", "heard")
    assert result.exit_code == 0, result.output
    files = sorted(path.name for path in Path("heard").glob("*.wav"))
    assert files[:2] == ["001_utter_disclosure_1.wav", "002_utter_ask_survey_consent_1.wav"]
    assert (old.exists(), own.exists()) == (False, True)
    told = [line.split() for line in result.stdout.splitlines() if line[:3].isdigit()]
    assert [f"{number}_{name}_{variation}.wav" for number, name, variation, *_ in told] == files
    for name, row in zip(files, told, strict=True):
        seconds = wav.inspect(Path("heard", name)).duration_ms / 1000
        assert row[3] == f"{seconds:.1f}"
        assert (row[4:6] == ["too", "long"]) == (seconds > 12)
    assert [row[1] for row in told if row[4] == "too"] == ["utter_ask_survey_consent", "utter_keys_only"]
    assert "Lake Bank" in result.stdout


def test_what_changed_is_shown_word_by_word_and_written(scripts: Path) -> None:
    shutil.copytree(scripts / SCRIPT, "draft")
    edit(Path("draft", "responses.en.yml"), "The call is recorded.", "Calls are recorded.")
    edit(Path("draft", "rules.yml"), "      - action: utter_survey_begins\n", "")
    result = run("diff", SCRIPT, "draft", "--json", "changes.json")
    assert result.exit_code == 1
    disclosure = (
        "  ~ utter_disclosure  legal  draft/responses.en.yml:4\n      en 1 says: Hello. This is an automated call from"
    )
    assert f"{disclosure} {{bank_name}}.[- The call is-]{{+ Calls are+}} recorded.\n" in result.stdout
    assert "\n      - action: utter_survey_begins\n" in result.stdout
    assert "differences: 1 in prompts, 1 in rules" in result.stdout
    assert "The shared part is not compared" in result.stdout
    prompt, rule = json.loads(Path("changes.json").read_text(encoding="utf-8"))
    assert (prompt["name"], prompt["sort"], prompt["legal"]) == ("utter_disclosure", "changed", True)
    assert prompt["changes"][0]["after"].endswith("Calls are recorded.")
    assert (rule["part"], rule["name"]) == ("rules", "takes part")


def test_scripts_that_are_equal_end_with_0_and_what_cannot_be_compared_with_2(scripts: Path) -> None:
    shutil.copytree(scripts, "copies")
    assert run("diff", SCRIPT, f"copies/{SCRIPT}").exit_code == 0
    missing = run("diff", SCRIPT, "draft")
    assert missing.exit_code == 2
    assert "draft: neither a folder with a script.yml nor a script in" in missing.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("new", "Card call", "--template", "survey"), "lower-case letters, digits and underscores"),
        (("new", "shared", "--template", "survey"), "and not `shared`"),
        (("draw", "survey"), "there is no such script"),
        (("draw", SCRIPT, "--language", "fr"), "speaks en, zh"),
        (("say", SCRIPT, "--set", "bank_name"), "write it as SLOT=VALUE"),
        (("say", SCRIPT, "--set", "bank=Lake Bank"), "no prompt says the slot bank; prompts say bank_name"),
    ],
)
def test_what_there_is_not_is_told_with_what_there_is(scripts: Path, arguments: tuple[str, ...], told: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    assert told in result.stderr
