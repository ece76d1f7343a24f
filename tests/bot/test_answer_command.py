"""`voicebot answer`: what would keep it from taking calls is told before anything is trained or connected."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot.call.equipment import NotReady
from bot.cli import answer as command
from bot.cli.main import app
from bot.settings import Settings
from bot.studio.in_service import Releases

pytestmark = pytest.mark.integration

SURVEY = '[[inbound]]\nnumber = "7495"\nscript = "satisfaction_survey"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "add [[inbound]] to voicebot.toml"),
        ('[[inbound]]\nnumber = "7495"\nscript = "survey"\n', "there is no such script"),
        (SURVEY, "[[inbound]] 7495: satisfaction_survey cannot take calls"),
        (SURVEY, "bank_name is missing"),
        (SURVEY + 'language = "fr"\n', "speaks en, zh"),
    ],
)
def test_a_mistake_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, says: str) -> None:
    def prepare(settings: Settings, versions: Releases, scripts: list[str], console: Console) -> None:
        pytest.fail("prepared for calls that cannot be taken")

    monkeypatch.setattr(command, "prepare_versions", prepare)
    (tmp_path / "voicebot.toml").write_text(text)
    result = CliRunner().invoke(app, ["answer", "--settings", str(tmp_path / "voicebot.toml")])
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)  # anything else would have been a traceback
    assert says in result.stderr


def test_callers_get_the_published_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def platform(settings: Settings, scripts: list[str], *, with_switch: bool, versions: Releases) -> None:
        asked.append(versions)
        raise NotReady("that is enough")

    monkeypatch.setattr(command, "platform", platform)
    monkeypatch.setattr(command, "prepare_versions", lambda *_: None)
    text = SURVEY + 'contact = {bank_name = "Harbour Bank"}\n[queues]\nservice = "9301 XML default"\n'
    (tmp_path / "voicebot.toml").write_text(text)
    result = CliRunner().invoke(app, ["answer", "--settings", str(tmp_path / "voicebot.toml")])
    assert "that is enough" in result.stderr
    assert [type(versions) for versions in asked] == [Releases]
