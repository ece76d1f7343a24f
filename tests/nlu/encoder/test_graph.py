"""An encoder's file in service: run like any other model, without torch, and refused where it is broken."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest

from nlu import manifest
from nlu.encoder.tokens import METADATA_KEY
from nlu.manifest import ModelError
from nlu.model import load
from nlu.session import OnnxSession
from tests.needs import ROOT
from tests.nlu.encoder import tiny

pytestmark = pytest.mark.unit

INTENTS, SENTIMENTS = ("affirm", "deny", "thanks"), ("neutral", "positive")


@pytest.fixture(params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def session(language: str) -> OnnxSession:
    return OnnxSession(tiny.content(language, INTENTS, SENTIMENTS), language)


def test_probabilities_are_those_of_the_mean_vector_under_each_head(language: str) -> None:
    content = tiny.content(language, INTENTS, SENTIMENTS)
    session, model = OnnxSession(content, language), onnx.load_from_string(content)
    table = next(onnx.numpy_helper.to_array(t) for t in model.graph.initializer if t.name == "table")
    text = tiny.TEXTS[language][0]
    described = json.loads(next(entry.value for entry in model.metadata_props if entry.key == METADATA_KEY))
    vocabulary = described["model"]["vocab"]
    mean = table[[vocabulary[token] for token in ["[CLS]", *text]]].mean(axis=0)
    head = tiny.head(INTENTS, 8)
    expected = np.exp(mean @ head.weights / 2.0)
    np.testing.assert_allclose(session.scores([text]).intent[0], expected / expected.sum(), atol=1e-5)
    assert (session.width("intent"), session.width("sentiment")) == (3, 2)


def test_a_text_scores_the_same_alone_and_in_a_batch(session: OnnxSession, language: str) -> None:
    texts = [*tiny.TEXTS[language], "", "yes " * 500, "no"] * 30
    together = session.scores(texts)
    alone = np.vstack([session.scores([text]).intent for text in texts])
    np.testing.assert_allclose(together.intent, alone, atol=1e-6)
    np.testing.assert_allclose(together.intent.sum(axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(session.probabilities(texts, "intent"), together.intent, atol=1e-6)


def test_known_is_the_share_of_words_that_training_saw(session: OnnxSession, language: str) -> None:
    halves = {"en": "yes qqqq", "zh": "好龘"}[language]
    texts = [tiny.TEXTS[language][0], halves, "ωωωω", ""]
    assert session.scores(texts).known.tolist() == [1.0, 0.5, 0.0, 0.0]


def test_the_same_parts_give_the_same_bytes(language: str) -> None:
    assert tiny.content(language, INTENTS, SENTIMENTS) == tiny.content(language, INTENTS, SENTIMENTS)


def served_by(folder: Path, like: Path, content: bytes) -> Path:
    """A model folder like another, its English an encoder that nobody trained."""
    described = json.loads((like / manifest.FILE_NAME).read_text(encoding="utf-8"))
    described["languages"] = {"en": described["languages"]["en"] | {"sha256": manifest.sha256(content)}}
    described["seal"] = manifest.seal(described)
    folder.mkdir()
    (folder / "en.onnx").write_bytes(content)
    (folder / manifest.FILE_NAME).write_text(json.dumps(described), encoding="utf-8")
    return folder


def english(small_folder: Path) -> bytes:
    part = load(small_folder).manifest.languages["en"]
    return tiny.content("en", part.intents, part.sentiments)


def test_serving_imports_no_torch(small_folder: Path, tmp_path: Path) -> None:
    folder = served_by(tmp_path / "model", small_folder, english(small_folder))
    program = (
        "import sys; sys.modules.update(torch=None, transformers=None)\n"  # an import of them is an error
        "from datetime import date; from pathlib import Path\n"
        "from nlu.model import load; from nlu.understanding import Context\n"
        f"found = load(Path({str(folder)!r})).understand('yes please', Context('en', date(2026, 7, 15)))\n"
        "print(found.probability)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert 0.0 < float(done.stdout) <= 1.0


def test_a_broken_tokeniser_is_a_broken_model(small_folder: Path, tmp_path: Path) -> None:
    model = onnx.load_from_string(english(small_folder))
    onnx.helper.set_model_props(model, {METADATA_KEY: "no json"})
    folder = served_by(tmp_path / "model", small_folder, model.SerializeToString())
    with pytest.raises(ModelError, match=r"en\.onnx: ONNX Runtime cannot load it .* train it again"):
        load(folder)
