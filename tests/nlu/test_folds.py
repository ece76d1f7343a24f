"""Folds: every row is kept out once, and never beside its own phrasing."""

from __future__ import annotations

import pytest

from nlu.corpus import Row, Split
from nlu.folds import FEW, FOLDS, few, folds

pytestmark = pytest.mark.unit


def rows(templates: int, each: int) -> list[Row]:
    return [
        Row(f"text {n} {m}", "en", "affirm", None, f"template {n}", "written", Split.TRAIN)
        for n in range(templates)
        for m in range(each)
    ]


def test_every_row_is_kept_out_once_with_all_of_its_template() -> None:
    all_rows = rows(40, 5)
    parts = list(folds(all_rows))
    assert len(parts) == FOLDS
    assert sorted(row.text for _, aside in parts for row in aside) == sorted(row.text for row in all_rows)
    for rest, aside in parts:
        assert len(rest) + len(aside) == len(all_rows)
        assert not {row.template for row in rest} & {row.template for row in aside}


def test_one_template_gives_no_fold() -> None:
    assert list(folds(rows(1, 5))) == []


def test_the_first_rows_of_each_template_count() -> None:
    kept = few(rows(2, FEW + 2))
    assert [row.text for row in kept] == [f"text {n} {m}" for n in range(2) for m in range(FEW)]
