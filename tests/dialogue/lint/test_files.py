"""What people do to files: each is told with its file and line, in one sentence, and never in a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialogue.worker.rule import Rule
from dialogue.worker.source import MOST_BYTES, Problem
from tests.dialogue.lint.bad import edit, findings, line_of

pytestmark = pytest.mark.unit


def only(scripts: Path) -> Problem:
    (problem,) = findings(scripts)
    return problem


def test_a_tab_is_called_a_tab(scripts: Path) -> None:
    path = edit(scripts, "errand/rules.yml", "  - rule: comes", "\t- rule: comes")
    problem = only(scripts)
    assert (problem.file, problem.line) == (str(path), line_of(path, "\t"))
    assert "indent with spaces" in problem.message


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("rules.yml", "    steps:\n", "    steps\n"),  # a missing colon
        ("script.yml", "title: Reminds", "title Reminds"),
        ("domain.yml", "slots:\n", "slots: {}\nslots:\n"),  # a key twice
        ("script.yml", '"2026-11-27"', '"2026-11-27'),  # an open quotation mark
    ],
)
def test_a_slip_in_yaml_is_told_with_its_line(scripts: Path, file: str, old: str, new: str) -> None:
    path = edit(scripts, f"errand/{file}", old, new)
    problem = only(scripts)
    assert (problem.file, problem.rule) == (str(path), Rule.YAML)
    assert problem.line is not None


def test_a_value_that_includes_itself_is_told(scripts: Path) -> None:
    path = edit(scripts, "errand/rules.yml", "rules:\n", "rules: &all\n  - *all\n")
    problem = only(scripts)
    assert (problem.file, problem.line) == (str(path), line_of(path, "  - *all"))
    assert "includes itself" in problem.message


def test_aliases_that_multiply_are_told(scripts: Path) -> None:
    path = scripts / "errand" / "checks.yml"
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    path.write_text("\n".join(rows), encoding="utf-8")
    problem = only(scripts)
    assert (problem.file, problem.rule) == (str(path), Rule.YAML)
    assert "by aliases" in problem.message


def test_a_file_in_another_encoding_is_told_with_the_line(scripts: Path) -> None:
    path = scripts / "errand" / "responses.en.yml"
    path.write_bytes(path.read_bytes().replace(b"Thank you. We", "Dank für".encode("latin-1")))
    problem = only(scripts)
    assert (problem.file, problem.line) == (
        str(path),
        path.read_bytes()[: path.read_bytes().index(b"\xfc")].count(b"\n") + 1,
    )
    assert "UTF-8" in problem.message


def test_a_file_of_five_megabytes_is_not_even_parsed(scripts: Path) -> None:
    path = scripts / "errand" / "rules.yml"
    path.write_bytes(b"- x\n" * (5 * MOST_BYTES // 4))
    problem = only(scripts)
    assert (problem.file, problem.line, problem.rule) == (str(path), 1, Rule.YAML)
    assert "5,000,000 bytes" in problem.message


def test_a_link_that_leads_to_itself_is_told(scripts: Path) -> None:
    path = scripts / "errand" / "checks.yml"
    path.symlink_to(path)
    problem = only(scripts)
    assert (problem.file, problem.rule) == (str(path), Rule.YAML)


def test_a_script_that_there_is_not_is_told(scripts: Path) -> None:
    (problem,) = findings(scripts, "errant")
    assert problem.message == "is missing"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("script.yml", "languages: [en]", "languages: true"),
        ("script.yml", "contact:", "contact: [name]\nwas:"),
        ("script.yml", "{type: name, example: Harbour Bank}", "{type: [name], example: Harbour Bank}"),
        ("domain.yml", "{required_slots: [will_come]}", "{required_slots: [{will_come: yes}]}"),
        ("domain.yml", "type: bool", "type: {bool: true}"),
        ("domain.yml", "intent: affirm", "intent: 1"),
        ("domain.yml", "conditions: [{active_loop", "conditions: [visit_form, {active_loop"),
        ("domain.yml", "queue: service", "queue: [service]"),
        ("rules.yml", "intent: start", "intent: [start]"),
        ("rules.yml", "action: utter_see_you", "action: {utter_see_you: now}"),
        ("rules.yml", "condition: [{active_loop: visit_form}]", "condition: 1"),
        ("rules.yml", "slot_was_set: [{will_come: true}]", "slot_was_set: will_come"),
        ("responses.en.yml", "metadata: {expects: yes_no", "metadata: {expects: [yes_no]"),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_where_it_stands(scripts: Path, file: str, old: str, new: str) -> None:
    path = edit(scripts, f"errand/{file}", old, new)
    problem = only(scripts)
    assert (problem.file, problem.line, problem.rule) == (str(path), line_of(path, new), Rule.STRUCTURE)
    assert " must be " in f" {problem.message}"
