"""Import and export: what goes out comes back the same, and what foreign files lack is added."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu import corpus
from nlu.corpus import CorpusError, Row, Split
from nlu.data import exchange, records
from tests.nlu.conftest import DATA

pytestmark = pytest.mark.unit

NLU_YML = """\
version: "3.1"
nlu:
  - intent: promise_to_pay
    examples: |
      - i'll pay [next friday]{"entity": "date", "value": "2026-07-24"}
      # said slowly
      - i'll pay [fifty](amount:50) [on monday](date)
  - intent: give_rating
    metadata:
      sentiment: positive
    examples:
      - text: |
          a [five]{"entity": "rating", "value": 5}
        metadata:
          sentiment: angry
      - text: four
  - synonym: friday
    examples: |
      - fri
"""


def rows(path: Path, language: str | None = None) -> list[Row]:
    return [placed.row for placed in exchange.complete_all(records.read_all(path), language)]


def written(folder: Path, name: str, content: str) -> Path:
    (folder / name).write_text(content, encoding="utf-8")
    return folder / name


@pytest.mark.parametrize("suffix", [".yml", ".csv", ".jsonl"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_our_data_come_back_the_same(language: str, suffix: str, tmp_path: Path) -> None:
    known = corpus.read(DATA / f"{language}.jsonl")[::5]
    path = tmp_path / f"out{suffix}"
    path.write_text(exchange.export(known, path), encoding="utf-8")
    key = {"key": lambda row: (row.template, row.text)}
    assert sorted(rows(path), **key) == sorted(known, **key)  # type: ignore[call-overload]


def test_rasa_yaml_is_read_with_its_markup(tmp_path: Path) -> None:
    first, second, third, fourth = rows(written(tmp_path, "nlu.yml", NLU_YML), "en")
    assert (first.text, first.intent) == ("i'll pay next friday", "promise_to_pay")
    assert first.entities == ({"type": "date", "value": "2026-07-24", "text": "next friday"},)
    assert [entity["value"] for entity in second.entities] == ["50", "on monday"]
    assert (third.text, third.entities[0]["value"], third.sentiment) == ("a five", 5, "angry")
    assert (fourth.text, fourth.sentiment, fourth.language) == ("four", "positive", "en")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("nlu: [", r"nlu\.yml:\d: not YAML"),
        ("stories: []", "no list under 'nlu:'"),
        ("nlu:\n  - intent: deny\n", r"nlu\.yml:2: intent deny has no examples"),
        ("nlu:\n  - intent: deny\n    examples: |\n      - no\n      nope\n", r"nlu\.yml:5: an example begins with"),
        ('nlu:\n  - intent: deny\n    examples: |\n      - [no]{"entity": }\n', r"nlu\.yml:4: .* is no entity"),
        ("nlu:\n  - intent: deny\n    examples:\n      - no\n", r"nlu\.yml:4: an example needs 'text'"),
        ("nlu: []", "no labelled utterance"),
    ],
)
def test_bad_yaml_is_named_with_its_line(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        records.read_all(written(tmp_path, "nlu.yml", content))


def test_a_line_number_of_yaml_is_that_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "nlu.yml", NLU_YML)
    lines = NLU_YML.splitlines()
    for record in records.read_all(path):
        number = int(record.place.rpartition(":")[2])
        near = " ".join(lines[number - 1 : number + 1])
        assert str(record.get("text")).split()[0] in near


def test_rows_without_a_split_get_one_and_neighbours_share_it(tmp_path: Path) -> None:
    lines = [f"the fee of number {word} is wrong,dispute" for word in map(str, range(50))]
    lines += [f"{word} is simply not my debt at all,dispute" for word in ("that", "it")]
    found = rows(written(tmp_path, "mine.csv", "\n".join(["text,category", *lines])), "en")
    assert len({row.template for row in found[:50]}) == 1  # a number more or less is the same template
    assert len({row.split for row in found[:50]}) == 1
    assert found[50].split is found[51].split
    assert found[50].template != found[51].template
    assert {row.source for row in found} == {"imported"}


def test_splits_are_about_seven_one_two(tmp_path: Path) -> None:
    known = corpus.read(DATA / "en.jsonl")
    lines = [f'"{row.text}",{row.intent}' for row in known]
    found = rows(written(tmp_path, "mine.csv", "\n".join(["text,intent", *lines])), "en")
    share = {split: sum(row.split is split for row in found) / len(found) for split in Split}
    assert share[Split.TRAIN] == pytest.approx(0.7, abs=0.06)
    assert share[Split.TEST] == pytest.approx(0.2, abs=0.06)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("text,intent\nno, not me,wrong_person\n", r"mine\.csv:2: 3 cells under a header of 2"),
        ("what,is\nthis,csv\n", r"mine\.csv:1: the first line must name the columns, one of them 'text'"),
        ("text,text\na,b\n", "the column text is there twice"),
        ("", "no labelled utterance in it"),
        ("text,intent\n", "no labelled utterance in it"),
        ("text,intent,entities\nno,deny,[\n", "is not a JSON list"),
    ],
)
def test_bad_csv_is_named_with_its_line(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        rows(written(tmp_path, "mine.csv", content), "en")


def test_a_spreadsheet_may_use_semicolons_quotes_and_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes('Text;Intent\n"no; not\nme";deny\n'.encode("utf-8-sig"))
    (found,) = rows(path, "en")
    assert (found.text, found.intent) == ("no; not\nme", "deny")


def test_what_rasa_cannot_say_is_refused(tmp_path: Path) -> None:
    (row,) = rows(written(tmp_path, "mine.csv", "text,intent\n[no](date) way,deny\n"), "en")
    with pytest.raises(CorpusError, match="looks like Rasa's markup; export CSV or JSONL"):
        exchange.export([row], tmp_path / "out.yml")


def test_an_unknown_format_is_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"must end in \.jsonl, \.csv"):
        records.read_all(written(tmp_path, "mine.xlsx", "x"))
    with pytest.raises(CorpusError, match=r"must end in \.jsonl, \.csv"):
        exchange.export([], tmp_path / "out.xlsx")
