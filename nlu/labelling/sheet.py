"""The file that people label: one turn a line, the labels of each person beside each other."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pydantic import Field, ValidationError

from nlu import corpus
from nlu.corpus import CorpusError
from nlu.inventory import Intent, Sentiment
from nlu.labelling.turns import Part, Turn


class Label(Part):
    """What one person says; `sentiment` is None where nobody asked for it."""

    intent: Intent
    sentiment: Sentiment | None = None


class Item(Turn):
    """A turn to label. `random`: drawn by chance, to measure on. `labels` by person, None where they skipped it."""

    random: bool
    count: int = Field(ge=1)
    worth: float
    labels: Mapping[str, Label | None] = {}


def read(path: Path) -> list[Item]:
    """Raises `CorpusError`."""
    items = [item(line, place) for place, line in corpus.lines(path)]
    if not items:
        raise CorpusError(f"{path}: no turn in it; `voicebot nlu collect` writes such a file")
    return items


def item(line: str, place: str) -> Item:
    """Raises `CorpusError`."""
    try:
        return Item.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the line"
        raise CorpusError(
            f"{place}: {where}: {first['msg']}; such files are written by `voicebot nlu collect`"
        ) from None


def text(items: Iterable[Item]) -> str:
    return "".join(item.model_dump_json() + "\n" for item in items)


def put(path: Path, place: int, person: str, label: Label | None) -> None:
    """Write one answer into the row at `place`. Raises `CorpusError`."""
    with _rows(path) as rows:
        rows[place] = _labelled(rows[place], {**rows[place].labels, person: label})


def withdraw(path: Path, place: int, person: str) -> None:
    """Take one answer back. Raises `CorpusError`."""
    with _rows(path) as rows:
        labels = {name: label for name, label in rows[place].labels.items() if name != person}
        rows[place] = _labelled(rows[place], labels)


def _labelled(row: Item, labels: Mapping[str, Label | None]) -> Item:
    return row.model_copy(update={"labels": labels})


@contextmanager
def _rows(path: Path) -> Iterator[list[Item]]:
    """The rows as they are now, to be changed: another person may have labelled since. The file is always whole."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)  # the file itself is replaced, so it cannot carry the lock
        rows = read(path)
        yield rows
        fresh = path.with_name(f".{path.name}.new")
        fresh.touch(mode=0o600)
        fresh.write_text(text(rows), encoding="utf-8")
        shutil.copymode(path, fresh)
        fresh.replace(path)
    finally:
        os.close(folder)
