"""The way from tapes to training data: `collect`, `label` and `data import`, one after the other."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.nlu import app
from nlu import corpus
from nlu.corpus import Split
from nlu.inventory import Intent
from nlu.labelling import sheet
from nlu.labelling.sheet import Label
from tests.needs import ROOT
from tests.nlu.labelling.turns import item

pytestmark = pytest.mark.unit

TAPES = ROOT / "tests" / "tapes"


def run(*words: str, keys: str = "") -> tuple[int, str]:
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, list(words), input=keys)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


@pytest.fixture
def turns(tmp_path: Path) -> Path:
    path = tmp_path / "turns.jsonl"
    rows = [item("yes", random=True, count=3), item("that is not mine"), item("hm"), item("never mind")]
    path.write_text(sheet.text(rows), encoding="utf-8")
    return path


def test_tapes_become_rows_to_label(tmp_path: Path) -> None:
    out = tmp_path / "turns.jsonl"
    code, shown = run("collect", str(TAPES), "--out", str(out), "--random-share", "0.34")
    assert code == 0, shown
    assert f"3 turns of 2 calls; 3 rows in {out}" in shown
    assert "1 turns drawn by chance, in 1 rows" in shown
    reasons = re.search(r"2 rows chosen: (.+)", shown)
    assert reasons is not None
    assert sum(map(int, re.findall(r"\d+", reasons[1]))) == 2
    assert [row.random for row in sheet.read(out)] == [True, False, False]
    before = out.read_text(encoding="utf-8")
    code, shown = run("collect", str(TAPES), "--out", str(out))
    assert (code, out.read_text(encoding="utf-8")) == (1, before)
    assert "is there already; give another name" in shown


def test_a_tape_that_cannot_be_read_is_named_and_the_others_are_collected(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"tape": 1, "language": "en"}\n{"kind": "understood"}\n', encoding="utf-8")
    code, shown = run("collect", str(TAPES), str(broken), "--out", str(tmp_path / "turns.jsonl"))
    assert code == 0, shown
    assert f"left out: {broken}: the tape lacks 'turn'" in shown
    assert "1 of 3 tapes cannot be read" in shown
    assert "3 turns of 2 calls" in shown


def test_labelling_goes_on_where_it_stopped(turns: Path) -> None:
    code, shown = run("label", str(turns), "--by", "anna", keys="\ndispute\n>\n")
    assert code == 0, shown
    assert "anna: 3 of 4 turns done" in shown
    assert "1 of 4, en, before any question, drawn by chance" in shown
    code, shown = run("label", str(turns), "--by", "anna", keys="<\nthanks\n")
    assert "hm" not in shown
    assert "1 of 1" in shown
    assert [None if one is None else one.intent for row in sheet.read(turns) for one in row.labels.values()] == [
        "affirm",
        "dispute",
        None,
        "thanks",
    ]


def test_a_line_that_is_no_answer_ends_the_labelling_and_shifts_none(turns: Path) -> None:
    code, shown = run("label", str(turns), "--by", "anna", keys="affirm\nasdf\ndispute\nthanks\n")
    assert code == 1
    assert "error line 2 of the input: 'asdf' names no answer, or several; what came before it is written" in shown
    assert [row.labels.get("anna") for row in sheet.read(turns)] == [Label(intent=Intent.AFFIRM), None, None, None]


def test_two_people_are_compared_and_a_third_settles(turns: Path) -> None:
    run("label", str(turns), "--by", "anna", keys="\n\n\n\n")
    run("label", str(turns), "--by", "ben", keys="\ndispute\n\n\n")
    assert run("label", str(turns), "--agreement") == (
        0,
        "anna and ben: 4 turns, 75% the same, Cohen's kappa 0.00\n   1  affirm or dispute\n",
    )
    code, shown = run("data", "import", str(turns), "--out", str(turns.with_name("rows.jsonl")))
    assert code == 1
    assert "turns.jsonl:2: 'that is not mine': anna says affirm, ben says dispute; let somebody settle it" in shown
    code, shown = run("label", str(turns), "--by", "cem", "--disputed", keys="dispute\n")
    assert "1 of 1" in shown
    assert run("data", "import", str(turns), "--out", str(turns.with_name("rows.jsonl")))[0] == 0


def test_labelled_turns_are_imported_and_only_random_ones_are_tested_on(turns: Path, tmp_path: Path) -> None:
    run("label", str(turns), "--by", "anna", "--sentiment", keys="\n1\ndispute\nangry\n>\n")
    out = tmp_path / "rows.jsonl"
    code, shown = run("data", "import", str(turns), "--out", str(out))
    assert code == 0, shown
    rows = corpus.read(out)
    assert [(row.text, row.intent, row.sentiment, row.split) for row in rows] == [
        *[("yes", "affirm", "neutral", Split.TEST)] * 3,
        ("that is not mine", "dispute", "angry", Split.TRAIN),
    ]
    assert {row.source for row in rows} == {"calls"}
    assert not any(rule in shown for rule in ("leak", "near-duplicate", "broken-row"))


def test_what_would_leak_into_the_training_data_is_found_by_the_check(turns: Path, tmp_path: Path) -> None:
    run("label", str(turns), "--by", "anna", keys="\n>\n>\n>\n")
    out, report = tmp_path / "rows.jsonl", tmp_path / "found.json"
    run("data", "import", str(turns), "--out", str(out))
    run("data", "check", str(ROOT / "training_data" / "en.jsonl"), str(out), "--json", str(report))
    found = json.loads(report.read_text(encoding="utf-8"))["findings"]
    assert {one["rule"] for one in found} == {"leak"}
    assert any("'yes' is in test here, in train in" in one["why"] for one in found)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("collect", "{folder}", "--out", "{folder}/out.jsonl"), "there is no tape"),
        (("collect", "{folder}/none.jsonl", "--out", "{folder}/out.jsonl"), "none of 1 tapes can be read"),
        (("collect", str(TAPES), "--out", "{folder}/out.csv"), "give a name that ends in .jsonl"),
        (("collect", str(TAPES), "--out", "{folder}/no/out.jsonl"), "No such file or directory"),
        (("label", "{folder}/none.jsonl", "--by", "anna"), "none.jsonl: cannot be read"),
        (("label", str(TAPES / "asks_for_a_human.jsonl"), "--by", "anna"), "asks_for_a_human.jsonl:1: text"),
        (("label", "{folder}/none.jsonl"), "name who labels with --by NAME"),
    ],
)
def test_a_mistake_ends_in_a_sentence(words: tuple[str, ...], message: str, tmp_path: Path) -> None:
    code, shown = run(*(word.format(folder=tmp_path) for word in words))
    assert code == 1
    assert message in shown
