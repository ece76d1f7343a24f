"""`voicebot script draw`: what a designer gets, and what they are told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app
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


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(("draw", "survey"), "there is no such script"), (("draw", SCRIPT, "--language", "fr"), "speaks en, zh")],
)
def test_what_there_is_not_is_told_with_what_there_is(scripts: Path, arguments: tuple[str, ...], told: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    assert told in result.stderr
