"""Settings for tests that run a designer's command for real: trained models of the checkout, all else in a folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app
from tests.patience import PATIENCE_S
from tests.trained import models_in


def set_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only for tests that need `rasa`."""
    models_in(folder / "models")
    (folder / "voicebot.toml").write_text(
        '[folders]\nmodels = "models"\nprompts = "prompts"\ntapes = "tapes"\nruntime = "run"\n'
        f"[dialogue]\nturn_timeout_ms = {PATIENCE_S * 1000}\n"
    )
    monkeypatch.chdir(folder)


def script_command(*words: str, typed: str | None = None) -> Result:
    """`voicebot script WORDS`, with `typed` as its standard input."""
    return CliRunner().invoke(app, ["script", *words], input=typed)
