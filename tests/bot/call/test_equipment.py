"""What all calls share is loaded before the first of them, which must not wait for it in mid-call."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from bot.call import equipment as module
from bot.call.equipment import Equipment
from bot.call.script_source import ScriptSource
from bot.settings import FolderSettings, Settings
from dialogue.prompts import Expectation

pytestmark = pytest.mark.unit

SCRIPT = "satisfaction_survey"


def test_a_prepared_script_costs_its_calls_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: Any) -> Any:
        raise AssertionError("loaded in mid-call")

    nothing = cast("Any", None)
    equipment = Equipment(Settings(folders=FolderSettings(prompts=tmp_path)), nothing, nothing, nothing, nothing)
    source = ScriptSource(SCRIPT, equipment.settings.folders.scripts)
    equipment.prepare(source)
    for name in ("load_script", "listening_grammar", "_grammar_books"):
        monkeypatch.setattr(module, name, late)
    loaded = equipment.prepare(source)
    expectations = {template.expectation for template in loaded.catalogue.prompts()}
    for expectation in (*expectations, Expectation()):
        for language in loaded.script.languages:
            for known in (True, False):
                assert equipment.hints(loaded, language, expectation, known).language == language
    equipment.close()
