"""What speaks against putting a model into service. Pure: evidence in, reasons out; no reason is a promotion."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nlu.comparison.comparing import Comparison
from nlu.evaluation import SAFETY_INTENTS
from nlu.inventory import Intent
from nlu.manifest import Manifest
from nlu.policy.costs import Costs

SIGNIFICANT = 0.05
ECE_SLACK = 0.01
"""Where the live model is no better calibrated itself, chance alone moves the error this far."""


@dataclass(frozen=True, slots=True)
class Alone:
    """A candidate measured without a model to compare it with: ECE, and the recall of each safety intent."""

    language: str
    ece: float


def of_labels(candidate: Manifest, needed: Collection[Intent], languages: Collection[str]) -> Iterator[str]:
    """`needed` are the intents that the scripts' rules wait for, `languages` those they speak."""
    for language in sorted(languages):
        part = candidate.languages.get(language)
        if part is None:
            yield f"{language}: the model does not know this language, which scripts speak"
            continue
        missing = sorted({*needed, *SAFETY_INTENTS} - set(part.intents))
        if missing:
            yield f"{language}: labels lack {', '.join(missing)}, which scripts or safety need"


def of_comparison(found: Comparison, costs: Costs) -> Iterator[str]:
    """A is live, B the candidate, both measured on the same rows."""
    tag, accuracy = found.language, found.accuracy
    if accuracy.b < accuracy.a and accuracy.p < SIGNIFICANT:
        yield (
            f"{tag}: worse than the live model: accuracy {accuracy.b:.3f} against {accuracy.a:.3f} "
            f"(McNemar exact p = {accuracy.p:.3g}, {accuracy.only_a} rows lost, {accuracy.only_b} won)"
        )
    if found.macro_f1_gain[1] < 0:
        low, high = found.macro_f1_gain
        yield (
            f"{tag}: macro-F1 {found.macro_f1[1]:.3f} against {found.macro_f1[0]:.3f}; "
            f"the difference is surely below zero (95 % from {low:+.3f} to {high:+.3f})"
        )
    for pair in found.safety:
        if pair.b < pair.a:
            yield f"{tag}: safety intent {pair.what} drops: recall {pair.b:.3f} against {pair.a:.3f} ({pair.rows} rows)"
    if found.ece[1] > max(costs.calibration_error, found.ece[0] + ECE_SLACK):
        yield (
            f"{tag}: calibration breaks: ECE {found.ece[1]:.3f}; the live model has {found.ece[0]:.3f}, "
            f"the limit is {costs.calibration_error:.3f}"
        )


def of_calibration(alone: Alone, costs: Costs) -> Iterator[str]:
    """For a candidate where nothing is live."""
    if alone.ece > costs.calibration_error:
        yield f"{alone.language}: calibration: ECE {alone.ece:.3f} is above the limit {costs.calibration_error:.3f}"


def of_data(rows: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """Safety intents that the rows kept aside cannot say anything about; `rows` counts them by language and intent."""
    for language, counts in sorted(rows.items()):
        missing = sorted(intent for intent in SAFETY_INTENTS if not counts.get(intent))
        if missing:
            yield f"{language}: the rows kept aside have no {', '.join(missing)}, so nobody knows whether it is found"


def of_tapes(changed: Sequence[tuple[str, str, str]], acknowledged: Collection[str]) -> Iterator[str]:
    """`changed`: name of a tape, its outcome then, and the one it would have now."""
    for name, then, now in changed:
        if name not in acknowledged:
            yield f"tape {name}: would end as {now}, and ended as {then}; if that is right, --acknowledge {name}"
