"""Scripts to spoil."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.dialogue.test_scripts_page import paste
from tests.dialogue.walks import REPAYMENT, SCRIPTS, SURVEY


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """The shared part, two of the shipped scripts, and the small one of docs/scripts.md."""
    scripts = paste(tmp_path / "scripts")
    for name in (REPAYMENT, SURVEY):
        shutil.copytree(SCRIPTS / name, scripts / name)
    return scripts
