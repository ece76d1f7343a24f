"""The thresholds that would have cost least on rows the model did not learn from. Pure: probabilities in, `Policy` out.

Every search goes over the same hundred values, so that the same rows always give the same thresholds.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nlu.inventory import Intent
from nlu.policy.costs import Costs
from nlu.policy.decision import BEYOND, HAND_OVER, Policy

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

GRID = np.round(np.arange(0, 1.0, 0.01), 2)


def fit(labels: Sequence[Intent], probabilities: ArrayLike, truth: Sequence[str], costs: Costs) -> Policy:
    """`probabilities` has one row an utterance and one column a label. Raises `ValueError` without rows."""
    table = np.asarray(probabilities, dtype=np.float64)
    if not truth or table.shape != (len(truth), len(labels)):
        raise ValueError(f"{len(truth)} rows against probabilities of shape {table.shape}: no threshold to choose")
    told = np.array([str(label) for label in truth])
    names = np.array([str(label) for label in labels])
    best = names[table.argmax(axis=1)]
    top, right = table.max(axis=1), best == told
    inside = [column for column, label in enumerate(labels) if label not in BEYOND]
    scope = table[:, inside].max(axis=1) if inside else np.zeros(len(told))
    beyond = np.isin(told, BEYOND)
    taken_over = np.isin(best, HAND_OVER)
    act, confirm = _act_and_confirm(top, right, costs)
    return Policy(
        gate=_gate(scope, beyond, costs.false_rejection),
        act=act,
        confirm=confirm,
        hand_over=_hand_over(top[taken_over], right[taken_over], confirm, costs),
        safety={
            label: threshold
            for column, label in enumerate(labels)
            if label in costs.safety_recall
            and (threshold := _safety(table[:, column], told == str(label), top, label, costs)) is not None
        },
    )


def _act_and_confirm(top: Floats, right: Flags, costs: Costs) -> tuple[float, float]:
    """The pair of thresholds with the smallest total cost; of equal ones the most cautious."""
    choices: list[tuple[float, float, float]] = []
    for act in GRID:
        acting = (top >= act) & ~right
        for confirm in GRID[act >= GRID]:
            asked = (top < act) & (top >= confirm)
            cost = (
                costs.wrong_action * acting.sum()
                + costs.confirm * (asked & right).sum()
                + costs.confirm_wrong * (asked & ~right).sum()
                + costs.ask_again * (top < confirm).sum()
            )
            choices.append((float(cost), -float(act), -float(confirm)))
    _, act, confirm = min(choices)
    return -act, -confirm


def _hand_over(top: Floats, right: Flags, confirm: float, costs: Costs) -> float:
    """From where on a colleague is called rather than the customer asked back."""

    def cost(threshold: float) -> float:
        called, asked = top >= threshold, top < threshold
        return float(
            costs.wrong_hand_over * (called & ~right).sum()
            + costs.confirm * (asked & right).sum()
            + costs.confirm_wrong * (asked & ~right).sum()
        )

    return float(min(GRID[confirm <= GRID], key=lambda threshold: (cost(float(threshold)), -threshold)))


def _gate(scope: Floats, beyond: Flags, limit: float) -> float:
    """The highest gate that keeps all but `limit` of what is in scope; without such rows, no gate."""
    within = scope[~beyond]
    passing = [float(t) for t in GRID if within.size and (within < t).mean() <= limit]
    return max(passing, default=0.0)


def _safety(own: Floats, true: Flags, top: Floats, label: Intent, costs: Costs) -> float | None:
    """The highest threshold that finds the wanted share; no lower than false alarms and the floor allow.

    Only where another intent is likelier does the threshold decide; None where no row of that label is there.
    """
    if not true.any():
        return None

    def found(threshold: float) -> float:
        return float((own[true] >= threshold).mean())

    def alarms(threshold: float) -> float:
        return float(((own >= threshold) & (own < top) & ~true).mean())

    allowed = [float(t) for t in GRID if t >= costs.safety_floor and alarms(float(t)) <= costs.safety_false_alarms]
    wanted = [t for t in allowed if found(t) >= costs.safety_recall[label]]
    return max(wanted, default=min(allowed, default=1.0))
