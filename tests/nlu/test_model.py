"""A served model: the dialogue's expectation, odd text, threads, and model folders that must be refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu import manifest, prior, sentence_vectors
from nlu.features import UnsupportedLanguage
from nlu.inventory import Intent
from nlu.manifest import ModelError
from nlu.model import OnnxUnderstander, load
from nlu.understanding import Context, Understander
from tests.nlu.phrases import WEDNESDAY

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def model(small_folder: Path) -> OnnxUnderstander:
    return load(small_folder)


def context(language: str = "en", expects: str | None = None, *choices: Intent, length: int | None = None) -> Context:
    return Context(language, WEDNESDAY, expects, choices, length)


def test_it_serves_the_port(model: OnnxUnderstander) -> None:
    understander: Understander = model
    found = understander.understand("can i speak to a human please", context())
    assert found.intent is Intent.ASK_HUMAN
    assert found.ranking[0] == (found.intent, found.probability)
    assert sum(probability for _, probability in found.ranking) == pytest.approx(1.0)
    assert found.model == understander.version


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", ""),
        ("en", " \t\n"),
        ("en", "?!…"),
        ("en", "😀🎉👍"),
        ("en", "\x00\x07\x1b\u200b\ufeff"),
        ("en", "yes " * 2500),
        ("en", "我不明白你在说什么"),
        ("en", "jag förstår tyvärr ingenting"),
        ("zh", ""),
        ("zh", "是" * 10_000),
        ("zh", "😀"),
        ("zh", "ὁδὸς ἄνω κάτω μία"),
    ],
)
def test_what_is_no_utterance_is_out_of_scope_with_low_probability(
    model: OnnxUnderstander, language: str, text: str
) -> None:
    found = model.understand(text, context(language, "yes_no"))
    assert found.intent is Intent.OUT_OF_SCOPE
    assert found.probability < 0.2
    assert found.answer is None


@settings(max_examples=150)
@given(text=st.text(max_size=1200), language=st.sampled_from(["en", "zh"]), expects=st.sampled_from([None, "date"]))
def test_no_text_raises(model: OnnxUnderstander, text: str, language: str, expects: str | None) -> None:
    found = model.understand(text, context(language, expects))
    assert 0.0 < found.probability <= 1.0


def test_what_the_dialogue_expects_gains_and_nothing_is_ruled_out(model: OnnxUnderstander) -> None:
    bare = dict(model.understand("five", context()).ranking)
    asked = dict(model.understand("five", context("en", "rating")).ranking)
    assert asked[Intent.GIVE_RATING] >= bare[Intent.GIVE_RATING]
    assert asked.keys() == bare.keys()
    steered = model.understand("let me talk to a human", context("en", "yes_no"))
    assert steered.intent is Intent.ASK_HUMAN


def test_choices_are_a_prior_too() -> None:
    labels = (Intent.AFFIRM, Intent.THANKS, Intent.DENY)
    ranking = prior.weigh(labels, (0.4, 0.5, 0.1), context("en", "choice", Intent.AFFIRM))
    assert ranking[0][0] is Intent.AFFIRM
    assert ranking[0][1] == pytest.approx(1.2 / 1.8)
    assert prior.weigh(labels, (0.4, 0.5, 0.1), context("en", "something new"))[0][0] is Intent.THANKS


def test_the_answer_is_found_even_where_the_words_are_unknown(model: OnnxUnderstander) -> None:
    found = model.understand("4217", context("en", "number", length=4))
    assert found.answer is not None
    assert found.answer.value == "4217"


def test_regions_are_served_and_other_languages_refused(model: OnnxUnderstander) -> None:
    assert model.understand("yes", context("en-GB")).intent is Intent.AFFIRM
    with pytest.raises(UnsupportedLanguage, match="no language 'fr'; it has en, zh"):
        model.understand("oui", context("fr"))


def test_threads_and_batches_get_the_same_answers(model: OnnxUnderstander) -> None:
    texts = ["yes", "no", "thank you", "i lost my job", "是的", "转人工", "", "five"] * 8
    contexts = [context("zh" if "\u4e00" <= text[:1] <= "\u9fff" else "en") for text in texts]
    alone = [model.understand(text, one) for text, one in zip(texts, contexts, strict=True)]
    with ThreadPoolExecutor(4) as pool:
        threaded = list(pool.map(model.understand, texts, contexts))
    batched = model.understand_all(texts, contexts)
    assert [found.intent for found in threaded] == [found.intent for found in alone]
    assert [found.intent for found in batched] == [found.intent for found in alone]
    assert [found.probability for found in batched] == pytest.approx([found.probability for found in alone], abs=1e-5)


def _truncate(folder: Path) -> None:
    (folder / "en.onnx").write_bytes((folder / "en.onnx").read_bytes()[:1000])


def _remove(folder: Path) -> None:
    (folder / "en.onnx").unlink()


def _describe(folder: Path, **changes: object) -> None:
    path = folder / manifest.FILE_NAME
    described = json.loads(path.read_text(encoding="utf-8"))
    described["languages"]["en"] |= changes
    described["seal"] = manifest.seal(described)
    path.write_text(json.dumps(described), encoding="utf-8")


def _garbage_with_its_hash(folder: Path) -> None:
    (folder / "en.onnx").write_bytes(b"no model")
    _describe(folder, sha256=manifest.sha256(b"no model"))


def _other_labels(folder: Path) -> None:
    _describe(folder, intents=["affirm", "deny"])


def _unknown_label(folder: Path) -> None:
    _describe(folder, intents=["affirm", "agree"])


def _changed_by_hand(folder: Path) -> None:
    path = folder / manifest.FILE_NAME
    described = json.loads(path.read_text(encoding="utf-8"))
    described["languages"]["en"]["policy"]["act"] = 0.01
    path.write_text(json.dumps(described), encoding="utf-8")


def _no_manifest(folder: Path) -> None:
    (folder / manifest.FILE_NAME).unlink()


def _broken_manifest(folder: Path) -> None:
    (folder / manifest.FILE_NAME).write_text("{", encoding="utf-8")


def _other_format(folder: Path) -> None:
    path = folder / manifest.FILE_NAME
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"format": 99}), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_truncate, r"en\.onnx: is not the file model\.json describes \(sha256 differs\)"),
        (_remove, r"en\.onnx: cannot be read"),
        (_garbage_with_its_hash, r"en\.onnx: ONNX Runtime cannot load it"),
        (_other_labels, r"en\.onnx: has \(8, 4\) outputs, model\.json names other labels"),
        (_unknown_label, r"model\.json: languages\.en\.intents\.1"),
        (_changed_by_hand, r"model\.json: was changed after training"),
        (_no_manifest, r"model\.json: cannot be read .* run `voicebot nlu train`"),
        (_broken_manifest, r"model\.json: the file: Invalid JSON"),
        (_other_format, r"model\.json: is of another version of the product \(format\)"),
    ],
)
def test_a_damaged_model_folder_is_refused_by_name(
    small_folder: Path, tmp_path: Path, damage: Callable[[Path], None], message: str
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(small_folder, folder)
    damage(folder)
    with pytest.raises(ModelError, match=message):
        load(folder)


def test_other_sentence_vectors_than_those_of_training_are_refused(
    small_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sentence_vectors, "identity", lambda: "another==1.0")
    with pytest.raises(
        ModelError, match=r"\.onnx: was trained with .*==0\.2\.1 .*here are those of another==1\.0; install"
    ):
        load(small_folder)


def test_a_model_from_before_there_were_sentence_vectors_is_refused(small_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "old"
    shutil.copytree(small_folder, folder)
    described = manifest.read(folder)
    languages = {}
    for tag, part in described.languages.items():
        graph = onnx.load(folder / part.file)
        del graph.metadata_props[:]
        content = graph.SerializeToString()
        (folder / part.file).write_bytes(content)
        languages[tag] = part.model_copy(update={"sha256": manifest.sha256(content)})
    manifest.write(described.model_copy(update={"languages": languages}), folder)
    with pytest.raises(ModelError, match=r"without sentence vectors; train it again"):
        load(folder)


@pytest.mark.parametrize("texts", [[""], ["qqqq"], ["qqqq", ""], ["yes", "qqqq", "", "no thanks"], ["yes"]])
def test_texts_of_which_nothing_is_known_score_beside_others_as_alone(
    model: OnnxUnderstander, texts: list[str]
) -> None:
    together = model.scores(texts, "en")
    for row, text in enumerate(texts):
        alone = model.scores([text], "en")
        assert together.intent[row] == pytest.approx(alone.intent[0], abs=1e-5)
        assert together.intent[row].sum() == pytest.approx(1.0, abs=1e-5)
        assert together.known[row] == alone.known[0]
