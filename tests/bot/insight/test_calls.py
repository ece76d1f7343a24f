"""A folder of tapes: which calls are taken, and what is said where none is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.call.tape import TapeError
from bot.insight.calls import NothingToLearn, Wanted, read_calls, version_called, versions
from tests.bot.insight.many_calls import calls

pytestmark = pytest.mark.unit


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for call in (*calls("b20", 2), *calls("a10", 1), *calls("b21", 1)):
        call.script = "survey" if call.version == "a10" else "reminder"
        call.at = {"b20": "2026-11-18", "a10": "2026-11-19", "b21": "2026-11-20"}[call.version] + "T10:00:00.000+00:00"
        call.write(tmp_path)
    return tmp_path


def test_the_calls_of_a_script_by_date(folder: Path) -> None:
    told: list[tuple[int, int]] = []
    found = read_calls(folder, Wanted("reminder"), lambda done, total: told.append((done, total)))
    assert [call.measures.version for call in found.calls] == ["b20", "b20", "b21"]
    assert versions(found.calls) == ["b21", "b20"]
    assert told == [(number, 4) for number in (1, 2, 3, 4)]


def test_only_since_a_day(folder: Path) -> None:
    found = read_calls(folder, Wanted("reminder", since=date(2026, 11, 19)))
    assert versions(found.calls) == ["b21"]


def test_what_cannot_be_read_is_named_and_left_out(folder: Path) -> None:
    (folder / "torn.jsonl").write_text("{", encoding="utf-8")
    (folder / "list.jsonl").write_text("[]\n", encoding="utf-8")
    tape = next(folder.glob("b20*.jsonl"))
    tape.write_text(tape.read_text(encoding="utf-8").replace('"utterance"', '"secret"'), encoding="utf-8")
    found = read_calls(folder, Wanted("reminder"))
    assert len(found.calls) == 2
    assert sorted(message.split(": ")[0] for message in found.left_out) == sorted(
        map(str, (folder / "list.jsonl", folder / "torn.jsonl", tape))
    )
    assert not any("yes" in message for message in found.left_out)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (Wanted("remainder"), "has no call of remainder; there are 3 of reminder, 1 of survey"),
        (Wanted("reminder", since=date(2027, 1, 1)), "has 3 calls of reminder, but none with --since 2027-01-01"),
        (Wanted("survey", language="zh"), "has 1 calls of survey, but none with --language zh"),
    ],
)
def test_where_no_call_is_taken_what_there_is_is_said(folder: Path, wanted: Wanted, message: str) -> None:
    with pytest.raises(NothingToLearn, match=message):
        read_calls(folder, wanted)


def test_a_folder_without_tapes_and_no_folder(tmp_path: Path) -> None:
    with pytest.raises(NothingToLearn, match=r"there is no tape \(\*\.jsonl\) in this folder"):
        read_calls(tmp_path, Wanted("reminder"))
    with pytest.raises(TapeError, match="no such folder"):
        read_calls(tmp_path / "gone", Wanted("reminder"))


def test_a_version_may_be_named_by_its_beginning(folder: Path) -> None:
    found = read_calls(folder, Wanted("reminder")).calls
    assert version_called("b20", found, "--version") == "b20"
    assert version_called("b21", found, "--version") == "b21"
    with pytest.raises(NothingToLearn, match="--version b2: begins more than one version; these tapes have b21, b20"):
        version_called("b2", found, "--version")
    with pytest.raises(NothingToLearn, match="--against c: no call was made with it; these tapes have b21, b20"):
        version_called("c", found, "--against")
