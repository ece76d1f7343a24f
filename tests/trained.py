"""Models trained from what this checkout holds now, so that a test never passes on yesterday's training data."""

from __future__ import annotations

from pathlib import Path

from nlu.pointers import set_live
from nlu.registry import train_version
from tests.needs import ROOT

MODELS = ROOT / "models"


def model_of_meaning() -> Path:
    """Trained from `training_data` where it has changed (about 20 s), else found among the versions on disk."""
    version, _ = train_version(ROOT / "training_data", MODELS / "nlu")
    return MODELS / "nlu" / version


def models_in(folder: Path) -> Path:
    """Makes `folder` one for models: the present model of meaning is live in it, scripts are built where always.

    Which model is live in the checkout is not for a test to say: it may be an older one.
    """
    model = model_of_meaning()
    (folder / "nlu").mkdir(parents=True)
    (folder / "nlu" / model.name).symlink_to(model)
    set_live(folder / "nlu", model.name)
    (MODELS / "dialogue").mkdir(exist_ok=True)
    (folder / "dialogue").symlink_to(MODELS / "dialogue")
    return folder
