"""The policy: which decision follows from probabilities, and thresholds that follow from costs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nlu.inventory import Intent
from nlu.policy.costs import FILE, CostsError, costs
from nlu.policy.decision import Action, Policy, decide
from nlu.policy.fitting import fit

pytestmark = pytest.mark.unit

POLICY = Policy(gate=0.3, act=0.8, confirm=0.4, hand_over=0.6, safety={Intent.DO_NOT_CALL: 0.25})


@pytest.mark.parametrize(
    ("intent", "probability", "action"),
    [
        (Intent.AFFIRM, 0.8, Action.ACT),
        (Intent.AFFIRM, 0.79, Action.CONFIRM),
        (Intent.AFFIRM, 0.39, Action.ASK_AGAIN),
        (Intent.ASK_HUMAN, 0.6, Action.HAND_OVER),
        (Intent.OTHER_BANKING, 0.9, Action.HAND_OVER),
        (Intent.ASK_HUMAN, 0.5, Action.CONFIRM),
        (Intent.OUT_OF_SCOPE, 0.9, Action.ACT),
        (Intent.OUT_OF_SCOPE, 0.2, Action.ASK_AGAIN),
        (Intent.DO_NOT_CALL, 0.9, Action.ACT),
        (Intent.DO_NOT_CALL, 0.26, Action.CONFIRM),
    ],
)
def test_the_decision_follows_the_thresholds(intent: Intent, probability: float, action: Action) -> None:
    found = decide([(intent, probability), (Intent.GREET, 0.01)], POLICY)
    assert (found.action, found.intent, found.probability) == (action, intent, probability)


def test_a_safety_intent_that_comes_close_is_asked_back() -> None:
    found = decide([(Intent.DENY, 0.6), (Intent.DO_NOT_CALL, 0.3)], POLICY)
    assert (found.action, found.intent) == (Action.CONFIRM, Intent.DO_NOT_CALL)
    assert decide([(Intent.DENY, 0.6), (Intent.DO_NOT_CALL, 0.2)], POLICY).intent is Intent.DENY


def test_the_gate_turns_away_what_fits_no_intent() -> None:
    policy = POLICY.model_copy(update={"gate": 0.5})
    assert decide([(Intent.AFFIRM, 0.45), (Intent.OUT_OF_SCOPE, 0.4)], policy).action is Action.ASK_AGAIN


def _sample(seed: int) -> tuple[list[Intent], np.ndarray, list[str]]:
    """Calibrated by construction: a row's intent is right as often as its probability says."""
    random = np.random.default_rng(seed)
    labels = [Intent.AFFIRM, Intent.DENY, Intent.HARDSHIP]
    table = random.dirichlet((0.5, 0.5, 0.5), 2000)
    return labels, table, [labels[random.choice(3, p=row)].value for row in table]


def test_thresholds_follow_the_costs() -> None:
    labels, table, truth = _sample(1)
    usual = fit(labels, table, truth, costs())
    dear = fit(labels, table, truth, costs().model_copy(update={"wrong_action": 30}))
    cheap = fit(labels, table, truth, costs().model_copy(update={"wrong_action": 1.5}))
    assert cheap.act < usual.act < dear.act
    # With calibrated probabilities: asking pays where (1 - p) of the difference is less than one needless question.
    assert usual.act == pytest.approx(1 - 1 / (7 - 3 + 1), abs=0.08)
    assert usual.confirm <= usual.act
    assert usual == fit(labels, table, truth, costs())


def test_the_gate_keeps_to_the_false_rejection_allowed() -> None:
    labels, table, truth = _sample(2)
    gate = fit(labels, table, truth, costs()).gate
    assert 0.03 < (table.max(axis=1) < gate).mean() <= 0.05


def test_a_recall_target_that_is_higher_lowers_the_threshold() -> None:
    labels, table, truth = _sample(3)
    loose = costs().model_copy(update={"safety_floor": 0.02, "safety_false_alarms": 0.5})
    strict = loose.model_copy(update={"safety_recall": {Intent.HARDSHIP: 0.99}})
    lax = loose.model_copy(update={"safety_recall": {Intent.HARDSHIP: 0.8}})
    assert fit(labels, table, truth, strict).safety[Intent.HARDSHIP] < fit(labels, table, truth, lax).safety["hardship"]


def test_no_rows_are_no_thresholds() -> None:
    with pytest.raises(ValueError, match="no threshold to choose"):
        fit([Intent.AFFIRM], np.zeros((0, 1)), [], costs())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("wrong_action: 7", "wrong_action: -1"), "wrong_action: Input should be greater than 0"),
        (("confirm: 1 ", "confrim: 1 "), "confirm: Field required"),
        (("hardship:", "hardshp:"), "safety_recall.hardshp"),
        (("wrong_action: 7", "wrong_action: ["), "is not YAML"),
    ],
)
def test_a_mistake_in_the_costs_is_named(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    path = tmp_path / "costs.yml"
    path.write_text(FILE.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    with pytest.raises(CostsError, match=message):
        costs(path)
