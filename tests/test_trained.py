"""The model that tests use is the one of the present training data, whichever is in service."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.pointers import LIVE, live_version
from nlu.registry import version_of
from nlu.training import Options
from tests.needs import ROOT
from tests.trained import MODELS, models_in

pytestmark = pytest.mark.integration


def in_service() -> str | None:
    pointer = MODELS / "nlu" / LIVE
    return pointer.read_text(encoding="utf-8") if pointer.exists() else None


def test_the_present_model_is_live_for_the_test_and_not_for_the_checkout(tmp_path: Path) -> None:
    before = in_service()
    folder = models_in(tmp_path / "models")
    assert live_version(folder / "nlu") == version_of(ROOT / "training_data", Options())
    assert in_service() == before
