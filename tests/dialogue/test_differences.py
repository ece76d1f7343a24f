"""What differs between two scripts: everything that a customer would notice, nothing that is only written otherwise."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest

from dialogue.differences.changes import Change, Difference, Sort, compare
from dialogue.differences.facts import Facts, facts_of
from dialogue.differences.wording import Piece, by_lines, by_words
from dialogue.worker.project import Project, load
from dialogue.worker.source import ScriptError
from tests.dialogue.walks import REPAYMENT, SCRIPTS

pytestmark = pytest.mark.unit

Edit = tuple[str, str, str]


def differences(folder: Path, *edits: Edit, with_shared: bool = True) -> list[Difference]:
    """Between the reminder and a copy with these edits: file, old, new."""
    shutil.copytree(SCRIPTS, folder / "scripts")
    for file, old, new in edits:
        path = folder / "scripts" / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    after = load(folder / "scripts", REPAYMENT)
    return compare(*(facts_of(one, with_shared=with_shared) for one in (shipped(), after)))


def facts(project: Project) -> Facts:
    return facts_of(project, with_shared=True)


@cache
def shipped() -> Project:
    return load(SCRIPTS, REPAYMENT)


EN, RULES, SCRIPT = (f"{REPAYMENT}/{name}.yml" for name in ("responses.en", "rules", "script"))
PAY = " will you pay?"
LEGAL = "      metadata: {legal: true, interruptible: false}\n"

DIGITS = "type: digits, length: 4, sensitive: true"
DISPUTED = "does not accept the payment or its amount"

SINGLE: list[tuple[Edit, str, Change]] = [
    (
        (EN, "On which day", "When"),
        "prompts utter_ask_promise_date",
        Change("en 1 says", f"On which day{PAY}", f"When{PAY}"),
    ),
    ((EN, LEGAL, ""), "prompts utter_disclosure", Change("interruptible", "no", "yes")),
    ((EN, LEGAL, ""), "prompts utter_disclosure", Change("legal", "yes", "no")),
    ((EN, "expects: date", "expects: free"), "prompts utter_ask_promise_date", Change("expects", "date", "free")),
    ((EN, "length: 4", "length: 6"), "prompts utter_ask_last4_given", Change("length", "4", "6")),
    ((SCRIPT, "  amount: {", "  sum: {"), "contact amount", Change("type", "money", None)),
    ((SCRIPT, DIGITS, DIGITS.removesuffix(", sensitive: true")), "contact last4", Change("sensitive", "yes", None)),
    ((SCRIPT, "call_seconds: 300", "call_seconds: 200"), "limits call_seconds", Change("", "300", "200")),
    ((SCRIPT, "  disputed: ", "  objected: "), "outcomes objected", Change("", None, DISPUTED)),
    (
        (SCRIPT, "machine: leave_message", "machine: hang_up"),
        "settings answered_by",
        Change("machine", "leave_message", "hang_up"),
    ),
]


@pytest.mark.parametrize(("edit", "named", "change"), SINGLE)
def test_each_kind_of_change_is_found(tmp_path: Path, edit: Edit, named: str, change: Change) -> None:
    found = {f"{one.subject.part} {one.subject.name}": one for one in differences(tmp_path, edit)}
    assert change in found[named].changes
    assert found[named].legal == (edit[1] == LEGAL)


def test_a_text_is_not_taken_for_the_value_it_looks_like(tmp_path: Path) -> None:
    (found,) = differences(tmp_path, (RULES, "{promise_date_check: within}", "{promise_date_check: true}"))
    (again,) = differences(tmp_path / "quoted", (RULES, "{promise_date_check: within}", '{promise_date_check: "yes"}'))
    assert found.changes[0].after != again.changes[0].after


def test_a_rule_that_is_gone_or_new_or_other_is_found_with_its_place(tmp_path: Path) -> None:
    found = differences(
        tmp_path,
        (RULES, "rule: hardship", "rule: hard times"),
        (RULES, "      - action: utter_promise_noted\n", ""),
    )
    assert [(one.subject.name, one.sort) for one in found] == [
        ("hard times", Sort.ADDED),
        ("promise confirmed", Sort.CHANGED),
        ("hardship", Sort.REMOVED),
    ]
    line = (SCRIPTS / RULES).read_text(encoding="utf-8").split("rule: hardship")[0].count("\n") + 1
    assert found[-1].place == f"{RULES}:{line}"


def test_comments_layout_and_order_are_no_difference(tmp_path: Path) -> None:
    assert not differences(
        tmp_path,
        (SCRIPT, "limits:\n  call_seconds: 300", "limits: {call_seconds: 300} # five minutes"),
        (EN, "{legal: true, interruptible: false}", "{interruptible: false, legal: true}"),
        (EN, "      metadata: {expects: date,", "      metadata: {interruptible: true, expects: date,"),
        (EN, "text: Thank you.\n", 'text: "Thank you."\n'),
    )


def test_the_shared_part_counts_only_where_both_have_one(tmp_path: Path) -> None:
    edit = ("shared/responses.en.yml", "One moment, please.", "Just a moment, please.")
    assert [one.subject.name for one in differences(tmp_path / "a", edit)] == ["utter_one_moment"]
    assert not differences(tmp_path / "b", edit, with_shared=False)


GRAMMAR = """#JSGF V1.0;
grammar en;
<affirm> = you bet  // as people say here
  | [oh] ( rather|quite )*;
