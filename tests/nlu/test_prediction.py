"""A file of utterances: every row comes back with its answers, and a row that cannot be read is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.nlu import app

pytestmark = pytest.mark.unit


def run(*words: str) -> tuple[int, str]:
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["predict", *words])
    return result.exit_code, result.output


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_each_row_comes_back_with_what_was_understood(small_root: Path, tmp_path: Path) -> None:
    rows = [
        {"text": "i'd say a four", "lang": "en", "expects": "rating", "id": 7},
        {"text": "下周三", "lang": "zh", "expects": "date", "reference": "2026-07-15", "state_intents": ["inform"]},
        {"text": "对", "lang": "zh", "expects": "yes_no", "state_intents": ["affirm", "deny"]},
    ]
    given, out = write(tmp_path / "in.jsonl", *rows), tmp_path / "out.jsonl"
    code, shown = run("--file", str(given), "--out", str(out), "--models", str(small_root))
    assert code == 0, shown
    found = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [{key: row[key] for key in before} for row, before in zip(found, rows, strict=True)] == rows
    assert [row["intent"] for row in (found[0], found[2])] == ["give_rating", "affirm"]
    assert found[0]["entities"] == [{"type": "rating", "value": 4, "text": "four"}]
    assert found[1]["entities"] == [{"type": "date", "value": "2026-07-22", "text": "下周三"}]
    assert all(
        set(row) == {*before, "intent", "probability", "decision", "sentiment", "entities"}
        for row, before in zip(found, rows, strict=True)
    )
    assert {row["decision"] for row in found} <= {"act", "confirm", "ask_again", "hand_over"}


@pytest.mark.parametrize(
    "text", ["", " ", "a" * 10_000, "😀😀", "yes 好的 oui", "\x00\x07\x1b[31m", "\ud83d", "line\u2028break", "привет"]
)
def test_odd_text_is_answered(small_root: Path, tmp_path: Path, text: str) -> None:
    given, out = write(tmp_path / "in.jsonl", {"text": text, "lang": "en"}), tmp_path / "out.jsonl"
    assert run("--file", str(given), "--out", str(out), "--models", str(small_root))[0] == 0
    [line] = out.read_text(encoding="utf-8").rstrip("\n").split("\n")
    assert json.loads(line)["text"] == text


def test_nonsense_is_out_of_scope_and_asked_again(small_root: Path, tmp_path: Path) -> None:
    given, out = write(tmp_path / "in.jsonl", {"text": "", "lang": "zh"}), tmp_path / "out.jsonl"
    assert run("--file", str(given), "--out", str(out), "--models", str(small_root))[0] == 0
    found = json.loads(out.read_text(encoding="utf-8"))
    assert (found["intent"], found["decision"], found["entities"]) == ("out_of_scope", "ask_again", [])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "in.jsonl:2: not JSON"),
        ("[]", "in.jsonl:2: needs a `text`"),
        ('{"lang": "en"}', "in.jsonl:2: needs a `text`"),
        ('{"text": "oui", "lang": "fr"}', "there is no model for `lang` 'fr'; there is one for en, zh"),
        ('{"text": "yes", "reference": "soon"}', "`reference` 'soon' is no day; write YYYY-MM-DD"),
        ('{"text": "yes", "state_intents": "affirm"}', "`state_intents` is a list"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(small_root: Path, tmp_path: Path, line: str, message: str) -> None:
    given = tmp_path / "in.jsonl"
    given.write_text('{"text": "yes"}\n' + line + "\n", encoding="utf-8")
    code, shown = run("--file", str(given), "--out", str(tmp_path / "out.jsonl"), "--models", str(small_root))
    assert code == 1
    assert message in shown


def test_file_and_sentence_exclude_each_other(small_root: Path, tmp_path: Path) -> None:
    assert "either a sentence or --file" in run("--models", str(small_root))[1]
    assert "belong together" in run("--file", "x.jsonl", "--models", str(small_root))[1]
    code, shown = run("--file", str(tmp_path / "x.jsonl"), "--out", str(tmp_path / "y"), "--models", str(small_root))
    assert (code, "No such file" in shown) == (1, True)
