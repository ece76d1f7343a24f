"""`voicebot tape verify`: one line a tape, and a success only where every one is intact."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.call.tape import Tape
from bot.cli.tape import app

pytestmark = pytest.mark.unit

runner = CliRunner(env={"COLUMNS": "200"})


@pytest.fixture
def tapes(tmp_path: Path) -> Path:
    for name in ("first", "second"):
        (tmp_path / f"{name}.wav").write_bytes(b"RIFF")
        Tape(tmp_path / f"{name}.jsonl", {"call": name}).close(tmp_path / f"{name}.wav")
    return tmp_path


def test_a_folder_of_intact_tapes_is_a_success(tapes: Path) -> None:
    result = runner.invoke(app, ["verify", str(tapes)])
    assert result.exit_code == 0, result.output
    assert result.output.count("  intact  ") == 2


def test_one_damaged_tape_is_named_and_fails_the_command(tapes: Path) -> None:
    first = tapes / "first.jsonl"
    first.write_text(first.read_text().replace('"call":"first"', '"call":"worst"'))
    result = runner.invoke(app, ["verify", str(first), str(tapes / "second.jsonl")])
    assert result.exit_code == 1
    assert "altered" in result.output
    assert "line 1 is not what was written" in result.output
    assert "intact" in result.output


def test_a_tape_without_its_end_or_its_recording_fails(tapes: Path) -> None:
    first = tapes / "first.jsonl"
    first.write_text(first.read_text().splitlines()[0] + "\n")
    (tapes / "second.wav").unlink()
    result = runner.invoke(app, ["verify", str(tapes)])
    assert result.exit_code == 1
    assert "not closed" in result.output
    assert "recording missing" in result.output


def test_what_is_no_tape_is_told_and_the_others_are_still_verified(tapes: Path) -> None:
    result = runner.invoke(app, ["verify", str(tapes / "first.wav"), str(tapes / "none.jsonl"), str(tapes)])
    assert result.exit_code == 1
    assert result.output.count("  no tape  ") == 2
    assert "first line is no tape header" in result.output
    assert "No such file" in result.output
    assert result.output.count("  intact  ") == 2


def test_a_folder_without_tapes_is_no_success(tmp_path: Path) -> None:
    result = runner.invoke(app, ["verify", str(tmp_path)])
    assert result.exit_code == 1
    assert "there is no tape" in result.output
