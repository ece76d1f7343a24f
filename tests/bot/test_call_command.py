"""`voicebot call` and `voicebot transcript`: a mistake is told at once, before anything is trained or rung."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from bot.cli import call as command
from bot.cli.main import app
from bot.settings import Settings
from bot.studio.in_service import Releases
from dialogue.script import load_script
from tests.bot.studio.shelf import SCRIPT as PUBLISHED
from tests.bot.studio.shelf import folders_in, released
from tests.needs import ROOT

pytestmark = pytest.mark.integration

SCRIPT = "repayment_reminder"


@pytest.fixture(autouse=True)
def _no_preparation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def prepare(settings: Settings, versions: Releases, scripts: list[str], console: Console) -> None:
        pytest.fail("prepared a call that cannot be made")

    monkeypatch.setattr(command, "prepare_versions", prepare)
    path = tmp_path / "voicebot.toml"
    path.write_text("")
    monkeypatch.setenv("VOICEBOT_SETTINGS", str(path))


def voicebot(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def fails(*words: str) -> list[str]:
    result = voicebot(*words)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)  # anything else would have been a traceback
    return result.stderr.splitlines()


def test_a_script_that_is_not_there_is_told_with_those_that_are() -> None:
    (line,) = fails("call", "1001", "--script", "repayment")
    assert "--script repayment: there is no such script" in line
    assert "repayment_reminder, satisfaction_survey" in line


def test_a_language_the_script_does_not_speak_is_told_with_those_it_does() -> None:
    assert fails("call", "1001", "--script", SCRIPT, "--language", "fr") == [
        "error --language fr: the script repayment_reminder speaks en, zh"
    ]


def test_a_field_without_a_value_is_told() -> None:
    assert fails("call", "1001", "--script", SCRIPT, "--var", "amount") == [
        "error --var amount: write it as name=value"
    ]


def test_fields_have_a_line_each() -> None:
    lines = fails("call", "1001", "--script", SCRIPT, "--var", "amount=much", "--var", "bnk=Harbour Bank")
    assert lines[0] == "error repayment_reminder cannot call this contact:"
    assert "  unknown field bnk" in lines
    assert "  customer_name is missing (a name)" in lines
    assert "  amount must be an amount and a currency code, as in 1250.00 USD" in lines


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_example_is_a_whole_command_that_could_be_run(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pasted, it comes as far as the preparation."""
    lines = fails("call", "1001", "--script", SCRIPT, "--language", language)
    example = "\n".join(lines[lines.index("for example:") + 1 :]).replace("\\\n", "")
    program, *words = shlex.split(example)
    assert program == "voicebot"
    prepared: list[list[str]] = []

    def prepare(settings: Settings, versions: Releases, scripts: list[str], console: Console) -> None:
        prepared.append(scripts)
        raise OSError("enough")

    monkeypatch.setattr(command, "prepare_versions", prepare)
    assert "enough" in voicebot(*words).stderr
    assert prepared == [[SCRIPT]]
    contact = load_script(ROOT / "dialogue" / "scripts" / SCRIPT).example_contact(language)
    assert [f"{name}={value}" for name, value in contact.items()] == [word for word in words if "=" in word]


@pytest.mark.parametrize("switches", ["[switch]\n", '[[switch.nodes]]\nhost = "10.0.0.11"\n'])
def test_that_every_switch_is_drained_is_told_before_anything_is_prepared(tmp_path: Path, switches: str) -> None:
    (tmp_path / "voicebot.toml").write_text(f"{switches}drain = true\n")
    contact = load_script(ROOT / "dialogue" / "scripts" / SCRIPT).example_contact("en")
    fields = [word for name, value in contact.items() for word in ("--var", f"{name}={value}")]
    (line,) = fails("call", "1001", "--script", SCRIPT, *fields)
    assert "every switch is drained" in line


@pytest.mark.parametrize("name", ["call.wav", "call.WAV"])
def test_a_recording_is_no_tape_and_the_tape_is_beside_it(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"RIFF\xff\xfe")
    (line,) = fails("transcript", str(tmp_path / name))
    assert "is a recording" in line
    assert line.endswith(str(tmp_path / "call.jsonl"))


def test_an_option_of_an_engine_that_cannot_be_used_names_file_section_and_key(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "voicebot.toml"
    path.write_text('[speech]\nrecogniser_options = {accept_from = "x"}\n')
    monkeypatch.setattr(command, "prepare_versions", lambda *_: None)
    contact = load_script(ROOT / "dialogue" / "scripts" / SCRIPT).example_contact("en")
    fields = [word for name, value in contact.items() for word in ("--var", f"{name}={value}")]
    (line,) = fails("call", "1001", "--script", SCRIPT, *fields)
    assert "voicebot.toml, [speech]" in line
    assert "accept_from must be a number, as in 0.4, not 'x'" in line


def test_a_published_version_is_what_a_call_is_checked_against(tmp_path: Path) -> None:
    """Whatever the designer's draft has become meanwhile."""
    folders = folders_in(tmp_path)
    released(folders, 100)
    names = ("scripts", "models", "studio")
    (tmp_path / "voicebot.toml").write_text("[folders]\n" + "".join(f'{name} = "{name}"\n' for name in names))
    (folders.scripts / PUBLISHED / "script.yml").write_text("name: [\n")
    assert fails("call", "1001", "--script", PUBLISHED, "--language", "fr") == [
        f"error --language fr: the script {PUBLISHED} speaks en, zh"
    ]
    lines = fails("call", "1001", "--script", PUBLISHED, "--var", "bnk=Harbour Bank")
    assert lines[0] == f"error {PUBLISHED} cannot call this contact:"
