"""Rows from foreign files and to them: JSONL, CSV and Rasa YAML. What is exported comes back the same."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlu import corpus
from nlu.corpus import CorpusError, Row, Split
from nlu.data import near, rasa
from nlu.data.phrasing import digest, phrasing, template_id
from nlu.data.records import Record

COLUMNS = ("text", "lang", "intent", "sentiment", "entities", "template", "source", "split")
IMPORTED = "imported"
TENTHS = (Split.TEST, Split.TEST, Split.VALID, *[Split.TRAIN] * 7)


@dataclass(frozen=True, slots=True)
class Placed:
    """A row, and the file:line it came from."""

    row: Row
    place: str


def complete(records: Iterable[Record], language: str | None = None) -> list[Placed | CorpusError]:
    """Each record as a row, or what is wrong with it.

    What foreign files lack is added: the language, a template for each phrasing, and a split. Phrasings that are
    nearly the same get the same split, which follows from the words of the first of them.
    """
    results = [_row(record, language) for record in records]
    new = [n for n, found in enumerate(results) if isinstance(found, Placed) and not found.row.template]
    known = [found for n in new if isinstance(found := results[n], Placed)]
    for n, placed, (template, split) in zip(new, known, _templates([p.row for p in known]), strict=True):
        results[n] = Placed(_with(placed.row, template, split), placed.place)
    return results


def complete_all(records: Iterable[Record], language: str | None = None) -> list[Placed]:
    """The same. Raises `CorpusError` at the first record that is no row."""
    rows = []
    for found in complete(records, language):
        if isinstance(found, CorpusError):
            raise found
        rows.append(found)
    return rows


def export(rows: Sequence[Row], path: Path) -> str:
    """The text of a file in the format of its name. Raises `CorpusError`."""
    writers: dict[str, Callable[[Sequence[Row]], str]] = {
        ".jsonl": _jsonl,
        ".csv": _csv,
        ".yml": _rasa,
        ".yaml": _rasa,
    }
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise CorpusError(f"{path}: of no known format; the name must end in {', '.join(writers)}")
    return writer(rows)


def as_record(row: Row) -> dict[str, Any]:
    """A row as it stands in our JSONL."""
    return {
        "text": row.text,
        "lang": row.language,
        "intent": row.intent,
        "sentiment": row.sentiment,
        "entities": [dict(entity) for entity in row.entities],
        "template": row.template,
        "source": row.source,
        "split": str(row.split),
    }


def _row(record: Record, language: str | None) -> Placed | CorpusError:
    """Template and split stay together: a file that has only one of them gets both anew."""
    own = record.get("template") and record.get("split")
    try:
        fields = {
            **{name: record.get(name) for name in ("text", "intent", "sentiment")},
            "lang": record.get("lang") or language,
            "entities": _entities(record),
            "template": record.get("template") if own else IMPORTED,
            "split": record.get("split") if own else Split.TRAIN,
            "source": record.get("source") or IMPORTED,
        }
        if fields["lang"] is None:
            raise CorpusError(f"{record.place}: no 'lang' in the file; say which language it is with --lang")
        row = corpus.row(fields, record.place)
    except CorpusError as error:
        return error
    return Placed(row if own else _with(row, "", Split.TRAIN), record.place)


def _entities(record: Record) -> object:
    value = record.get("entities")
    if isinstance(value, str):
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            raise CorpusError(f"{record.place}: the cell 'entities' is not a JSON list; mend or empty it") from None
    return value or []


def _with(row: Row, template: str, split: Split) -> Row:
    return Row(row.text, row.language, row.intent, row.sentiment, template, row.source, split, row.entities)


def _templates(rows: Sequence[Row]) -> list[tuple[str, Split]]:
    """Template and split of each row; phrasings that are nearly the same form a cluster with the split of its first."""
    plain = [(row.language, row.intent, phrasing(row.text, row.language, row.entities)) for row in rows]
    first: dict[tuple[str, str, str], str] = {}
    for language, intent in dict.fromkeys((language, intent) for language, intent, _ in plain):
        texts = list(dict.fromkeys(text for *group, text in plain if group == [language, intent]))
        leader = list(range(len(texts)))
        for a, b in sorted(near.pairs(texts, language)):
            old, new = max(leader[a], leader[b]), min(leader[a], leader[b])
            leader = [new if one == old else one for one in leader]
        first.update({(language, intent, text): texts[leader[n]] for n, text in enumerate(texts)})
    return [
        (template_id(row.text, row.language, row.intent, row.entities), _split(first[key]))
        for row, key in zip(rows, plain, strict=True)
    ]


def _split(text: str) -> Split:
    return TENTHS[int(digest(text), 16) % len(TENTHS)]


def _jsonl(rows: Sequence[Row]) -> str:
    return "".join(json.dumps(as_record(row), ensure_ascii=False) + "\n" for row in rows)


def _csv(rows: Sequence[Row]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        record = as_record(row)
        writer.writerow({**record, "entities": json.dumps(record["entities"], ensure_ascii=False)})
    return out.getvalue()


def _rasa(rows: Sequence[Row]) -> str:
    return rasa.write(
        rasa.Example(f"{row.template}, {row.text!r}", row.text, row.intent, row.entities, _metadata(row))
        for row in rows
    )


def _metadata(row: Row) -> Mapping[str, Any]:
    record = as_record(row)
    return {name: record[name] for name in ("lang", "sentiment", "template", "source", "split")}
