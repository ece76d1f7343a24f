"""`voicebot nlu data`: what the commands print, write and exit with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.nlu import app
from nlu import corpus
from tests.nlu.conftest import DATA

pytestmark = pytest.mark.unit


def run(*words: str) -> tuple[int, str]:
    result = CliRunner(env={"COLUMNS": "250"}).invoke(app, ["data", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    path = tmp_path / "faulty.csv"
    path.write_text("text,category\nyes,affirm\nYes!,deny\nmail a@b.com,afirm\nmail a@b.com,deny\n", encoding="utf-8")
    return path


def test_our_data_pass_the_check() -> None:
    code, shown = run("check", str(DATA))
    assert code == 0
    assert "nothing found in" in shown


def test_what_is_found_is_shown_with_place_reason_and_remedy(faulty: Path, tmp_path: Path) -> None:
    code, shown = run("check", str(faulty), "--lang", "en", "--json", str(tmp_path / "found.json"))
    assert code == 1
    for words in (
        "contradiction",
        f"{faulty}:3",
        "'yes' has intent deny here",
        "how to mend",
        "unknown intent 'afirm'",
    ):
        assert words in shown
    assert "a@b.com" not in shown
    found = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))["findings"]
    assert {"rule", "place", "why", "mend"} == found[0].keys()
    assert {"personal-data", "unknown-label", "contradiction"} <= {one["rule"] for one in found}


def test_rows_go_out_as_rasa_yaml_and_come_back(tmp_path: Path) -> None:
    rows = [row for row in corpus.read(DATA / "zh.jsonl") if row.intent in ("correct", "greet")]
    source, out, back = tmp_path / "zh.jsonl", tmp_path / "nlu.yml", tmp_path / "back.jsonl"
    source.write_text(
        "".join(
            line + "\n"
            for line in (DATA / "zh.jsonl").read_text(encoding="utf-8").splitlines()
            if any(f'"intent": "{name}"' in line for name in ("correct", "greet"))
        ),
        encoding="utf-8",
    )
    assert run("export", str(out), "--data", str(source), "--lang", "zh")[0] == 0
    code, shown = run("import", str(out), "--out", str(back))
    assert code == 0
    assert f"{len(rows)} rows in {back}" in shown
    assert f"nothing found in {back}" in shown
    lines = [sorted(path.read_text(encoding="utf-8").splitlines()) for path in (source, back)]
    assert lines[0] == lines[1]  # Rasa's file is grouped by intent


def test_an_imported_file_answers_for_its_rows_and_not_for_what_a_whole_model_needs(tmp_path: Path) -> None:
    few = tmp_path / "few.csv"
    few.write_text("text,intent\nyes please,affirm\nwrite to a@b.com,request_message\n", encoding="utf-8")
    code, shown = run("import", str(few), "--lang", "en", "--out", str(tmp_path / "few.jsonl"))
    assert code == 0
    assert "2 rows in" in shown
    assert "personal-data" in shown
    assert "too-few" not in shown
    assert "not-measured" not in shown


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "there.csv").write_text("mine", encoding="utf-8")
    code, shown = run("export", str(tmp_path / "there.csv"), "--data", str(DATA / "en.jsonl"))
    assert code == 1
    assert "is there already; give another name" in shown
    assert (tmp_path / "there.csv").read_text(encoding="utf-8") == "mine"


def test_an_import_with_an_unknown_intent_writes_nothing(faulty: Path, tmp_path: Path) -> None:
    code, shown = run("import", str(faulty), "--lang", "en", "--out", str(tmp_path / "out.jsonl"))
    assert code == 1
    assert f"{faulty}:4: unknown intent 'afirm'; the known ones are" in shown
    assert not (tmp_path / "out.jsonl").exists()


def test_the_counts_name_every_intent(tmp_path: Path) -> None:
    code, shown = run("stats", str(DATA / "en.jsonl"), "--json", str(tmp_path / "stats.json"))
    assert code == 0
    assert "suspect_fraud" in shown
    counted = json.loads((tmp_path / "stats.json").read_text(encoding="utf-8"))["en"]
    assert counted["total"]["rows"] == sum(one["rows"] for one in counted["intents"].values())
    assert sum(counted["total"]["splits"].values()) == counted["total"]["rows"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("check", "nowhere.jsonl"), "nowhere.jsonl: cannot be read"),
        (("check", "{folder}"), "no <language>.jsonl here"),
        (("check", "{folder}/data.xlsx"), "of no known format"),
        (("check", "{folder}/empty.jsonl"), "no labelled utterance in it"),
        (("check", "{folder}/latin.csv"), "is not UTF-8; save the file as UTF-8"),
        (("import", "{folder}/mine.csv", "--out", "{folder}/out.jsonl"), "say which language it is with --lang"),
        (("import", "{folder}/mine.csv", "--out", "{folder}/out.csv"), "rows are imported as JSONL"),
        (("import", "{folder}/mine.csv", "--lang", "fr", "--out", "{folder}/out.jsonl"), "--lang fr: there is a model"),
        (("export", "{folder}/out.doc"), "of no known format"),
    ],
)
def test_a_mistake_is_one_sentence(tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    (tmp_path / "empty.jsonl").touch()
    (tmp_path / "latin.csv").write_bytes("text,intent\ncafé,greet\n".encode("latin-1"))
    (tmp_path / "mine.csv").write_text("text,intent\nhello,greet\n", encoding="utf-8")
    if words[-1] == "{folder}":
        (tmp_path / "empty.jsonl").unlink()
    code, shown = run(*(word.format(folder=tmp_path) for word in words))
    assert code == 1
    assert message in shown
