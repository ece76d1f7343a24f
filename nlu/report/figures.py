"""Everything the report shows, measured through the path a call takes, as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from nlu import prior
from nlu.comparison.comparing import Comparison, calibration_error
from nlu.comparison.measuring import NO_QUESTION, STATES, Measured
from nlu.comparison.statistics import wilson
from nlu.corpus import Row
from nlu.evaluation import ECE_BINS, SAFETY_INTENTS, evaluate
from nlu.inventory import Intent
from nlu.manifest import LanguageModel
from nlu.policy.costs import Costs
from nlu.policy.decision import BEYOND, Action, in_scope

NOISE_RATES = (0.0, 0.05, 0.1, 0.2, 0.3)
FALSE_REJECTION = 0.05
WORST = 20

Found = dict[str, Any]


def figures(
    measured: Measured,
    part: LanguageModel,
    noisy: Callable[[float], Measured],
    costs: Costs,
    comparison: Comparison | None,
) -> Found:
    """Of one language. `noisy` measures the same rows with a share of their words misheard."""
    truth, found = measured.truth, measured.intents()
    labels = sorted({*truth, *found})
    return {
        "rows": len(truth),
        "intent": _score(truth, found) | {"ece": calibration_error(measured)},
        "sentiment": _sentiment(measured, part),
        "intents": [_intent(label, truth, found) for label in labels],
        "confusion": _confusion(labels, truth, found),
        "calibration": _calibration(measured),
        "policy": _policy(measured, part, costs),
        "noise": [{"rate": rate, **_score(truth, noisy(rate).intents())} for rate in NOISE_RATES],
        "out_of_scope": _out_of_scope(measured, part.policy.gate),
        "states": [_state(measured, state) for state in STATES[1:]],
        "worst": _worst(measured),
        "comparison": asdict(comparison) if comparison is not None else None,
    }


def _score(truth: Sequence[str], found: Sequence[str]) -> Found:
    hits = sum(a == b for a, b in zip(truth, found, strict=True))
    low, high = wilson(hits, len(truth))
    common = Counter(truth).most_common(1)[0]
    f1 = [_intent(label, truth, found)["f1"] for label in sorted(set(truth))]
    majority_f1 = 2 * common[1] / (len(truth) + common[1]) / len(f1)
    return {
        "accuracy": hits / len(truth),
        "interval": (low, high),
        "macro_f1": sum(f1) / len(f1),
        "majority": common[1] / len(truth),
        "majority_macro_f1": majority_f1,
    }


def _intent(label: str, truth: Sequence[str], found: Sequence[str]) -> Found:
    hits = sum(t == f == label for t, f in zip(truth, found, strict=True))
    rows, called = sum(t == label for t in truth), sum(f == label for f in found)
    return {
        "intent": label,
        "safety": label in SAFETY_INTENTS,
        "rows": rows,
        "precision": hits / called if called else 0.0,
        "precision_interval": wilson(hits, called),
        "recall": hits / rows if rows else 0.0,
        "recall_interval": wilson(hits, rows),
        "f1": 2 * hits / (rows + called) if rows + called else 0.0,
    }


def _sentiment(measured: Measured, part: LanguageModel) -> Found | None:
    judged = [(index, row.sentiment) for index, row in enumerate(measured.rows) if row.sentiment is not None]
    if not judged:
        return None
    scores = measured.scores.sentiment[[index for index, _ in judged]]
    score = evaluate(part.sentiments, scores, [value for _, value in judged]).score
    predicted = [part.sentiments[column].value for column in scores.argmax(axis=1)]
    return _score([value for _, value in judged], predicted) | {"rows": len(judged), "ece": score.ece}


def _confusion(labels: Sequence[str], truth: Sequence[str], found: Sequence[str]) -> Found:
    place = {label: index for index, label in enumerate(labels)}
    matrix = np.zeros((len(labels), len(labels)), dtype=int)
    for t, f in zip(truth, found, strict=True):
        matrix[place[t], place[f]] += 1
    return {"labels": list(labels), "matrix": matrix.tolist()}


def _calibration(measured: Measured) -> list[Found]:
    top = [judgement.ranking[0] for judgement in measured.judged[NO_QUESTION]]
    confidence = np.array([p for _, p in top])
    right = np.array([intent == true for (intent, _), true in zip(top, measured.truth, strict=True)])
    bins = np.minimum((confidence * ECE_BINS).astype(int), ECE_BINS - 1)
    return [
        {
            "from": index / ECE_BINS,
            "rows": int((bins == index).sum()),
            "confidence": float(confidence[bins == index].mean()),
            "accuracy": float(right[bins == index].mean()),
        }
        for index in range(ECE_BINS)
        if (bins == index).any()
    ]


def _policy(measured: Measured, part: LanguageModel, costs: Costs) -> Found:
    """What would have been done with the rows, how often the intent was right then, and what it cost a row."""
    right: dict[Action, list[bool]] = {action: [] for action in Action}
    for judgement, true in zip(measured.judged[NO_QUESTION], measured.truth, strict=True):
        right[judgement.decision.action].append(judgement.decision.intent == true)
    price: Mapping[Action, tuple[float, float]] = {
        Action.ACT: (0, costs.wrong_action),
        Action.HAND_OVER: (0, costs.wrong_hand_over),
        Action.CONFIRM: (costs.confirm, costs.confirm_wrong),
        Action.ASK_AGAIN: (costs.ask_again, costs.ask_again),
    }
    total = sum(price[action][0 if ok else 1] for action, oks in right.items() for ok in oks)
    return {
        "thresholds": part.policy.model_dump(mode="json"),
        "actions": [
            {"action": action.value, "rows": len(oks), "right": sum(oks) / len(oks) if oks else None}
            for action, oks in right.items()
        ],
        "cost": total / len(measured.truth),
        "cost_of_always_acting": costs.wrong_action * float(1 - measured.right().mean()),
    }


def _out_of_scope(measured: Measured, gate: float) -> list[Found]:
    """How much of what is beyond a script is caught: at the policy's gate, and where 5 % in scope are turned away."""
    scope = np.array([in_scope(judgement.ranking) for judgement in measured.judged[NO_QUESTION]])
    truth = np.array(measured.truth)
    within = ~np.isin(truth, BEYOND)
    gates = [("the policy's gate", gate)]
    if within.any():
        gates.append((f"{FALSE_REJECTION:.0%} false rejection", float(np.quantile(scope[within], FALSE_REJECTION))))
    kinds = {"all": ~within} | {intent.value: truth == intent.value for intent in BEYOND}
    return [
        {
            "gate": name,
            "threshold": threshold,
            "false_rejection": float((scope[within] < threshold).mean()) if within.any() else None,
            "recall": {
                kind: {"rows": int(rows.sum()), "recall": float((scope[rows] < threshold).mean()),
                       "interval": wilson(int((scope[rows] < threshold).sum()), int(rows.sum()))}
                for kind, rows in kinds.items() if rows.any()
            },
        }
        for name, threshold in gates
    ]  # fmt: skip


