"""Values to which more may follow, as the grammars read them out of partial words."""

from __future__ import annotations

import pytest

from nlu.entities.reading import read
from nlu.trailing_values import may_grow
from nlu.understanding import Context
from tests.nlu.phrases import WEDNESDAY

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("language", "expects", "text", "grows"),
    [
        ("en", "date", "the third", True),
        ("en", "date", "on the third", True),
        ("en", "date", "maybe the twenty fifth", True),
        ("en", "date", "the 3rd", True),
        ("en", "date", "the third of december", False),
        ("en", "date", "december third", False),
        ("en", "date", "december twenty", True),
        ("en", "date", "december twenty fifth", False),
        ("en", "date", "december 20", False),
        ("en", "date", "friday the seventeenth", False),
        ("en", "date", "the third of this month", False),
        ("en", "date", "next friday", False),
        ("en", "date", "in two weeks", False),
        ("en", "date", "the end of the month", False),
        ("en", "date", "2026-12-03", False),
        ("zh", "date", "三号", False),
        ("zh", "date", "二十五号吧", False),
        ("zh", "date", "二十五", True),
        ("zh", "date", "下个月三号", False),
        ("zh", "date", "十二月三号", False),
        ("zh", "date", "十二月二十", True),
        ("zh", "date", "下周三", False),
        ("zh", "date", "月底", False),
        ("zh", "date", "三天以后", False),
        ("zh", "date", "2026-12-03", False),
        ("en", "amount", "two hundred", True),
        ("en", "amount", "two hundred and fifty", True),
        ("en", "amount", "two hundred and fifty five", False),
        ("en", "amount", "five", True),
        ("en", "amount", "five dollars", False),
        ("en", "amount", "$200", True),
        ("en", "amount", "$200.50", False),
        ("zh", "amount", "三千", True),
        ("zh", "amount", "三千块", False),
        ("zh", "amount", "三百二十一", False),
        ("en", "rating", "four", False),
        ("en", "number 4", "four two one seven", False),
    ],
)
def test_what_may_still_become_another_value(language: str, expects: str, text: str, grows: bool) -> None:
    kind, _, length = expects.partition(" ")
    answer = read(text, Context(language, WEDNESDAY, kind, length=int(length) if length else None)).answer
    assert answer is not None
    assert may_grow(answer, language) is grows
