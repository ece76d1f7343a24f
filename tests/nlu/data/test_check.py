"""The check: each mistake put into good data is found, with its file and line, and our own data has none."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from nlu import corpus
from nlu.corpus import Row, Split
from nlu.data import exchange
from nlu.data.check import LOPSIDED, Finding, Rule, check
from nlu.inventory import Intent
from tests.nlu.conftest import DATA

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def good() -> list[Row]:
    """One row of each template: all that the rules look at, in half the time."""
    return list({row.template: row for row in corpus.read(DATA / "en.jsonl")}.values())


def found(rows: Iterable[Row], folder: Path) -> list[Finding]:
    path = folder / "en.jsonl"
    path.write_text(exchange.export(list(rows), path), encoding="utf-8")
    return check([path])


def row(good: list[Row], split: Split, intent: str = "dispute") -> Row:
    return next(row for row in good if row.split is split and row.intent == intent and not row.entities)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_our_own_data_pass(language: str) -> None:
    assert check([DATA / f"{language}.jsonl"]) == []


@pytest.mark.parametrize(
    ("change", "rule", "why"),
    [
        ({"text": "my mail is anna.lee@example.com"}, Rule.PERSONAL_DATA, "looks like an e-mail address"),
        ({"text": "that \x07 is not mine"}, Rule.UNUSABLE_TEXT, "holds a control character"),
        ({"text": "🙂🙂"}, Rule.UNUSABLE_TEXT, "has neither a letter nor a digit, so nothing can be learnt from it"),
        ({"text": "never " * 1666 + "ever"}, Rule.UNUSABLE_TEXT, "has 10000 characters; no utterance"),
        ({"text": "那不是我的 not mine"}, Rule.UNUSABLE_TEXT, "is not written in 'en'"),
        ({"intent": "disputed"}, Rule.UNKNOWN_LABEL, "unknown intent 'disputed'"),
        ({"split": "dev"}, Rule.UNKNOWN_LABEL, "unknown split 'dev'"),
        ({"text": ""}, Rule.BROKEN_ROW, "'text' is missing or empty"),
    ],
)
def test_one_bad_row_is_found_at_its_line(
    good: list[Row], tmp_path: Path, change: dict[str, str], rule: Rule, why: str
) -> None:
    bad = replace(row(good, Split.TRAIN), template="new", **change)  # type: ignore[arg-type]
    (finding,) = found([*good, bad], tmp_path)
    assert (finding.rule, finding.place) == (rule, f"{tmp_path / 'en.jsonl'}:{len(good) + 1}")
    assert finding.why.startswith(why)
    assert finding.mend


def test_a_line_that_is_no_json_hides_no_other_mistake(good: list[Row], tmp_path: Path) -> None:
    path = tmp_path / "en.jsonl"
    lines = exchange.export(good, path).splitlines()
    path.write_text("\n".join([lines[0][:-9], *lines[1:], '"text"', ""]), encoding="utf-8")
    assert [(one.rule, one.place) for one in check([path])] == [
        (Rule.BROKEN_ROW, f"{path}:1"),
        (Rule.BROKEN_ROW, f"{path}:{len(good) + 1}"),
    ]


def test_a_template_in_two_splits_leaks(good: list[Row], tmp_path: Path) -> None:
    template = row(good, Split.TRAIN).template
    bad = replace(row(good, Split.TRAIN), template=template, text="completely other words here", split=Split.TEST)
    (finding,) = found([*good, bad], tmp_path)
    assert finding.rule is Rule.LEAK
    assert finding.why.startswith(f"template {template} is in test here, in train in {tmp_path / 'en.jsonl'}:")


@pytest.mark.parametrize("text", ["{}", "um {}", "{}!"])
def test_the_same_text_in_two_splits_leaks_whatever_its_template(good: list[Row], tmp_path: Path, text: str) -> None:
    known = row(good, Split.TRAIN)
    bad = replace(known, text=text.format(known.text), template="new", split=Split.TEST)
    assert Rule.LEAK in {finding.rule for finding in found([*good, bad], tmp_path)}


def test_another_value_in_the_same_words_leaks(good: list[Row], tmp_path: Path) -> None:
    known = next(row for row in good if row.split is Split.TRAIN and [e["type"] for e in row.entities] == ["date"])
    said = str(known.entities[0]["text"])
    date = {"type": "date", "value": "2026-12-24", "text": "on christmas eve"}
    bad = replace(
        known, text=known.text.replace(said, date["text"]), entities=(date,), template="new", split=Split.TEST
    )
    assert [finding.rule for finding in found([*good, bad], tmp_path)] == [Rule.LEAK]


def test_nearly_the_same_words_of_one_intent_in_two_splits_are_found(good: list[Row], tmp_path: Path) -> None:
    base = row(good, Split.TRAIN)
    one = replace(base, text="this invoice has nothing at all to do with my household", template="new.1")
    other = replace(one, text="this invoice has nothing at all to do with our household", template="new.2")
    assert found([*good, one, other], tmp_path) == []
    (finding,) = found([*good, one, replace(other, split=Split.TEST)], tmp_path)
    assert finding.rule is Rule.NEAR_DUPLICATE
    assert one.text in finding.why
    assert found([*good, one, replace(other, split=Split.TEST, intent="complain")], tmp_path) == []


@pytest.mark.parametrize("change", [{"intent": "complain"}, {"sentiment": "positive"}])
def test_one_text_with_two_labels_is_a_contradiction(good: list[Row], tmp_path: Path, change: dict[str, str]) -> None:
    known = row(good, Split.TRAIN)
    bad = replace(known, text=known.text.upper() + ".", **change)  # type: ignore[arg-type]
    (finding,) = found([*good, bad], tmp_path)
    assert finding.rule is Rule.CONTRADICTION
    assert all(f"{value} here" in finding.why for value in change.values())


def test_an_intent_with_too_few_templates_or_none_is_found(good: list[Row], tmp_path: Path) -> None:
    templates = sorted({row.template for row in good if row.intent == "hardship"})[:59]
    few = [row for row in good if row.intent != "hardship" or row.template in templates]
    assert any(
        one.rule is Rule.TOO_FEW and "59 templates; 60 templates are needed" in one.why for one in found(few, tmp_path)
    )
    none = found([row for row in good if row.intent != "hardship"], tmp_path)
    assert [(one.rule, one.why) for one in none] == [
        (Rule.TOO_FEW, "en hardship: 0 rows of 0 templates; 60 templates are needed")
    ]


def test_an_intent_that_nobody_measures_is_found(good: list[Row], tmp_path: Path) -> None:
    (finding,) = found((row for row in good if (row.intent, row.split) != ("abuse", Split.TEST)), tmp_path)
    assert (finding.rule, finding.why) == (Rule.NOT_MEASURED, "en abuse: no row in the test split")


def test_an_intent_with_many_times_the_rows_of_the_others_is_an_imbalance(good: list[Row], tmp_path: Path) -> None:
    base = row(good, Split.TRAIN, "greet")
    many = [replace(base, text=f"hello number {n}", template="new") for n in range(LOPSIDED * len(good) // len(Intent))]
    (finding,) = found([*good, *many], tmp_path)
    assert finding.rule is Rule.IMBALANCE
    assert finding.why.startswith("en greet: ")


def test_every_rule_says_how_to_mend() -> None:
    assert all(Finding(rule, "file:1", "why").mend for rule in Rule)


def test_a_csv_is_checked_once_its_language_is_known(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("text,category\nyes,affirm\nYes.,deny\nno,nope\n", encoding="utf-8")
    assert {(one.rule, one.place) for one in check([path])} == {
        (Rule.BROKEN_ROW, f"{path}:2"),
        (Rule.BROKEN_ROW, f"{path}:3"),
        (Rule.BROKEN_ROW, f"{path}:4"),
    }
    rules = {(one.rule, one.place) for one in check([path], "en")}
    assert {(Rule.CONTRADICTION, f"{path}:3"), (Rule.UNKNOWN_LABEL, f"{path}:4")} <= rules


def test_findings_hold_no_personal_data(good: list[Row], tmp_path: Path) -> None:
    bad = replace(row(good, Split.TRAIN), text="call me on 07700 900123", template="new")
    assert "900123" not in json.dumps([str(one) for one in found([*good, bad], tmp_path)])
