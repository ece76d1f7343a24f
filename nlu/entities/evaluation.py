"""How many phrases of a file the grammars read rightly.

A row: `text`, `expects` (a slot type, may be null), `reference`, `entities` (`type`, `value`, and `currency` where one
is named), `ambiguous` if the words leave a choice. Right means: exactly these entities, and alternatives reported where
and only where the words leave a choice.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from nlu.entities.reading import Reading, read
from nlu.understanding import Context


class PhrasesError(ValueError):
    """A row that cannot be measured; the message names file, line and remedy."""


@dataclass(frozen=True, slots=True)
class Phrase:
    text: str
    context: Context
    entities: tuple[dict[str, Any], ...]
    ambiguous: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """`kinds` has, for each slot type, how many phrases were right and how many there are."""

    right: int
    phrases: int
    kinds: dict[str, tuple[int, int]]
    wrong: tuple[tuple[Phrase, Reading], ...]

    @property
    def accuracy(self) -> float:
        return self.right / self.phrases


def phrases(path: Path, language: str) -> tuple[Phrase, ...]:
    lines = path.read_text(encoding="utf-8").splitlines()
    found = tuple(_phrase(line, language, f"{path}:{n}") for n, line in enumerate(lines, start=1) if line.strip())
    if not found:
        raise PhrasesError(f"{path} holds no phrase; write one JSON object a line")
    return found


def measure(rows: tuple[Phrase, ...]) -> Figures:
    wrong = []
    right, total = Counter[str](), Counter[str]()
    for row in rows:
        kind = row.context.expects or "none"
        reading = read(row.text, row.context)
        good = _matches(row, reading)
        total[kind] += 1
        right[kind] += good
        if not good:
            wrong.append((row, reading))
    kinds = {kind: (right[kind], total[kind]) for kind in sorted(total)}
    return Figures(right.total(), len(rows), kinds, tuple(wrong))


def _matches(row: Phrase, reading: Reading) -> bool:
    if len(row.entities) != len(reading.entities) or row.ambiguous != bool(reading.alternatives):
        return False
    left = list(reading.entities)
    for wanted in row.entities:
        for entity in left:
            named = wanted.get("currency", entity.currency) == entity.currency
            if entity.type == wanted["type"] and entity.value == wanted["value"] and named:
                left.remove(entity)
                break
    return not left


def _phrase(line: str, language: str, place: str) -> Phrase:
    try:
        row = json.loads(line)
        context = Context(language, date.fromisoformat(row["reference"]), row["expects"], length=row.get("length"))
        return Phrase(row["text"], context, tuple(row["entities"]), row.get("ambiguous", False))
    except (ValueError, KeyError, TypeError) as error:
        needed = "an object with text, expects, reference (YYYY-MM-DD) and entities"
        raise PhrasesError(f"{place}: {error}; a line is {needed}") from None
