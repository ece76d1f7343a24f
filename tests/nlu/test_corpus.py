"""The labelled utterances: bad lines are named, and our own files keep their promises."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest

from nlu import corpus
from nlu.corpus import CorpusError
from nlu.entities.reading import read
from nlu.inventory import EntityType, Intent, Sentiment
from nlu.understanding import Context
from tests.nlu.conftest import DATA
from tests.nlu.phrases import WEDNESDAY

pytestmark = pytest.mark.unit

GOOD = {
    "text": "yes",
    "lang": "en",
    "intent": "affirm",
    "sentiment": "neutral",
    "entities": [],
    "template": "en.affirm.001",
    "source": "written",
    "split": "train",
}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"intent": "afirm"}, "unknown intent 'afirm'; the known ones are affirm"),
        ({"sentiment": "happy"}, "unknown sentiment 'happy'"),
        ({"split": "dev"}, "unknown split 'dev'"),
        ({"text": " "}, "'text' is missing or empty"),
        ({"template": None}, "'template' is missing or empty"),
        ({"entities": {}}, "'entities' must be a list"),
        ({"entities": [{"type": "date"}]}, "an entity needs type, value and text"),
        ({"entities": [{"type": "day", "value": 1, "text": "1"}]}, "unknown entity type 'day'"),
    ],
)
def test_a_bad_row_is_named_with_its_line(tmp_path: Path, change: dict[str, object], message: str) -> None:
    path = tmp_path / "en.jsonl"
    path.write_text(json.dumps(GOOD) + "\n" + json.dumps({**GOOD, **change}) + "\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=message) as caught:
        corpus.read(path)
    assert str(caught.value).startswith(f"{path}:2: ")


@pytest.mark.parametrize("line", ["{", "[]", '"yes"'])
def test_a_line_that_is_no_object_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "en.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(CorpusError, match="one object"):
        corpus.read(path)


def test_missing_empty_and_foreign_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"no <language>\.jsonl here"):
        corpus.languages(tmp_path)
    with pytest.raises(CorpusError, match="cannot be read"):
        corpus.read(tmp_path / "en.jsonl")
    (tmp_path / "en.jsonl").write_text("\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="no labelled utterance"):
        corpus.read(tmp_path / "en.jsonl")
    (tmp_path / "en.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(CorpusError, match="UTF-8"):
        corpus.read(tmp_path / "en.jsonl")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_intent_has_forty_templates_and_every_feeling_is_there(language: str) -> None:
    rows = corpus.read(DATA / f"{language}.jsonl")
    templates: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        templates[row.intent].add(row.template)
    assert templates.keys() == set(Intent)
    assert min(len(found) for found in templates.values()) >= 40
    assert {row.sentiment for row in rows} == set(Sentiment)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_template_is_split_and_no_text_is_labelled_twice(language: str) -> None:
    rows = corpus.read(DATA / f"{language}.jsonl")
    splits: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        splits[row.template].add(row.split)
    assert [template for template, found in splits.items() if len(found) > 1] == []
    assert len({row.text for row in rows}) == len(rows)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_grammars_find_the_dates_sums_and_times_of_the_data(language: str) -> None:
    """The values in the files were written by hand. Names and ratings need a question or a model."""
    kinds = {EntityType.DATE, EntityType.TIME, EntityType.AMOUNT, EntityType.DURATION, EntityType.DIGITS}
    missed = []
    for row in corpus.read(DATA / f"{language}.jsonl"):
        found = {(e.type, e.value, e.text) for e in read(row.text, Context(language, WEDNESDAY)).entities}
        wanted = {(e["type"], e["value"], e["text"]) for e in row.entities if e["type"] in kinds}
        missed += [(row.text, entity) for entity in wanted - found]
    assert missed == []
