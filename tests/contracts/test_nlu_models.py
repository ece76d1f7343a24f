"""What every kind of model of meaning keeps to, from training to service."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from bot.cli.nlu import app
from nlu import corpus, pointers, registry
from nlu.corpus import Split
from nlu.encoder.recipe import Recipe
from nlu.inventory import Intent
from nlu.manifest import ModelError
from nlu.model import OnnxUnderstander, load
from nlu.training import Options
from nlu.understanding import Context
from tests.needs import ROOT
from tests.nlu.conftest import FEW_INTENTS, write_rows
from tests.nlu.encoder.tiny import TINY

pytestmark = pytest.mark.contract

KINDS: dict[str, Mapping[str, Recipe]] = {"n-grams": {}, "encoder": {"en": TINY, "zh": TINY}, "mixed": {"zh": TINY}}
DAY = date(2026, 7, 15)


@pytest.fixture(
    scope="module",
    params=["n-grams", *(pytest.param(name, marks=pytest.mark.requires("torch")) for name in ("encoder", "mixed"))],
)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    for language in ("en", "zh"):
        lines = (ROOT / "training_data" / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
        rows = [row for line in lines if (row := json.loads(line))["intent"] in FEW_INTENTS]
        write_rows(folder / f"{language}.jsonl", rows[::2])
    return folder


@pytest.fixture(scope="module")
def root(data: Path, kind: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("models")
    version, fresh = registry.train_version(data, root, Options(), encoders=KINDS[kind])
    assert fresh
    pointers.set_live(root, version)
    return root


@pytest.fixture(scope="module")
def model(root: Path) -> OnnxUnderstander:
    return registry.load_live(root)


def context(language: str = "en") -> Context:
    return Context(language, DAY)


def test_it_learns_more_than_the_commonest_label(model: OnnxUnderstander) -> None:
    for part in model.manifest.languages.values():
        assert part.intent_score.accuracy > part.intent_score.majority + 0.1
        assert part.intent_score.ece < 0.2


def test_probabilities_are_probabilities(model: OnnxUnderstander) -> None:
    scores = model.scores(["yes", "i lost my job", "", "x" * 5000], "en")
    np.testing.assert_allclose(scores.intent.sum(axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(scores.sentiment.sum(axis=1), 1.0, atol=1e-5)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", ""),
        ("en", "😀🎉"),
        ("en", "yes " * 2500),
        ("en", "jag förstår tyvärr ingenting"),
        ("zh", "ὁδὸς ἄνω"),
        ("zh", "\x00"),
    ],
)
def test_what_is_no_utterance_is_out_of_scope_with_low_probability(
    model: OnnxUnderstander, language: str, text: str
) -> None:
    found = model.understand(text, context(language))
    assert found.intent is Intent.OUT_OF_SCOPE
    assert found.probability < 0.2


def test_alone_in_a_batch_and_from_threads_it_answers_the_same(model: OnnxUnderstander) -> None:
    texts = ["yes", "no thank you", "i want to talk to a human please", "转人工", "是的", "five", "我没有工作了"] * 12
    contexts = [context("zh" if "\u4e00" <= text[0] <= "\u9fff" else "en") for text in texts]
    alone = [model.understand(text, one).ranking for text, one in zip(texts, contexts, strict=True)]
    with ThreadPoolExecutor(4) as pool:
        threaded = [found.ranking for found in pool.map(model.understand, texts, contexts)]
    batched = [found.ranking for found in model.understand_all(texts, contexts)]
    for one, other, third in zip(alone, threaded, batched, strict=True):
        assert dict(one) == pytest.approx(dict(other), abs=1e-4)
        assert dict(one) == pytest.approx(dict(third), abs=1e-4)


def test_the_same_seed_gives_the_same_bytes(data: Path, kind: str, root: Path, tmp_path: Path) -> None:
    version, _ = registry.train_version(data, tmp_path, Options(), encoders=KINDS[kind])
    assert version == pointers.live_version(root)
    assert [path.name for path in tmp_path.iterdir()] == [version]
    for path in (root / version).iterdir():
        assert (tmp_path / version / path.name).read_bytes() == path.read_bytes()


@pytest.mark.requires("torch")
def test_every_kind_is_a_version_of_its_own(data: Path) -> None:
    assert len({registry.version_of(data, Options(), recipes) for recipes in KINDS.values()}) == len(KINDS)


def test_a_changed_file_is_refused(root: Path, tmp_path: Path) -> None:
    version = pointers.live_version(root)
    (tmp_path / version).mkdir()
    for path in (root / version).iterdir():
        (tmp_path / version / path.name).write_bytes(path.read_bytes())
    with (tmp_path / version / "zh.onnx").open("ab") as target:
        target.write(b" ")
    with pytest.raises(ModelError, match=r"zh\.onnx: is not the file model\.json describes"):
        load(tmp_path / version)


def test_the_card_says_what_kind_it_is(root: Path, kind: str) -> None:
    page = (root / pointers.live_version(root) / "model_card.md").read_text(encoding="utf-8")
    assert ("two logistic regressions" in page) == (kind != "encoder")
    assert ("Eight-bit weights beside float ones" in page) == (kind != "n-grams")


@pytest.mark.parametrize("words", [("evaluate",), ("compare", "live", "live"), ("predict", "yes please"), ("bench",)])
def test_the_commands_take_it(root: Path, data: Path, words: tuple[str, ...]) -> None:
    folders = () if words[0] == "predict" else ("--data", str(data))
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, [*words, *folders, "--models", str(root)])
    assert result.exit_code == 0, result.output


def test_rows_kept_aside_are_measured(model: OnnxUnderstander, data: Path) -> None:
    rows = corpus.of_split(corpus.read(data / "en.jsonl"), Split.TEST)
    intent, _ = model.evaluate(rows, "en")
    assert intent.score == model.manifest.languages["en"].intent_score
