"""Transcripts of answers, each with who gave it: none of a person's may be taken for anything else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from bot.call.answerer import classifier
from bot.call.answerer.classifier import LIMIT_MS, AnswererState, Detection
from bot.vocabulary import Answerer
from tests.bot.call.answerer.labelled import ROWS, Row

pytestmark = pytest.mark.unit

MS_PER_CHARACTER = {"en": 65, "zh": 220}
"""How fast people and machines speak."""
BEGIN_MS = 500.0
REPORT_MS, TRANSCRIPT_MS = 192.0, 800.0
"""After the voice has stopped: until that is known, and until the words are."""


def heard(row: Row) -> Detection:
    """What is detected when this is the first thing said, recognised while it is said, and silence follows."""
    end = BEGIN_MS + len(row.text) * MS_PER_CHARACTER[row.language]
    state, detection = classifier.voice_started(AnswererState(), BEGIN_MS)
    at = BEGIN_MS
    while detection is None and (at := at + 100) < LIMIT_MS + 100:
        if at < end and round(at) % 500 == 0:
            so_far = row.text[: int((at - BEGIN_MS) / MS_PER_CHARACTER[row.language])]
            state, detection = classifier.words(state, so_far, row.language, False, at)
        elif end + REPORT_MS <= at < end + REPORT_MS + 100:
            state, detection = classifier.voice_stopped(state, end, at)
        elif end + TRANSCRIPT_MS <= at < end + TRANSCRIPT_MS + 100:
            state, detection = classifier.words(state, row.text, row.language, True, at)
        else:
            state, detection = classifier.time_passed(state, at)
    assert detection is not None
    return detection


def confusion(rows: Sequence[Row]) -> str:
    """Counts of (said by, taken for), and every row that went wrong."""
    results = [(row, heard(row)) for row in rows]
    counts = Counter((row.answerer.value, found.answerer.value) for row, found in results)
    wrong = [
        f"  {row.answerer} {row.line_status} -> {found.answerer} {found.line_status}, {found.evidence}: {row.text}"
        for row, found in results
        if (row.answerer, row.line_status) != (found.answerer, found.line_status)
    ]
    table = [f"  {said:13} taken for {taken:13} {count}" for (said, taken), count in sorted(counts.items())]
    return "\n".join(["", *table, *wrong]) if wrong else ""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_person_is_taken_for_anything_else(language: str) -> None:
    people = [row for row in ROWS if row.language == language and row.answerer is Answerer.HUMAN]
    assert len(people) >= 40
    assert confusion(people) == ""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_machines_screeners_and_announcements_are_told_apart(language: str) -> None:
    others = [row for row in ROWS if row.language == language and row.answerer is not Answerer.HUMAN]
    assert len(others) >= 40
    assert confusion(others) == ""


@pytest.mark.parametrize("answerer", [Answerer.MACHINE, Answerer.SCREENER, Answerer.ANNOUNCEMENT])
def test_what_a_script_may_hang_up_on_is_sure(answerer: Answerer) -> None:
    assert min(heard(row).confidence for row in ROWS if row.answerer is answerer) >= 0.85
