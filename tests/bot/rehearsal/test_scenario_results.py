"""What becomes of played scenarios: verdicts, JUnit XML, and the command's refusals."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from bot.cli.script import app
from bot.rehearsal.coverage import Reached
from bot.rehearsal.junit import write_junit
from bot.rehearsal.playing import Case, Played, Verdict, cases
from bot.rehearsal.scenario import Mode, load_scenario
from bot.vocabulary import Outcome

pytestmark = pytest.mark.unit

runner = CliRunner(env={"COLUMNS": "200"})

BOTH = """\
name: x
script: satisfaction_survey
expect_outcome: survey_declined
languages:
  en: {steps: [{hang_up: true}]}
  zh: {known_problem: the bot is deaf, steps: [{hang_up: true}]}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "leaves.yml"
    path.write_text(BOTH, encoding="utf-8")
    return path


def played(path: Path, language: str, problem: str | None) -> Played:
    case = Case(load_scenario(path), language, Mode.TEXT)
    return Played(case, Outcome.HUNG_UP, problem, ("  0.0 s  bot  Hello.",), Path("a.jsonl"), 0.5, Reached())


@pytest.mark.parametrize(
    ("language", "problem", "verdict", "good"),
    [
        ("en", None, Verdict.PASSED, True),
        ("en", "leaves.yml:5: no", Verdict.FAILED, False),
        ("zh", "leaves.yml:6: no", Verdict.KNOWN_PROBLEM, True),
        ("zh", None, Verdict.SOLVED, False),
    ],
)
def test_a_known_problem_must_fail_and_nothing_else_may(
    path: Path, language: str, problem: str | None, verdict: Verdict, good: bool
) -> None:
    one = played(path, language, problem)
    assert one.verdict is verdict
    assert one.verdict.good is good


def test_junit_names_each_case_and_tells_why_it_failed(path: Path) -> None:
    results = [
        played(path, "en", None),
        played(path, "en", "leaves.yml:5: no\x07"),  # XML cannot hold a bell
        played(path, "zh", "leaves.yml:6: no"),
        played(path, "zh", None),
    ]
    file = path.with_suffix(".xml")
    write_junit(file, results)
    suite = ElementTree.parse(file).getroot()[0]
    counts = {key: suite.get(key) for key in ("tests", "failures", "skipped", "errors")}
    assert counts == {"tests": "4", "failures": "2", "skipped": "1", "errors": "0"}
    passed, failed, known, solved = suite
    assert (passed.get("name"), passed.get("classname"), len(passed)) == (
        "leaves-en-text",
        "satisfaction_survey",
        0,
    )
    assert failed[0].tag == "failure"
    assert failed[0].get("message") == "leaves.yml:5: no�"
    assert "Hello." in (failed[0].text or "")
    assert (known[0].tag, known[0].get("message")) == ("skipped", "the bot is deaf")
    assert "take out its `known_problem`" in (solved[0].get("message") or "")


def test_sound_needs_a_recogniser_that_hears_the_language(path: Path) -> None:
    chosen = cases([load_scenario(path)], frozenset(Mode), ("en",))
    assert [case.name for case in chosen] == ["leaves-en-text", "leaves-en-sound", "leaves-zh-text"]
    assert [case.name for case in cases([load_scenario(path)], {Mode.SOUND}, ("en",), "zh")] == []


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["nowhere.yml"], "nowhere.yml: there is no such file or folder; name a scenario or a folder"),
        (["--script", "errand", "{path}"], "no scenario is for it; there are some for satisfaction_survey"),
        (["--language", "fr", "{path}"], "no scenario speaks it; there are some in en, zh"),
    ],
)
def test_the_command_refuses_what_it_cannot_find(path: Path, arguments: list[str], expected: str) -> None:
    result = runner.invoke(app, ["test", *(argument.format(path=path) for argument in arguments)])
    assert result.exit_code == 1
    assert expected in result.output