def _state(measured: Measured, state: str) -> Found:
    """With the question as a prior and without: recall of the intents that answer it, accuracy of the others."""
    answering = {intent.value for intent in prior.ANSWERING.get(state, ())}
    truth = np.array([t in answering for t in measured.truth])
    found: Found = {"state": state, "answers": int(truth.sum())}
    for name, right in (("without", measured.right()), ("with", measured.right(state))):
        found[f"recall_{name}"] = float(right[truth].mean()) if truth.any() else None
        found[f"others_{name}"] = float(right[~truth].mean()) if (~truth).any() else None
    return found


def _worst(measured: Measured) -> list[Found]:
    """What it was surest of and had wrong."""
    wrong = [
        (judgement.decision.probability, row, judgement)
        for row, judgement in zip(measured.rows, measured.judged[NO_QUESTION], strict=True)
        if judgement.decision.intent != row.intent
    ]
    wrong.sort(key=lambda item: (-item[0], item[1].text))
    return [
        _example(row, p, judgement.decision.intent, judgement.decision.action) for p, row, judgement in wrong[:WORST]
    ]


def _example(row: Row, probability: float, intent: Intent, action: Action) -> Found:
    return {
        "text": row.text,
        "truth": row.intent,
        "found": intent.value,
        "probability": probability,
        "decision": action.value,
    }
