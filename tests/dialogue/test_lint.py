"""Every rule of `voicebot script check` that needs no training: an example that breaks it, and only it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from dialogue.lint.catalogue import RULES
from dialogue.lint.reading import read_script
from dialogue.worker.rule import Rule
from dialogue.worker.source import MOST_BYTES, Problem
from tests.dialogue.test_scripts_page import PAGE, paste
from tests.dialogue.walks import REPAYMENT, SCRIPTS, SURVEY

pytestmark = pytest.mark.unit

ELSEWHERE = frozenset({Rule.TRAINING})  # tests/bot/test_script_check_command.py
GREETING = "    - text: Thank you. We look forward to seeing you. Goodbye.\n"


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """The shipped scripts, and the small one of docs/scripts.md."""
    scripts = paste(tmp_path / "scripts")
    for name in (REPAYMENT, SURVEY):
        shutil.copytree(SCRIPTS / name, scripts / name)
    return scripts


def findings(scripts: Path, name: str) -> Sequence[Problem]:
    return read_script(scripts, name).findings


def edit(scripts: Path, file: str, old: str, new: str) -> Path:
    path = scripts / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def line_of(path: Path, text: str) -> int:
    content = path.read_text(encoding="utf-8")
    return content[: content.index(text)].count("\n") + 1


@pytest.mark.parametrize("name", [REPAYMENT, SURVEY, "errand"])
def test_the_shipped_scripts_are_clean(scripts: Path, name: str) -> None:
    assert findings(scripts, name) == ()


def rule(title: str, *steps: str, condition: str = "", wait: bool = True) -> str:
    """A rule in YAML, to stand at the end of a rules.yml."""
    lines = [f"  - rule: {title}"]
    lines += [f"    condition: [{condition}]"] if condition else []
    lines += ["    steps:", *(f"      - {step}" for step in steps)]
    lines += [] if wait else ["    wait_for_user_input: false"]
    return "\n".join(lines) + "\n"


LEAVE = ("action: action_deactivate_loop", "active_loop: null")
BYE = ("action: utter_goodbye", "action: utter_hang_up")
FAR = "condition: [{active_loop: visit_form}]"

# rule, script, edits (file, old, new; an empty `old` stands for the end of the file), what the line found begins with
BAD: list[tuple[Rule, str, list[tuple[str, str, str]], str]] = [
    (
        Rule.UNKNOWN_NAME,
        "errand",
        [("errand/rules.yml", "utter_see_you", "utter_see_yuo")],
        "      - action: utter_see_y",
    ),
    (Rule.UNKNOWN_QUEUE, "errand", [("errand/domain.yml", "queue: service", "queue: desk")], "  utter_hand_over:"),
    (Rule.UNKNOWN_QUEUE, SURVEY, [(f"{SURVEY}/script.yml", "{queue: service}", "{queue: desk}")], "on_failure"),
    (
        Rule.TEXT_MISSING,
        "errand",
        [("errand/responses.en.yml", GREETING, "    - txt: Goodbye.\n")],
        "    - txt: Goodbye",
    ),
    (Rule.TEXT_MISSING, "errand", [("errand/responses.en.yml", GREETING, "")], "  utter_see_you:"),
    (
        Rule.LANGUAGE_MISSING,
        REPAYMENT,
        [(f"{REPAYMENT}/responses.zh.yml", "  utter_verified:\n    - text: 谢谢您。\n", "")],
        "  utter_verified:",
    ),
    (
        Rule.NOT_WORDS,
        "errand",
        [("errand/responses.en.yml", "We look forward", "<b>We</b> look forward")],
        "  utter_see_you:",
    ),
    (
        Rule.NOT_WORDS,
        "errand",
        [("errand/responses.en.yml", "We look forward", "See harbour.com and look forward")],
        "  utter_see_you:",
    ),
    (
        Rule.SECRET_SPOKEN,
        REPAYMENT,
        [(f"{REPAYMENT}/responses.en.yml", "text: Thank you.\n", 'text: "Thank you, {last4|digits}."\n')],
        '    - text: "Thank you, {last4',
    ),
    (
        Rule.NO_HUMAN,
        "errand",
        [("errand/rules.yml", "", rule("a human, please", "intent: ask_human", *LEAVE, "action: utter_see_you", *BYE))],
        "  - rule: a human, please",
    ),
    (
        Rule.NO_HUMAN,
        "errand",
        [
            (
                "errand/rules.yml",
                "",
                rule(
                    "no human here",
                    "intent: ask_human",
                    *LEAVE,
                    *BYE,
                    condition="{active_loop: visit_form}",
                ),
            )
        ],
        "  - rule: no human here",
    ),
    (Rule.NO_SILENCE, "errand", [("shared/rules.yml", "intent: silence", "intent: thanks")] * 2, "  visit_form:"),
    (Rule.NO_NO_MATCH, "errand", [("shared/rules.yml", "intent: no_match", "intent: thanks")] * 2, "  visit_form:"),
    (Rule.NO_REPEAT, "errand", [("shared/rules.yml", "intent: repeat", "intent: thanks")], "  visit_form:"),
    (
        Rule.NO_DO_NOT_CALL,
        "errand",
        [
            (
                "errand/rules.yml",
                "",
                rule("no calls, please", "intent: do_not_call", *LEAVE, *BYE, condition="{active_loop: visit_form}"),
            )
        ],
        "  - rule: no calls, please",
    ),
    (
        Rule.NO_WRONG_PERSON,
        "errand",
        [
            (
                "errand/rules.yml",
                "",
                rule("not here", "intent: wrong_person", *LEAVE, *BYE, condition="{active_loop: visit_form}"),
            )
        ],
        "  - rule: not here",
    ),
    (
        Rule.NO_CALL_LATER,
        "errand",
        [
            (
                "errand/rules.yml",
                "",
                rule("no time", "intent: busy_call_later", *LEAVE, *BYE, condition="{active_loop: visit_form}"),
            )
        ],
        "  - rule: no time",
    ),
    (
        Rule.NO_DISCLOSURE,
        "errand",
        [("errand/rules.yml", "      - action: utter_disclosure\n", "")],
        "  - rule: opening",
    ),
    (
        Rule.ACCOUNT_DATA,
        REPAYMENT,
        [
            (
                f"{REPAYMENT}/rules.yml",
                "      - action: utter_identity_help\n",
                "      - action: utter_amount_due\n",
            )
        ],
        "  - rule: digits refused",
    ),
    (
        Rule.ACCOUNT_DATA,  # a question says it, and one way to the question does not prove who is speaking
        REPAYMENT,
        [
            (
                f"{REPAYMENT}/rules.yml",
                "  - rule: promises at another question\n    condition:\n"
                "      - slot_was_set: [{identity_verified: true}]\n",
                "  - rule: promises at another question\n",
            )
        ],
        "  - rule: day accepted",
    ),
    (
        Rule.ACCOUNT_DATA,
        REPAYMENT,
        [
            (
                f"{REPAYMENT}/responses.en.yml",
                "Please call us on the number on the back of your card. Thank you.",
                "You owe us {amount|money}.",
            )
        ],
        "  utter_message_for_machine:",
    ),
    (
        Rule.ENDLESS_LOOP,
        "errand",
        [("errand/rules.yml", "", rule("hello", "intent: greet", "action: utter_greeting"))],
        "  - rule: hello",
    ),
    (
        Rule.ENDLESS_LOOP,
        "errand",
        [
            (
                "errand/rules.yml",
                "      - slot_was_set: [{will_come: false}]\n      - action: utter_outcome_reminded\n"
                "      - action: utter_goodbye\n      - action: utter_hang_up\n",
                "      - slot_was_set: [{will_come: false}]\n      - action: visit_form\n"
                "      - active_loop: visit_form\n",
            )
        ],
        "  - rule: does not come",
    ),
    (
        Rule.DEAD_END,
        "errand",
        [
            (
                "errand/rules.yml",
                "      - slot_was_set: [{will_come: false}]\n      - action: utter_outcome_reminded\n"
                "      - action: utter_goodbye\n      - action: utter_hang_up\n",
                "      - slot_was_set: [{will_come: false}]\n      - action: utter_goodbye\n",
            )
        ],
        "  - rule: does not come",
    ),
    (
        Rule.UNREACHABLE,
        "errand",
        [
            ("errand/script.yml", "voices:", "checks: {action_try: {reset: [will_come]}}\nvoices:"),
            ("errand/rules.yml", "", rule("tries", "action: action_try", *BYE)),
        ],
        "  - rule: tries",
    ),
    (
        Rule.NO_EXPECTS,
        "errand",
        [("errand/responses.en.yml", "{expects: yes_no, choices: [affirm, deny]}", "{choices: [affirm, deny]}")],
        "  utter_ask_will_come:",
    ),
    (
        Rule.LONG_SENTENCE,
        "errand",
        [
            (
                "errand/responses.en.yml",
                GREETING,
                "    - text: Thank you and good day, " + "and good day, " * 7 + "to you.\n",
            )
        ],
        "    - text: Thank you and good day",
    ),
    (
        Rule.LONG_SENTENCE,
        REPAYMENT,
        [(f"{REPAYMENT}/responses.zh.yml", "text: 谢谢您。", "text: 谢谢您，" + "您好您好您，" * 12 + "再见。")],
        "    - text: 谢谢您，您好",
    ),
    (
        Rule.LEGAL_INTERRUPTIBLE,
        "errand",
        [("errand/responses.en.yml", "interruptible: false", "interruptible: true")],
        "  utter_disclosure:",
    ),
    (
        Rule.SLOT_NEVER_FILLED,
        "errand",
        [("errand/domain.yml", "slots:\n", "slots:\n  parking: {type: bool}\n")],
        "  parking:",
    ),
    (
        Rule.CONTACT_UNUSED,
        "errand",
        [("errand/script.yml", "contact:", "contact:\n  town: {type: name, example: Springfield}\n #")],
        "  town:",
    ),
    (
        Rule.OUTCOME_NEVER_SET,
        "errand",
        [("errand/script.yml", "  reminded:", "  disputed: does not agree\n  reminded:")],
        "  disputed:",
    ),
    (Rule.YAML, "errand", [("errand/rules.yml", "  - rule: comes", "\t- rule: comes")], "\t- rule: comes"),
    (Rule.STRUCTURE, "errand", [("errand/script.yml", "purpose: care", "purpose: fun")], "purpose: fun"),
]


@pytest.mark.parametrize(("broken", "name", "edits", "at"), BAD, ids=[f"{one[0].value}-{one[3]}" for one in BAD])
def test_a_rule_finds_its_bad_example_and_nothing_else(
    scripts: Path, broken: Rule, name: str, edits: list[tuple[str, str, str]], at: str
) -> None:
    for file, old, new in edits:
        path = scripts / file
        path = edit(scripts, file, old, new) if old else path
        if not old:
            path.write_text(path.read_text(encoding="utf-8") + new, encoding="utf-8")
    found = findings(scripts, name)
    assert {one.rule for one in found} == {broken}, "\n".join(map(str, found))
    lines = [Path(one.file).read_text(encoding="utf-8").splitlines()[(one.line or 1) - 1] for one in found]
    assert any(line.startswith(at) for line in lines), "\n".join(map(str, found))


def test_every_rule_has_a_bad_example() -> None:
    assert {one[0] for one in BAD} | ELSEWHERE == set(Rule) == set(RULES)


def test_the_page_has_every_rule_with_its_reason_and_remedy() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| `")]
    for one, explained in RULES.items():
        assert f"| `{one.value}` | {explained.why} | {explained.mend} |" in rows


# What people do to files


def only(scripts: Path) -> Problem:
    (problem,) = findings(scripts, "errand")
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
