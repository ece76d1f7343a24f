"""Labelled utterances: reading `training_data/<language>.jsonl`, with an error that names the line and the remedy."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from nlu.inventory import EntityType, Intent, Sentiment


class CorpusError(ValueError):
    """A data file cannot be used; the message names the file, the line and what to change."""


class UnknownLabel(CorpusError):
    """A label that is not in the inventory: most often misspelt."""


class Split(StrEnum):
    """What a row may be used for. All rows of one template share one split."""

    TRAIN = "train"
    VALID = "valid"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled utterance. `sentiment` is None where nobody judged it; `entities` are as written in the file."""

    text: str
    language: str
    intent: str
    sentiment: str | None
    template: str
    source: str
    split: Split
    entities: tuple[Mapping[str, Any], ...] = ()


def languages(folder: Path) -> tuple[str, ...]:
    """The languages the folder has a data file for."""
    found = tuple(sorted(path.stem for path in folder.glob("*.jsonl")))
    if not found:
        raise CorpusError(f"{folder}: no <language>.jsonl here; name the folder that holds the labelled utterances")
    return found


def read(path: Path) -> list[Row]:
    """All rows of one file, in order. Raises `CorpusError`."""
    rows = [row(record(line, place), place) for place, line in lines(path)]
    if not rows:
        raise CorpusError(f"{path}: no labelled utterance in it")
    return rows


def text_of(path: Path) -> str:
    """The file as text, without the mark that spreadsheets put before UTF-8. Raises `CorpusError`."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path}: cannot be read: byte {error.start} is not UTF-8; save the file as UTF-8") from None
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror}); name a file of labelled utterances") from None


def lines(path: Path) -> Iterator[tuple[str, str]]:
    """Place and content of each line that is not blank. Only a line feed ends a line: JSON may hold U+2028."""
    for number, line in enumerate(text_of(path).split("\n"), start=1):
        if line.strip():
            yield f"{path}:{number}", line


def record(line: str, place: str) -> dict[str, Any]:
    """One line as the object it is. Raises `CorpusError`."""
    try:
        found = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deep"
        raise CorpusError(f"{place}: not JSON ({reason}); each line is one object") from None
    if not isinstance(found, dict):
        raise CorpusError(f"{place}: not a JSON object; each line is one object")
    return found


def row(record: Mapping[str, Any], place: str) -> Row:
    """One labelled utterance of the inventory's labels. Raises `CorpusError`."""
    sentiment = record.get("sentiment")
    return Row(
        text=_text(record, "text", place),
        language=_text(record, "lang", place),
        intent=_member(Intent, _text(record, "intent", place), "intent", place),
        sentiment=None if sentiment is None else _member(Sentiment, str(sentiment), "sentiment", place),
        template=_text(record, "template", place),
        source=_text(record, "source", place),
        split=Split(_member(Split, _text(record, "split", place), "split", place)),
        entities=_entities(record.get("entities", []), place),
    )


def digest(paths: Sequence[Path]) -> str:
    """SHA-256 over the files' names and bytes, in the order of their names."""
    total = hashlib.sha256()
    for path in sorted(paths, key=lambda path: path.name):
        content = path.read_bytes()
        total.update(f"{path.name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def of_split(rows: Sequence[Row], split: Split) -> list[Row]:
    return [row for row in rows if row.split is split]


def _text(record: Mapping[str, Any], key: str, place: str) -> str:
    value = record.get(key)
    if not isinstance(value, str) or not value.strip():
        raise CorpusError(f"{place}: {key!r} is missing or empty; every row has one")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise CorpusError(f"{place}: {key!r} holds half a character (a lone surrogate); type it again")
    return value


def _member(vocabulary: type[StrEnum], value: str, key: str, place: str) -> str:
    if value not in {str(member) for member in vocabulary}:
        raise UnknownLabel(f"{place}: unknown {key} {value!r}; the known ones are {', '.join(vocabulary)}")
    return value


def _entities(value: object, place: str) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(value, list):
        raise CorpusError(f"{place}: 'entities' must be a list of objects with type, value and text")
    for entity in value:
        if not isinstance(entity, dict) or not {"type", "value", "text"} <= entity.keys():
            raise CorpusError(f"{place}: an entity needs type, value and text")
        _member(EntityType, str(entity["type"]), "entity type", place)
    return tuple(value)
