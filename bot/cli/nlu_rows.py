"""The rows a model is measured on: the test split of our own data, or a file of one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from nlu import corpus
from nlu.corpus import CorpusError, Row, Split, of_split
from nlu.data import exchange, records


def rows_by_language(data: Path, on: Path | None, languages: Sequence[str]) -> Mapping[str, Sequence[Row]]:
    """`on` is a file in any form that can be imported; where its rows name a split, those of `test` count, else all.

    Raises `CorpusError`, also where no row of these languages is left.
    """
    if on is None:
        found = {tag: of_split(corpus.read(data / f"{tag}.jsonl"), Split.TEST) for tag in languages}
    else:
        read = records.read_all(on)
        rows = [placed.row for placed in exchange.complete_all(read)]
        if any(record.get("split") for record in read):
            rows = of_split(rows, Split.TEST)
        found = {tag: [row for row in rows if row.language == tag] for tag in languages}
    kept = {tag: rows for tag, rows in found.items() if rows}
    if not kept:
        raise CorpusError(f"{on or data}: has no row to measure on in {', '.join(languages)}")
    return kept
