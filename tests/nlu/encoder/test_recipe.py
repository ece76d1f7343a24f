"""`--encoder`: which language gets what, and a sentence for what cannot be had."""

from __future__ import annotations

import tomllib
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.nlu import app
from nlu.encoder import recipe as recipes
from nlu.training import TrainingError
from tests.needs import ROOT
from tests.nlu.own_data import DRINKS, csv

pytestmark = pytest.mark.unit

BOTH = ("en", "zh")


@pytest.fixture
def minilm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the package would be; only its place is asked for."""
    package = tmp_path / "package" / "__init__.py"
    spec = ModuleSpec(recipes.MINILM_PACKAGE, None, origin=str(package))
    monkeypatch.setattr(recipes, "find_spec", lambda name: spec)
    return package.parent / "model"


@pytest.fixture
def encoder(tmp_path: Path) -> Path:
    folder = tmp_path / "bge-small-zh"
    folder.mkdir()
    (folder / "config.json").write_text("{}", encoding="utf-8")
    return folder


def test_minilm_is_for_english_and_the_other_language_keeps_its_ngrams(minilm: Path) -> None:
    chosen = recipes.choose(["minilm"], BOTH)
    assert {tag: (recipe.name, recipe.folder) for tag, recipe in chosen.items()} == {"en": ("minilm", minilm)}


def test_each_language_may_have_its_own(minilm: Path, encoder: Path) -> None:
    chosen = recipes.choose(["en=minilm", f"zh={encoder}"], BOTH)
    assert (chosen["en"].name, chosen["zh"].name, chosen["zh"].folder) == ("minilm", "bge-small-zh", encoder)
    assert {tag: recipe.name for tag, recipe in recipes.choose(["scratch"], BOTH).items()} == dict.fromkeys(
        BOTH, "scratch"
    )
    assert recipes.choose([], BOTH) == {}
    assert recipes.choose(["scratch"], BOTH, epochs=3)["zh"].epochs == 3


@pytest.mark.parametrize(
    ("wanted", "languages", "message"),
    [
        (["zh=minilm"], BOTH, "zh=minilm: MiniLM reads English only"),
        (["minilm"], ("zh",), "MiniLM reads English only; the data are zh"),
        (["fr=scratch"], BOTH, "fr=scratch: there are no data of language 'fr'; en, zh"),
        (["scratch", "zh=scratch"], BOTH, "zh has an encoder already"),
        (["nowhere"], BOTH, "nowhere: neither minilm nor scratch nor a folder with"),
    ],
)
@pytest.mark.usefixtures("minilm")
def test_what_makes_no_sense_is_refused(wanted: list[str], languages: tuple[str, ...], message: str) -> None:
    with pytest.raises(TrainingError, match=message):
        recipes.choose(wanted, languages)


def test_epochs_without_an_encoder_are_refused() -> None:
    with pytest.raises(TrainingError, match="name one with --encoder"):
        recipes.choose([], BOTH, epochs=3)


def test_other_files_are_another_recipe(encoder: Path) -> None:
    before = recipes.choose([f"zh={encoder}"], BOTH)["zh"].identity()
    (encoder / "config.json").write_text('{"hidden_size": 8}', encoding="utf-8")
    assert recipes.choose([f"zh={encoder}"], BOTH)["zh"].identity() != before


def test_an_interruption_says_how_to_go_on(small_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.cli.nlu.train_version", interrupted)
    words = ["train", "--data", str(small_data), "--models", str(tmp_path), "--encoder", "scratch"]
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, words)
    assert result.exit_code == 130
    assert "interrupted; the same command goes on from the last checkpoint" in result.output


@pytest.mark.parametrize("wanted", ["minilm", "scratch"])
def test_without_the_training_libraries_the_command_says_what_to_install(
    small_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: str
) -> None:
    monkeypatch.setattr(recipes, "find_spec", lambda name: None)
    drinks = tmp_path / "drinks.csv"
    drinks.write_text(csv(DRINKS), encoding="utf-8")
    own = ["--data", str(drinks), "--test", str(drinks), "--lang", "en", "--name", "drinks"]
    for data in (["--data", str(small_data)], own):
        words = ["train", *data, "--models", str(tmp_path / "models"), "--encoder", wanted]
        result = CliRunner(env={"COLUMNS": "200"}).invoke(app, words)
        assert result.exit_code == 1
        assert f"`pip install {recipes.TORCH}`, then `pip install -e '.[encoder]'`" in result.output
        assert "Traceback" not in result.output
    assert not list((tmp_path / "models").glob("*/*"))


def test_the_extra_pins_the_torch_that_the_message_names() -> None:
    tables = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert recipes.TORCH in tables["project"]["optional-dependencies"]["encoder"]
