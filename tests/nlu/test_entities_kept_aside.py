"""Phrases kept apart from the grammars: how many are read rightly, how that is counted, and what is never read."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from nlu import corpus
from nlu.corpus import Split
from nlu.entities import calendar, lunar
from nlu.entities.evaluation import PhrasesError, measure, phrases
from nlu.entities.reading import read
from nlu.understanding import Context
from tests.nlu.phrases import WEDNESDAY

pytestmark = pytest.mark.unit

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "training_data"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("batch", ["kept_aside", "fresh"])
def test_nineteen_of_twenty_phrases_are_read_rightly(batch: str, language: str) -> None:
    figures = measure(phrases(HERE / f"entities_{batch}.{language}.jsonl", language))
    assert figures.accuracy >= 0.95, [phrase.text for phrase, _ in figures.wrong]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_slot_type_is_among_the_phrases(language: str) -> None:
    rows = phrases(HERE / f"entities_kept_aside.{language}.jsonl", language)
    kinds = {"date", "time", "amount", "number", "digits", "rating", "name", "phone", "duration"}
    assert len(rows) >= 200
    assert {row.context.expects for row in rows} == kinds


@pytest.mark.parametrize("language", ["en", "zh"])
def test_words_without_a_value_rarely_give_one(language: str) -> None:
    """What is found in rows labelled without entities is mostly true: "not today" does name a day.

    In the test split alone: of the phrasings that came later, not all have their entities labelled.
    """
    rows = [row for row in corpus.read(DATA / f"{language}.jsonl") if not row.entities and row.split is Split.TEST]
    found = [row.text for row in rows if read(row.text, Context(language, WEDNESDAY)).entities]
    assert len(rows) > 1000
    assert len(found) / len(rows) < 0.02, found[:50]


def test_right_means_all_entities_and_the_choice_reported(tmp_path: Path) -> None:
    row = {"text": "friday or saturday", "expects": "date", "reference": "2026-07-15"}
    both = [{"type": "date", "value": "2026-07-17"}, {"type": "date", "value": "2026-07-18"}]
    path = tmp_path / "phrases.jsonl"
    rows = [
        {**row, "entities": both, "ambiguous": True},
        {**row, "entities": both},
        {**row, "entities": both[:1], "ambiguous": True},
    ]
    path.write_text("\n".join(json.dumps(one) for one in rows), encoding="utf-8")
    figures = measure(phrases(path, "en"))
    assert (figures.right, figures.phrases, figures.kinds) == (1, 3, {"date": (1, 3)})


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "holds no phrase"), ("[]", r"phrases\.jsonl:1: "), ('{"text": "x"}', "a line is an object with text")],
)
def test_a_file_that_cannot_be_measured_says_where(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "phrases.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PhrasesError, match=message):
        phrases(path, "en")


@pytest.mark.parametrize(
    ("year", "month", "day", "expected"),
    [
        (2026, 1, 1, "2026-02-17"),
        (2027, 1, 0, "2027-02-05"),
        (2026, 8, 15, "2026-09-25"),
        (2025, 7, 7, "2025-08-29"),  # after the doubled sixth month
        (2028, 5, 5, "2028-05-28"),
        (2051, 1, 1, None),
        (2026, 13, 1, None),
        (2026, 2, 30, None),
    ],
)
def test_lunar_days(year: int, month: int, day: int, expected: str | None) -> None:
    found = lunar.solar(year, month, day)
    assert (found and found.isoformat()) == expected


def test_days_that_move() -> None:
    assert [calendar.easter(year) for year in (2024, 2025, 2026, 2027)] == [
        date(2024, 3, 31),
        date(2025, 4, 20),
        date(2026, 4, 5),
        date(2027, 3, 28),
    ]
    assert calendar.nth_weekday(2026, 11, 3, 4) == date(2026, 11, 26)
    assert calendar.nth_weekday(2026, 7, 4, -1) == date(2026, 7, 31)
    assert calendar.nth_weekday(2026, 7, 0, 5) is None
    assert calendar.qingming(2027) == date(2027, 4, 5)
