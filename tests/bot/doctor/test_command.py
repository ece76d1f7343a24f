"""The command: a table for people, JSON for programs, an exit code for both."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.cli import doctor as command
from bot.doctor.examination import examine_all
from bot.doctor.report import Finding, Report, Status

pytestmark = pytest.mark.integration

app = typer.Typer()
app.command()(command.doctor)


def report_of(status: Status) -> Report:
    return Report.of([Finding("speech", "vosk", status, "model not here", "pip install -e '.[vosk]'")])


@pytest.mark.parametrize(
    ("status", "code"), [(Status.OK, 0), (Status.NOT_YET, 0), (Status.OPTIONAL, 0), (Status.MISSING, 1)]
)
def test_fails_only_when_something_needed_is_missing(
    monkeypatch: pytest.MonkeyPatch, status: Status, code: int
) -> None:
    monkeypatch.setattr(command, "examine_all", lambda: report_of(status))
    result = CliRunner().invoke(app, env={"COLUMNS": "120"})
    assert result.exit_code == code
    assert "pip install -e '.[vosk]'" in result.output, "square brackets are text, not style"
    assert ("1 missing" in result.output) == (code == 1)


def test_prints_the_report_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "examine_all", lambda: report_of(Status.MISSING))
    result = CliRunner().invoke(app, ["--json"])
    data = json.loads(result.output)
    assert data["ready"] is False
    assert data["findings"][0]["status"] == "missing"


def test_every_switch_of_a_pool_is_examined(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    nodes = "".join(f'[[switch.nodes]]\nhost = "127.0.0.1"\nport = {port}\n' for port in (1, 2))
    (tmp_path / "voicebot.toml").write_text(nodes)
    monkeypatch.setenv("VOICEBOT_SETTINGS", str(tmp_path / "voicebot.toml"))
    details = [finding.detail for finding in examine_all().findings if finding.subject == "FreeSWITCH"]
    assert [detail.split(" (")[0] for detail in details] == ["not at 127.0.0.1:1", "not at 127.0.0.1:2"]


def test_a_faulty_settings_file_is_a_finding_and_the_rest_is_still_examined(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "voicebot.toml").write_text("[swich]\nport = 1\n")
    monkeypatch.setenv("VOICEBOT_SETTINGS", str(tmp_path / "voicebot.toml"))
    report = examine_all()
    settings = next(finding for finding in report.findings if finding.subject == "voicebot.toml")
    assert settings.status is Status.MISSING
    assert "swich" in settings.detail
    assert not report.ready
    assert {finding.area for finding in report.findings} >= {"machine", "environments", "speech", "models", "services"}
