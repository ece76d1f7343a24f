"""A mistake in a file that people write ends a command in one sentence with the place, never in a traceback."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app
from tests.needs import ROOT

pytestmark = pytest.mark.integration

SCRIPT = "repayment_reminder"


def voicebot(settings: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, env={"VOICEBOT_SETTINGS": str(settings)})


def assert_one_sentence(result: Result) -> str:
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)  # anything else would have been a traceback
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1
    return lines[0]


@pytest.mark.parametrize("command", [["script", "check"], ["call", "1001", "--script", SCRIPT]])
@pytest.mark.parametrize(
    ("content", "named"),
    [
        pytest.param('[switch]\nhots = "10.0.0.5"\n', ["switch.hots", "host"], id="misspelt key"),
        pytest.param("[swich]\nport = 1\n", ["swich", "switch"], id="misspelt section"),
        pytest.param('[switch]\nport = "many"\n', ["switch.port"], id="wrong kind of value"),
        pytest.param("[switch\n", ["line 1"], id="not TOML"),
    ],
)
def test_a_typo_in_the_settings(tmp_path: Path, command: list[str], content: str, named: list[str]) -> None:
    settings = tmp_path / "voicebot.toml"
    settings.write_text(content)
    said = assert_one_sentence(voicebot(settings, *command))
    for words in (str(settings), *named):
        assert words in said


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """Settings of a bank with scripts of its own, in `scripts` beside them."""
    shutil.copytree(ROOT / "dialogue" / "scripts", tmp_path / "scripts")
    path = tmp_path / "voicebot.toml"
    path.write_text('[folders]\nscripts = "scripts"\nmodels = "models"\n')
    return path


@pytest.mark.parametrize("name", ["rules.yml", "domain.yml"])
def test_a_yaml_error_in_a_script(settings: Path, name: str) -> None:
    path = settings.parent / "scripts" / SCRIPT / name
    assert_place_named(settings, path)


def test_a_yaml_error_in_the_words_of_a_script(settings: Path) -> None:
    assert_place_named(settings, settings.parent / "scripts" / SCRIPT / "responses.en.yml")


def test_a_yaml_error_in_the_head_of_a_script(settings: Path) -> None:
    assert_place_named(settings, settings.parent / "scripts" / SCRIPT / "script.yml")


def assert_place_named(settings: Path, path: Path) -> None:
    """A line with one colon too many goes in as line 3 of the file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:2], "misplaced: colon: here", *lines[2:]]), encoding="utf-8")
    result = voicebot(settings, "script", "check", SCRIPT, "--format", "plain")
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    (said,) = result.output.splitlines()
    assert said.startswith(f"{path}:3:")
    assert "error: not valid YAML" in said
    assert said.endswith("[yaml]")


SPOILT = {
    "a tab": ("rules.yml", b"    steps:", b"\tsteps:"),
    "a missing colon": ("rules.yml", b"    steps:", b"    steps"),
    "a key twice": ("domain.yml", b"slots:\n", b"slots: {}\nslots:\n"),
    "a response without text": ("responses.zh.yml", "text: 谢谢您。".encode(), b"text:"),
    "an unknown slot type": ("domain.yml", b"type: bool\n", b"type: boolean\n"),
    "another encoding": ("responses.en.yml", b"text: Thank you.", b"text: Th\xe4nk you."),
    "five megabytes": ("rules.yml", b"rules:\n", b"# long\n" * 750_000 + b"rules:\n"),
    "a circular value": ("rules.yml", b"rules:\n", b"rules: &all\n  - *all\n"),
    "an include": ("rules.yml", b"rules:\n", b"include: rules.yml\nrules:\n"),
}
"""Each is also a test of its message, in tests/dialogue/lint/test_files.py; here it goes through the command."""


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_file_of_a_script(settings: Path, name: str) -> None:
    file, old, new = SPOILT[name]
    path = settings.parent / "scripts" / SCRIPT / file
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new, 1))
    result = voicebot(settings, "script", "check", SCRIPT, "--format", "plain")
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    (said,) = result.output.splitlines()
    assert said.startswith(f"{path}:")
    assert said.removeprefix(f"{path}:").partition(":")[0].isdigit()
