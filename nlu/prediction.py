"""A file of utterances through the model: one JSON object a line in, the same object with what was understood out."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from nlu import features
from nlu.inventory import Intent
from nlu.model import OnnxUnderstander
from nlu.understanding import Context, Understanding

BATCH = 256
_INTENTS = {intent.value: intent for intent in Intent}


class PredictionError(ValueError):
    """A file of utterances cannot be used; the message names the line and the remedy."""


def written_in(text: str) -> str:
    """The language of a text by its script: zh with any Chinese character, otherwise en."""
    return "zh" if any(unicodedata.name(character, "").startswith("CJK ") for character in text) else "en"


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSONL file; empty lines are left out. Raises `PredictionError`."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise PredictionError(f"{path}: is not UTF-8 text ({error.reason} at byte {error.start})") from None
    return [_row(line, f"{path}:{number}") for number, line in enumerate(lines, start=1) if line.strip()]


def predict(model: OnnxUnderstander, rows: Sequence[Mapping[str, Any]], today: date) -> Iterator[dict[str, Any]]:
    """The rows in their order, with `intent`, `probability`, `decision`, `sentiment` and `entities`.

    Rows as `read` gives them. `today` is the day of those that name no `reference`.
    """
    for batch in _batches(rows):
        contexts = [context_of(row, today) for row in batch]
        for row, found in zip(batch, model.understand_all([row["text"] for row in batch], contexts), strict=True):
            yield {**row, **as_fields(found)}


def as_fields(found: Understanding) -> dict[str, Any]:
    """What was understood, as plain JSON; `intent` is the one the decision is about."""
    return {
        "intent": found.decision.intent.value,
        "probability": round(found.decision.probability, 4),
        "decision": found.decision.action.value,
        "sentiment": found.sentiment.value,
        "entities": [{"type": e.type.value, "value": e.value, "text": e.text} for e in found.entities],
    }


def context_of(row: Mapping[str, Any], today: date) -> Context:
    """The question a row answers. A name in `state_intents` that is no intent (`inform`) says nothing here."""
    return Context(
        language=row.get("lang") or written_in(row["text"]),
        reference=date.fromisoformat(row["reference"]) if row.get("reference") else today,
        expects=row.get("expects") or None,
        choices=tuple(_INTENTS[name] for name in row.get("state_intents") or () if name in _INTENTS),
    )


def _batches(rows: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[Mapping[str, Any]]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def _row(line: str, place: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise PredictionError(f"{place}: not JSON ({error.msg}); each line is one object with `text`") from None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise PredictionError(f"{place}: needs a `text` (a string); each line is one object")
    for key in ("lang", "expects", "reference"):
        if not isinstance(row.get(key), str | None):
            raise PredictionError(f"{place}: `{key}` is a string, or left out")
    names = row.get("state_intents")
    if names is not None and not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        raise PredictionError(f"{place}: `state_intents` is a list of intents, or left out")
    if row.get("lang") and features.primary(row["lang"]) not in features.TOKENISERS:
        known = ", ".join(sorted(features.TOKENISERS))
        raise PredictionError(f"{place}: there is no model for `lang` {row['lang']!r}; there is one for {known}")
    try:
        date.fromisoformat(row.get("reference") or "2000-01-01")
    except ValueError:
        raise PredictionError(f"{place}: `reference` {row['reference']!r} is no day; write YYYY-MM-DD") from None
    return row
