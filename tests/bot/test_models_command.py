"""`voicebot models` from the outside: what a user sees and types."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.models import app

pytestmark = pytest.mark.integration

MANIFEST = """\
name = "small"
kind = "asr"
engine = "vosk"
languages = ["en"]
licence = "MIT"
about = "A model"
holds = ["model.bin"]
[[files]]
url = "http://127.0.0.1:1/model.bin"
"""


@pytest.fixture
def models(tmp_path: Path) -> Path:
    (tmp_path / "small.toml").write_text(MANIFEST)
    return tmp_path


def run(models: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*arguments, "--models", str(models)], env={"COLUMNS": "200"})
    return result.exit_code, result.output


def test_lists_what_there_is(models: Path) -> None:
    code, output = run(models, "list")
    assert code == 0
    assert "small" in output
    assert "absent, unpinned" in output


@pytest.mark.parametrize("columns", ["40", "60", "200"])
def test_a_narrow_terminal_keeps_names_in_one_piece_and_folds_the_description(tmp_path: Path, columns: str) -> None:
    name, about = "a-model-with-quite-a-long-name-0.15", "Words that need more room than the terminal has in one line"
    (tmp_path / f"{name}.toml").write_text(MANIFEST.replace('"small"', f'"{name}"').replace("A model", about))
    shown = CliRunner().invoke(app, ["list", "--models", str(tmp_path)], env={"COLUMNS": columns}).output
    head, *description = shown.splitlines()
    assert head.split("  ") == [name, "absent, unpinned, size unknown"]
    assert " ".join(" ".join(description).split()) == f"{about} (vosk; en; licence: MIT)"
    assert all(len(line) <= int(columns) for line in description)


def test_takes_a_model_from_a_folder_then_verifies_it(models: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk [1]"
    disk.mkdir()
    (disk / "model.bin").write_bytes(b"weights")
    assert run(models, "fetch", "small", "--from", str(disk))[0] == 1
    code, output = run(models, "fetch", "small", "--from", str(disk), "--trust-first-download")
    assert (code, output.strip()) == (0, f"small: in {models / 'fetched' / 'small'}")
    assert run(models, "fetch", "small") == (0, "small: already there\n")
    assert run(models, "verify") == (0, "small: as it was fetched\n")
    (models / "fetched" / "small" / "model.bin").write_bytes(b"other")
    assert run(models, "verify") == (1, "small: small/model.bin has changed since it was fetched\n")


def test_an_unknown_name_is_one_sentence(models: Path) -> None:
    assert run(models, "fetch", "large") == (1, "there is no model large; there are: small\n")


def test_no_network_is_one_sentence(models: Path) -> None:
    code, output = run(models, "fetch", "small", "--trust-first-download")
    assert code == 1
    assert "no connection to 127.0.0.1" in output
    assert "--from" in output
    assert "Traceback" not in output


def test_a_faulty_manifest_is_named(models: Path) -> None:
    (models / "small.toml").write_text(MANIFEST.replace('engine = "vosk"\n', ""))
    code, output = run(models, "list")
    assert code == 1
    assert "small.toml: `engine`: Field required" in output
