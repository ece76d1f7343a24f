"""Scores by hand, and what our own model must not fall below."""

from __future__ import annotations

import numpy as np
import pytest

from nlu.corpus import Row
from nlu.evaluation import SAFETY_INTENTS, evaluate, expected_calibration_error
from nlu.inventory import Intent
from nlu.model import OnnxUnderstander
from nlu.understanding import Context
from tests.nlu.phrases import WEDNESDAY

pytestmark = pytest.mark.unit


def test_scores_are_those_of_a_hand_count() -> None:
    probabilities = [[0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [0.7, 0.3]]
    found = evaluate(["a", "b"], probabilities, ["a", "b", "b", "a"])
    by_label = {entry.label: (entry.rows, entry.precision, entry.recall) for entry in found.labels}
    assert found.score.accuracy == 0.75
    assert found.score.majority == 0.5
    assert by_label == {"a": (2, pytest.approx(2 / 3), 1.0), "b": (2, 1.0, 0.5)}
    assert found.score.macro_f1 == pytest.approx((0.8 + 2 / 3) / 2)
    assert found.confusions == (("b", "a", 1),)
    assert found.recall("c") == 0.0


def test_calibration_error_is_the_gap_between_confidence_and_accuracy() -> None:
    sure = np.full(10, 0.9)
    assert expected_calibration_error(sure, np.arange(10) < 9) == pytest.approx(0.0)
    assert expected_calibration_error(sure, np.arange(10) < 5) == pytest.approx(0.4)


def test_without_rows_there_is_no_score() -> None:
    with pytest.raises(ValueError, match="nothing to evaluate"):
        evaluate(["a", "b"], np.zeros((0, 2)), [])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_our_model_is_far_better_than_chance(
    full_model: OnnxUnderstander, test_rows: dict[str, list[Row]], language: str
) -> None:
    """A floor under what was measured (docs hold the figures): it catches a broken training, not a bad day."""
    intent, sentiment = full_model.evaluate(test_rows[language], language)
    assert intent.score.accuracy > 0.74
    assert intent.score.macro_f1 > 0.74
    assert sentiment.score.macro_f1 > 0.65
    assert all(intent.recall(label) > 0.6 for label in SAFETY_INTENTS)


@pytest.mark.parametrize(
    ("language", "text", "intent"),
    [
        ("en", "yes", Intent.AFFIRM),
        ("en", "yes speaking", Intent.AFFIRM),
        ("en", "this is he", Intent.AFFIRM),
        ("en", "no", Intent.DENY),
        ("en", "stop", Intent.DO_NOT_CALL),
        ("en", "help", Intent.ASK_HUMAN),
        ("en", "repeat", Intent.REPEAT),
        ("en", "say that again", Intent.REPEAT),
        ("en", "wrong number", Intent.WRONG_PERSON),
        ("en", "i will pay on friday", Intent.PROMISE_TO_PAY),
        ("en", "i paid it yesterday", Intent.ALREADY_PAID),
        ("en", "do not call me again", Intent.DO_NOT_CALL),
        ("en", "can i talk to a person", Intent.ASK_HUMAN),
        ("en", "who is this", Intent.ASK_IDENTITY),
        ("en", "call me later", Intent.BUSY_CALL_LATER),
        ("en", "goodbye", Intent.GOODBYE),
        ("zh", "是", Intent.AFFIRM),
        ("zh", "对", Intent.AFFIRM),
        ("zh", "不是", Intent.DENY),
        ("zh", "转人工", Intent.ASK_HUMAN),
        ("zh", "打错了", Intent.WRONG_PERSON),
        ("zh", "别再打了", Intent.DO_NOT_CALL),
        ("zh", "我周五还", Intent.PROMISE_TO_PAY),
        ("zh", "我昨天已经还了", Intent.ALREADY_PAID),
        ("zh", "再说一遍", Intent.REPEAT),
        ("zh", "你是谁", Intent.ASK_IDENTITY),
        ("zh", "晚点再打", Intent.BUSY_CALL_LATER),
        ("zh", "再见", Intent.GOODBYE),
    ],
)
def test_the_plainest_words_are_understood_for_sure(
    full_model: OnnxUnderstander, language: str, text: str, intent: Intent
) -> None:
    found = full_model.understand(text, Context(language, WEDNESDAY))
    assert found.intent is intent
    assert found.probability > 0.6
