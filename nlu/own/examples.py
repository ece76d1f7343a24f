"""Texts with one label of any vocabulary, read from JSONL, CSV or Rasa YAML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from nlu import features
from nlu.corpus import CorpusError
from nlu.data import records
from nlu.data.records import Record


class Task(StrEnum):
    INTENT = "intent"
    SENTIMENT = "sentiment"


@dataclass(frozen=True, slots=True)
class Example:
    text: str
    label: str
    place: str


@dataclass(frozen=True, slots=True)
class Examples:
    """Those of one file that have a label for the task, and how many have none."""

    labelled: tuple[Example, ...]
    unlabelled: int


def read(path: Path, task: Task, language: str) -> Examples:
    """Raises `CorpusError`, which names file, line and remedy."""
    found = [_example(record, task, language) for record in records.read_all(path)]
    labelled = tuple(example for example in found if example is not None)
    if not labelled:
        raise CorpusError(f"{path}: no row has the field '{task}'; call the column or field so")
    return Examples(labelled, len(found) - len(labelled))


def concerns(learn: Sequence[Example], test: Sequence[Example]) -> list[str]:
    """What makes the score less than it seems: sentences for the report."""
    found = []
    counts = Counter(example.label for example in learn)
    if rare := sorted(label for label, count in counts.items() if count == 1):
        found.append(f"{len(rare)} labels have a single training example: {_some(rare)}; write more for them")
    strangers = [example for example in test if example.label not in counts]
    if strangers:
        names = _some(sorted({example.label for example in strangers}))
        found.append(
            f"{len(strangers)} test rows, the first {strangers[0].place}, have a label that is never in the training "
            f"data and count as wrong: {names}; is it misspelt?"
        )
    known = {features.normalise(example.text) for example in learn}
    if seen := sum(features.normalise(example.text) in known for example in test):
        found.append(f"{seen} of {len(test)} test texts are in the training data, too, which flatters the score")
    return found


def _example(record: Record, task: Task, language: str) -> Example | None:
    text, label, own = record.get("text"), record.get(task), record.get("lang")
    if not isinstance(text, str):
        raise CorpusError(f"{record.place}: 'text' is missing, empty or not a text; every row has one")
    if own is not None and features.primary(str(own)) != features.primary(language):
        raise CorpusError(f"{record.place}: is in language {own}, not {language}; give a file of one language")
    if isinstance(label, (list, dict)):
        raise CorpusError(f"{record.place}: '{task}' is not one label; give one a row")
    return None if label is None else Example(text, str(label).strip(), record.place)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
