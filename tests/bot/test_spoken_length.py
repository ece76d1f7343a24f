"""Sentences that take too long to say, by the voice that says them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import FolderSettings, Settings
from bot.spoken_length import Stopwatch
from dialogue.worker.rule import Rule
from tests.dialogue.lint.bad import GREETING, edit
from tests.dialogue.test_scripts_page import paste

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(folders=FolderSettings(scripts=paste(tmp_path / "scripts"), prompts=tmp_path / "prompts"))


def test_the_small_script_takes_no_sentence_too_long(settings: Settings) -> None:
    assert list(Stopwatch(settings).problems("errand")) == []


def test_few_words_may_take_long(settings: Settings) -> None:
    """Seventeen words, fewer than are told without a voice."""
    words = "responsibility for unsatisfactory administrative communication " * 4
    path = edit(settings.folders.scripts, "errand/responses.en.yml", GREETING, f"    - text: The {words}is ours.\n")
    (problem,) = Stopwatch(settings).problems("errand")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert (problem.rule, problem.file) == (Rule.LONG_SENTENCE, str(path))
    assert problem.line is not None
    assert lines[problem.line - 1].startswith("    - text: The responsibility")
