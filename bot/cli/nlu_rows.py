"""The rows a model is measured on: the test split of our own data, or a file of one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from nlu import corpus
from nlu.corpus import CorpusError, Row, Split, of_split
from nlu.data import exchange, records
from nlu.manifest import Manifest
from nlu.registry import is_of

stderr = Console(stderr=True)


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


def warn_of_older_data(models: Mapping[str, Manifest], data: Path) -> None:
    """Says which models, by the names the user knows them by, learnt from other data than there is now.

    Their figures are right, but training again may give a better one; and rows that have since changed split may have
    been learnt.
    """
    for name, described in models.items():
        if not is_of(described, data):
            stderr.print(
                f"{name} was trained on other data than {data} holds now; `voicebot nlu train` makes a model of these",
                style="yellow", highlight=False, soft_wrap=True,
            )  # fmt: skip
