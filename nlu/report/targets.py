"""What a model should reach on our own test split, and whether it does. Pure; `voicebot nlu bench` prints it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nlu.inventory import Intent

NOISE = 0.2


@dataclass(frozen=True, slots=True)
class Target:
    """`found` None: there was nothing to measure it on. `at_most` turns the comparison round."""

    what: str
    found: float | None
    wanted: float
    at_most: bool = False
    unit: str = ""

    @property
    def met(self) -> bool | None:
        if self.found is None:
            return None
        return self.found <= self.wanted if self.at_most else self.found >= self.wanted


def targets(found: dict[str, Any], entities: float | None, p95_ms: float) -> Iterator[Target]:
    """`found` as `nlu.report.figures` measures it."""
    intent, sentiment = found["intent"], found["sentiment"]
    yield Target("accuracy", intent["accuracy"], 0.92)
    yield Target("macro-F1", intent["macro_f1"], 0.90)
    for one in found["intents"]:
        if one["safety"] and one["rows"]:
            yield Target(f"recall of {one['intent']}", one["recall"], 0.95)
    noisy = next(point["accuracy"] for point in found["noise"] if point["rate"] == NOISE)
    yield Target(f"accuracy lost with {NOISE:.0%} of words misheard", intent["accuracy"] - noisy, 0.05, at_most=True)
    yield Target("macro-F1 of sentiment", sentiment["macro_f1"] if sentiment else None, 0.75)
    yield Target("entities", entities, 0.93)
    yield Target("ECE", intent["ece"], 0.03, at_most=True)
    beyond = found["out_of_scope"][-1]["recall"].get(Intent.OTHER_BANKING.value)
    yield Target("in-domain out of scope caught at 5 % false rejection", beyond["recall"] if beyond else None, 0.75)
    yield Target("one utterance on one core, p95", p95_ms, 5.0, at_most=True, unit="ms")
