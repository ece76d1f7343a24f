"""The file that people label: nothing is lost, and people do not get in each other's way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from nlu.corpus import CorpusError
from nlu.inventory import Intent
from nlu.labelling import sheet
from nlu.labelling.sheet import Label
from tests.nlu.labelling.turns import item

pytestmark = pytest.mark.unit


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "turns.jsonl"
    path.write_text(sheet.text([item("yes"), item("好的", random=True, count=3)]), encoding="utf-8")
    return path


def test_labels_of_two_people_stand_side_by_side(path: Path) -> None:
    before = sheet.read(path)
    sheet.put(path, 1, "anna", Label(intent=Intent.AFFIRM))
    sheet.put(path, 1, "ben", Label(intent=Intent.CORRECT))
    sheet.put(path, 0, "ben", None)
    sheet.withdraw(path, 1, "nobody")
    first, second = sheet.read(path)
    assert second.labels == {"anna": Label(intent=Intent.AFFIRM), "ben": Label(intent=Intent.CORRECT)}
    assert first.labels == {"ben": None}
    assert [row.model_copy(update={"labels": {}}) for row in (first, second)] == before


def test_an_answer_taken_back_leaves_the_other_persons(path: Path) -> None:
    sheet.put(path, 0, "anna", Label(intent=Intent.DENY))
    sheet.put(path, 0, "ben", Label(intent=Intent.AFFIRM))
    sheet.withdraw(path, 0, "anna")
    assert sheet.read(path)[0].labels == {"ben": Label(intent=Intent.AFFIRM)}
    assert [entry.name for entry in path.parent.iterdir()] == ["turns.jsonl"]


def test_people_who_label_at_the_same_time_lose_nothing(path: Path) -> None:
    path.write_text(sheet.text([item(f"number {n}") for n in range(20)]), encoding="utf-8")
    path.chmod(0o640)
    with ThreadPoolExecutor(4) as people:
        for name in ("anna", "ben", "cem", "dora"):
            people.submit(lambda name=name: [sheet.put(path, n, name, None) for n in range(20)])
    assert all(len(row.labels) == 4 for row in sheet.read(path))
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no turn in it; `voicebot nlu collect` writes such a file"),
        (
            '{"text": "yes"}\n',
            r"turns\.jsonl:1: lang: Field required; such files are written by `voicebot nlu collect`",
        ),
        ("yes\n", r"turns\.jsonl:1: the line: Invalid JSON"),
    ],
)
def test_another_file_is_refused_with_its_line(path: Path, content: str, message: str) -> None:
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=message):
        sheet.put(path, 0, "anna", None)


def test_a_label_that_is_no_intent_is_named(path: Path) -> None:
    path.write_text(path.read_text().replace('"labels":{}', '"labels":{"anna":{"intent":"yess"}}'), encoding="utf-8")
    with pytest.raises(CorpusError, match=r"turns\.jsonl:1: labels\.anna\.intent: Input should be 'affirm'"):
        sheet.read(path)