<dispute> = i paid that <day>;
"""


def with_grammar(folder: Path, text: str) -> Project:
    shutil.copytree(SCRIPTS, folder)
    (folder / REPAYMENT / "grammar.en.jsgf").write_text(text, encoding="utf-8")
    return load(folder, REPAYMENT)


def test_what_customers_can_be_heard_to_say_is_compared_by_rules(tmp_path: Path) -> None:
    added = with_grammar(tmp_path / "before", GRAMMAR)
    assert [(one.subject.name, one.sort, one.place) for one in compare(*map(facts, (shipped(), added)))] == [
        ("en affirm", Sort.ADDED, f"{REPAYMENT}/grammar.en.jsgf:3"),
        ("en dispute", Sort.ADDED, f"{REPAYMENT}/grammar.en.jsgf:5"),
    ]
    changed = with_grammar(tmp_path / "after", GRAMMAR.replace("you bet", "/2/ you bet"))
    (found,) = compare(*map(facts, (added, changed)))
    says = "you bet | [oh] (rather | quite)*"
    assert found.changes == (Change("customer says", says, f"/2/ {says}"),)


def test_comments_and_layout_of_a_grammar_are_no_difference(tmp_path: Path) -> None:
    written = with_grammar(tmp_path / "written", GRAMMAR)
    other = "#JSGF V1.0;\n<dispute> = i paid that <day>;\n<affirm>=you bet|[ oh ] (rather /* or\nso */ | quite) *;"
    assert not compare(*map(facts, (written, with_grammar(tmp_path / "otherwise", other))))


@pytest.mark.parametrize("text", ["#JSGF V1.0;\n<affirm> = you bet\n", "#JSGF V1.0;\naffirm = you bet;\n"])
def test_what_is_no_rule_of_a_grammar_is_told_with_its_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(ScriptError, match=r"grammar\.en\.jsgf:2: expected a rule"):
        facts(with_grammar(tmp_path / "scripts", text))


def test_sentences_are_compared_by_words_and_chinese_by_characters() -> None:
    assert by_words("The call is recorded. Thanks.", "The call will be recorded. Thanks.") == [
        Piece("The call", "The call"),
        Piece(" is", " will be"),
        Piece(" recorded. Thanks.", " recorded. Thanks."),
    ]
    assert by_words("本次通话会录音", "本次通话将会录音")[1] == Piece("", "将")


def test_rules_are_compared_by_lines() -> None:
    assert by_lines("a\nb", "a\nc") == [Piece("a\n", "a\n"), Piece("b\n", "c\n")]
