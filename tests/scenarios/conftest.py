"""The product as it is set up on a machine: scripts and the model of meaning trained from this checkout."""

from __future__ import annotations

import pytest

from bot.settings import DialogueSettings, FolderSettings, Settings
from dialogue.building import build_scripts
from tests.needs import DIALOGUE_PYTHON
from tests.patience import PATIENCE_S
from tests.trained import models_in


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """All that calls leave behind goes to a temporary folder. Only for tests that need `rasa`."""
    folder = tmp_path_factory.mktemp("product")
    models = models_in(folder / "models")
    folders = FolderSettings(models=models, prompts=folder / "prompts", tapes=folder / "tapes", runtime=folder / "run")
    build_scripts(DIALOGUE_PYTHON, folders.scripts, folders.models / "dialogue", lambda progress: None)
    return Settings(
        dialogue=DialogueSettings(turn_timeout_ms=PATIENCE_S * 1000),
        folders=folders,
        queues={"collections": "9300 XML default", "service": "9301 XML default"},
    )
