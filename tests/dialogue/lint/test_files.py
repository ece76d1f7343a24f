"""What people do to files: each is told with its file and line, in one sentence, and never in a traceback."""

from __future__ import annotations

import shutil
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


COME = "    - text: Thank you. We look forward"


@pytest.mark.parametrize(
    ("file", "old", "new", "at", "told"),
    [
        ("rules.yml", "    steps:\n", "    steps\n", "    steps\n", "a colon is missing, behind `steps`"),
        ("script.yml", "title: Reminds", "title Reminds", "title Reminds", "a colon is missing, behind `title`"),
        ("responses.en.yml", "  utter_purpose:", "  utter_purpose", "  utter_purpose", "behind `utter_purpose`"),
        ("domain.yml", "slots:\n", "slots: {}\nslots:\n", "slots:\n", "the key `slots` is there twice"),
        (
            "responses.en.yml",
            COME,
            "    - text: Note: we",
            "    - text: Note",
            "a text with a colon in it stands in quotes",
        ),
        ("responses.en.yml", COME, "    - text: {branch} is", "    - text: {b", "begins with a slot stands in quotes"),
        ("script.yml", '"2026-11-27"', '"2026-11-27', "title: Reminds", "not valid YAML"),  # an open quotation mark
        ("rules.yml", "      - intent: start", "      -\tintent: start", "      -\tintent", "a tab in the line"),
        ("rules.yml", "rules:\n", "---\nrules:\n", "---", "a second document"),
    ],
)
def test_a_slip_in_yaml_is_told_with_its_line(scripts: Path, file: str, old: str, new: str, at: str, told: str) -> None:
    path = edit(scripts, f"errand/{file}", old, new)
    problem = only(scripts)
    assert (problem.file, problem.rule) == (str(path), Rule.YAML)
    assert told in problem.message
    assert problem.line is not None
    assert at == "title: Reminds" or problem.line == line_of(path, at)


@pytest.mark.parametrize("file", ["domain.yml", "rules.yml", "responses.en.yml"])
def test_a_file_that_is_missing_is_told_once(scripts: Path, file: str) -> None:
    path = scripts / "errand" / file
    path.unlink()
    problem = only(scripts)
    assert problem.file == str(path)
    assert problem.message.startswith("is missing")


def test_a_folder_without_the_shared_part_is_told_once(scripts: Path) -> None:
    shutil.rmtree(scripts / "shared")
    assert only(scripts).file == str(scripts / "shared")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("rules.yml", "condition: [{active_loop: visit_form}]", "condition:"),
        ("rules.yml", "slot_was_set: [{will_come: true}]", "slot_was_set:"),
        ("domain.yml", "{required_slots: [will_come]}", "{required_slots: }"),
    ],
)
def test_a_key_with_nothing_behind_it_is_told(scripts: Path, file: str, old: str, new: str) -> None:
    path = edit(scripts, f"errand/{file}", old, new)
    problem = only(scripts)
    assert (problem.file, problem.line, problem.rule) == (str(path), line_of(path, f"{new}\n"), Rule.STRUCTURE)
    assert "is empty" in problem.message


def test_an_empty_file_of_rules_is_told_there(scripts: Path) -> None:
    path = scripts / "errand" / "rules.yml"
    path.write_text("")
    problem = only(scripts)
    assert problem.file == str(path)
    assert "nothing opens" in problem.message


def test_an_unknown_type_of_a_slot_is_told_with_those_there_are(scripts: Path) -> None:
    path = edit(scripts, "errand/domain.yml", "    type: bool\n", "    type: boolean\n")
    problem = only(scripts)
    assert (problem.file, problem.line) == (str(path), line_of(path, "    type: boolean"))
    assert "`boolean` is no type" in problem.message
    assert "bool, categorical" in problem.message


@pytest.mark.parametrize("text", ["", " ''", " ' '"])
def test_a_prompt_without_words_is_told(scripts: Path, text: str) -> None:
    path = edit(scripts, "errand/responses.en.yml", COME, f"    - text:{text}\n    - text: Thank you. We look forward")
    problem = only(scripts)
    assert (problem.file, problem.rule) == (str(path), Rule.TEXT_MISSING)


def test_a_misspelt_key_is_one_mistake_and_not_two(scripts: Path) -> None:
    path = edit(scripts, "errand/script.yml", "title: Reminds", "titel: Reminds")
    problem = only(scripts)
    assert (problem.file, problem.line) == (str(path), line_of(path, "titel"))
    assert "is `title` meant?" in problem.message


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
