"""Reading any file of labelled utterances (JSONL, CSV, Rasa YAML) as records that know their place.

JSONL may also be a sheet of turns that people labelled (`nlu.labelling`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlu import corpus
from nlu.corpus import CorpusError
from nlu.data import rasa
from nlu.labelling import sheet
from nlu.labelling.settling import settled

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "text": ("utterance", "sentence", "query"),
    "intent": ("category", "label"),
    "sentiment": ("label",),
    "lang": ("language",),
}
"""Other names a field goes by in files that were not made here; Banking77 calls its intent `category`."""


@dataclass(frozen=True, slots=True)
class Record:
    """One utterance as it stands in the file; `place` is file:line."""

    place: str
    fields: Mapping[str, Any]

    def get(self, field: str) -> Any:
        """The field under its own name or a synonym; None where it is missing or blank."""
        for name in (field, *SYNONYMS.get(field, ())):
            value = self.fields.get(name)
            if value is not None and not (isinstance(value, str) and not value.strip()):
                return value
        return None


def read(path: Path) -> Iterator[Record | CorpusError]:
    """Each record of the file, or what is wrong with its line, so that one bad line hides no other.

    Raises `CorpusError` where the file as a whole cannot be read or is empty.
    """
    readers: dict[str, Callable[[Path], Iterator[Record | CorpusError]]] = {
        ".jsonl": _jsonl,
        ".csv": _csv,
        ".tsv": _csv,
        ".yml": _rasa,
        ".yaml": _rasa,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise CorpusError(f"{path}: of no known format; the name must end in {', '.join(readers)}")
    empty = True
    for record in reader(path):
        empty = False
        yield record
    if empty:
        raise CorpusError(f"{path}: no labelled utterance in it")


def read_all(path: Path) -> list[Record]:
    """All records. Raises `CorpusError` at the first bad line."""
    records = []
    for record in read(path):
        if isinstance(record, CorpusError):
            raise record
        records.append(record)
    return records


def _jsonl(path: Path) -> Iterator[Record | CorpusError]:
    for place, line in corpus.lines(path):
        try:
            fields = corpus.record(line, place)
            rows = settled(sheet.item(line, place), place) if "heard_in" in fields else [fields]
            yield from (Record(place, row) for row in rows)
        except CorpusError as error:
            yield error


def _csv(path: Path) -> Iterator[Record | CorpusError]:
    text = corpus.text_of(path)
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)  # a spreadsheet writes what its country uses
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header: list[str] | None = None
    start = 1
    try:
        for cells in reader:
            place, start = f"{path}:{start}", reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = _header(cells, place)
            elif len(cells) != len(header):
                yield CorpusError(
                    f"{place}: {len(cells)} cells under a header of {len(header)}; put text with a comma in quotes"
                )
            else:
                yield Record(place, dict(zip(header, cells, strict=True)))
    except csv.Error as error:
        raise CorpusError(f"{path}:{reader.line_num}: not CSV ({error}); save the sheet again as CSV, UTF-8") from None


def _header(cells: list[str], place: str) -> list[str]:
    header = [cell.strip().lower() for cell in cells]
    if not {"text", *SYNONYMS["text"]} & set(header):
        raise CorpusError(f"{place}: the first line must name the columns, one of them 'text'; it is {cells[:6]}")
    if twice := {name for name in header if header.count(name) > 1}:
        raise CorpusError(f"{place}: the column {', '.join(sorted(twice))} is there twice; keep one")
    return header


def _rasa(path: Path) -> Iterator[Record | CorpusError]:
    for example in rasa.read(path):
        if isinstance(example, CorpusError):
            yield example
            continue
        fields = {"text": example.text, "intent": example.intent, "entities": list(example.entities)}
        yield Record(example.place, {**example.metadata, **fields})
