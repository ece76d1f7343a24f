"""Training: converges or fails, refuses too little data, and its ONNX file says what scikit-learn says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nlu import corpus, export, sentence_vectors, training
from nlu.corpus import CorpusError, Row, Split
from nlu.head import softmax
from nlu.session import OnnxSession
from nlu.training import Options, TrainedLanguage, TrainingError

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module", params=["en", "zh"])
def trained(request: pytest.FixtureRequest, small_data: Path) -> tuple[TrainedLanguage, list[Row]]:
    rows = corpus.read(small_data / f"{request.param}.jsonl")
    return training.train(rows, request.param, Options()), rows


def test_the_onnx_file_equals_scikit_learn_on_the_test_split(trained: tuple[TrainedLanguage, list[Row]]) -> None:
    model, rows = trained
    texts = [row.text for row in corpus.of_split(rows, Split.TEST)]
    scores = OnnxSession(export.to_onnx(model).SerializeToString(), model.language).scores(texts)
    matrix, vectors = model.matrix(texts), sentence_vectors.vectors(texts, model.language)
    np.testing.assert_allclose(scores.intent, model.intent.probabilities(matrix, vectors), atol=1e-5)
    np.testing.assert_allclose(scores.sentiment, model.sentiment.probabilities(matrix), atol=1e-5)


def test_a_text_scores_the_same_alone_and_in_a_batch(trained: tuple[TrainedLanguage, list[Row]]) -> None:
    model, rows = trained
    session = OnnxSession(export.to_onnx(model).SerializeToString(), model.language)
    texts = [row.text for row in rows[:20]]
    alone = np.vstack([session.scores([text]).intent for text in texts])
    np.testing.assert_allclose(session.scores(texts).intent, alone, atol=1e-5)


def test_known_is_the_share_of_words_that_training_saw(trained: tuple[TrainedLanguage, list[Row]]) -> None:
    model, rows = trained
    session = OnnxSession(export.to_onnx(model).SerializeToString(), model.language)
    learnt = next(row.text for row in rows if row.split is Split.TRAIN)
    halves = {"en": "yes qqqq", "zh": "是龘"}[model.language]
    assert session.scores([learnt, halves, "ωωωω", ""]).known.tolist() == [1.0, 0.5, 0.0, 0.0]


def test_the_temperature_fits_rows_that_the_model_did_not_learn_from(
    trained: tuple[TrainedLanguage, list[Row]],
) -> None:
    model, rows = trained
    aside = model.out_of_fold["intent"]
    assert {row.split for row in aside.rows} == {Split.TRAIN, Split.VALID}
    assert {row.template for row in aside.rows} == {row.template for row in rows if row.split is not Split.TEST}
    truth = [model.intent.labels.index(label) for label in aside.truth]

    def loss(temperature: float) -> float:
        probabilities = softmax(aside.logits / temperature)
        return float(-np.log(probabilities[np.arange(len(truth)), truth]).mean())

    best = loss(model.intent.temperature)
    assert best <= min(loss(1.0), loss(model.intent.temperature * 1.2), loss(model.intent.temperature / 1.2))


def test_a_label_whose_only_template_is_kept_out_is_not_calibrated_on(small_data: Path) -> None:
    rows = [row for row in corpus.read(small_data / "en.jsonl") if row.split is not Split.TEST]
    single = [replace(rows[0], text=text, intent="goodbye", template="bye") for text in ("goodbye", "good bye now")]
    found = training.out_of_fold([*rows, *single], "en", Options())["intent"]
    assert "goodbye" not in found.truth
    assert found.logits.shape == (len(found.truth), len({row.intent for row in rows}) + 1)


def test_intents_are_learnt_misheard_too_and_the_vocabulary_is_that_of_what_was_said(small_data: Path) -> None:
    rows = corpus.of_split(corpus.read(small_data / "en.jsonl"), Split.TRAIN)
    heard = training.misheard(rows, "en", Options())
    said = {row.text for row in rows}
    assert len(rows) / 4 < len(heard) < len(rows)
    assert heard == training.misheard(rows, "en", Options())
    assert not any(row.text in said for row in heard)
    assert {(row.intent, row.template) for row in heard} <= {(row.intent, row.template) for row in rows}
    assert training.misheard(rows, "en", Options(misheard=0.0)) == []


def test_training_that_does_not_converge_fails(small_data: Path) -> None:
    rows = corpus.read(small_data / "en.jsonl")
    with pytest.raises(TrainingError, match=r"en intent: not converged after 3 iterations .* raise max_iter"):
        training.train(rows, "en", Options(max_iter=3))


def test_an_intent_with_one_example_is_refused_by_name(small_data: Path) -> None:
    rows = corpus.read(small_data / "en.jsonl")
    single = replace(rows[0], text="goodbye", intent="goodbye", split=Split.TRAIN)
    with pytest.raises(TrainingError, match="intent goodbye has fewer than 2 training rows"):
        training.train([*rows, single], "en", Options())


def test_an_intent_that_is_never_learnt_is_refused(small_data: Path) -> None:
    rows = corpus.read(small_data / "en.jsonl")
    stranger = replace(rows[0], text="goodbye", intent="goodbye", split=Split.VALID)
    with pytest.raises(CorpusError, match="goodbye is in the valid split but never in train"):
        training.train([*rows, stranger], "en", Options())


def test_one_label_or_one_split_is_not_enough(small_data: Path) -> None:
    rows = corpus.read(small_data / "en.jsonl")
    with pytest.raises(TrainingError, match="at least two different intent labels"):
        training.train([row for row in rows if row.intent == "affirm"], "en", Options())
    with pytest.raises(TrainingError, match="both the train and the valid split"):
        training.train(corpus.of_split(rows, Split.TRAIN), "en", Options())


def test_sentiment_learns_from_judged_rows_only(small_data: Path) -> None:
    rows = corpus.read(small_data / "en.jsonl")
    unjudged = [replace(row, sentiment=None) if row.sentiment == "positive" else row for row in rows]
    assert "positive" not in training.train(unjudged, "en", Options()).sentiment.labels


def test_too_few_templates_to_calibrate_are_refused(small_data: Path) -> None:
    rows = [replace(row, template="one") for row in corpus.read(small_data / "en.jsonl")]
    with pytest.raises(TrainingError, match="en: too few templates to keep some aside in turn; write more"):
        training.train(rows, "en", Options())
