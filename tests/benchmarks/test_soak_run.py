"""A soak of some seconds: everything goes wrong at least once, and every call is accounted for."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.soak.houses import SCRIPTS
from benchmarks.soak.running import soak
from bot.preparation import prepare
from bot.settings import CallSettings, DialogueSettings, FolderSettings, Settings
from tests.patience import PATIENCE_S
from tests.trained import models_in

pytestmark = [pytest.mark.load, pytest.mark.requires("rasa")]

SECONDS = 6.0
SEED = 241
"""With it all mischief is over, and every switch up again, within the time."""


class Unseen:
    def reach(self, done: float, total: float | None = None) -> None:
        """Nobody looks."""


def test_every_call_is_accounted_for_and_nothing_is_left_over(tmp_path: Path) -> None:
    models = models_in(tmp_path / "models")
    dialogue = DialogueSettings(turn_timeout_ms=PATIENCE_S * 1000)
    late = CallSettings(most_late_ms=10_000)  # calls that wait for a busy machine are none of this test's
    settings = Settings(call=late, dialogue=dialogue, folders=FolderSettings(models=models))
    prepare(settings, SCRIPTS, Console(stderr=True))
    soaked = asyncio.run(soak(settings, SECONDS / 60, calls=8, seed=SEED, progress=Unseen()))
    assert soaked.ledger.unaccounted == []
    assert soaked.ledger.accounted == soaked.ledger.asked >= 8
    assert soaked.left_over == (), soaked.left_over
    assert soaked.errors == {}
    assert soaked.passed
