"""`voicebot script draw` and `say`: what a designer gets, and what they are told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app
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


def test_a_drawing_is_written_in_the_language_wanted(scripts: Path) -> None:
    result = run("draw", SCRIPT, "--language", "zh")
    assert (result.exit_code, result.stdout) == (0, f"{SCRIPT}.zh.svg written\n")
    assert "想请您回答三个" in Path(f"{SCRIPT}.zh.svg").read_text(encoding="utf-8")


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


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
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
