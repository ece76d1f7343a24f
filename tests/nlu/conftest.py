"""Models for the tests: a small one, trained in about a second, and the full one, trained once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from nlu import corpus, pointers, registry
from nlu.corpus import Row, Split
from nlu.inventory import Intent
from nlu.model import OnnxUnderstander, load
from nlu.training import Options
from tests.needs import ROOT

DATA = ROOT / "training_data"
FEW_INTENTS = {
    Intent.AFFIRM,
    Intent.DENY,
    Intent.GIVE_RATING,
    Intent.ASK_HUMAN,
    Intent.OUT_OF_SCOPE,
    Intent.ABUSE,
    Intent.HARDSHIP,
    Intent.THANKS,
}


def write_rows(path: Path, records: Iterable[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


@pytest.fixture(scope="session")
def small_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some intents of the real data, in both languages."""
    folder = tmp_path_factory.mktemp("data")
    for language in ("en", "zh"):
        lines = (DATA / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
        write_rows(
            folder / f"{language}.jsonl", (row for line in lines if (row := json.loads(line))["intent"] in FEW_INTENTS)
        )
    return folder


@pytest.fixture(scope="session")
def small_root(small_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with one small live model."""
    root = tmp_path_factory.mktemp("models")
    version, _ = registry.train_version(small_data, root)
    pointers.set_live(root, version)
    return root


@pytest.fixture(scope="session")
def small_folder(small_root: Path) -> Path:
    return small_root / pointers.live_version(small_root)


@pytest.fixture(scope="session")
def other_small_folder(small_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same data, a little more strongly regularised: another version."""
    root = tmp_path_factory.mktemp("other")
    version, _ = registry.train_version(small_data, root, Options(c=0.25))
    return root / version


@pytest.fixture
def two_models(small_folder: Path, other_small_folder: Path, tmp_path: Path) -> tuple[Path, str, str]:
    """A registry of one's own with two models, none live: its root, and their versions."""
    for folder in (small_folder, other_small_folder):
        shutil.copytree(folder, tmp_path / folder.name)
    return tmp_path, small_folder.name, other_small_folder.name


@pytest.fixture(scope="session")
def full_model(tmp_path_factory: pytest.TempPathFactory) -> OnnxUnderstander:
    """The model of all our data, trained once a run."""
    root = tmp_path_factory.mktemp("full")
    version, _ = registry.train_version(DATA, root)
    return load(root / version)


@pytest.fixture(scope="session")
def test_rows() -> dict[str, list[Row]]:
    return {tag: corpus.of_split(corpus.read(DATA / f"{tag}.jsonl"), Split.TEST) for tag in corpus.languages(DATA)}
