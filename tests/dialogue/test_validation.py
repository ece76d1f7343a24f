"""A designer's mistake is named by file and line, before anything is trained."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dialogue.worker.build import manifest_of
from dialogue.worker.project import load
from dialogue.worker.source import Problem, ScriptError
from dialogue.worker.validate import problems_of

pytestmark = pytest.mark.unit

SCRIPTS = Path(__file__).parent / "scripts_fixture"


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SCRIPTS, tmp_path / "scripts"))


def problems(scripts: Path, name: str = "errand") -> list[Problem]:
    try:
        return problems_of(load(scripts, name))
    except ScriptError as error:
        return list(error.problems)


def edit(scripts: Path, file: str, old: str, new: str) -> tuple[str, int]:
    """Replace the first `old`; the file and line on which `new` begins."""
    path = scripts / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return str(path), text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize("name", ["errand", "rating"])
def test_the_fixture_is_right(scripts: Path, name: str) -> None:
    assert problems(scripts, name) == []


MISTAKES = [
    ("errand/rules.yml", "intent: goodbye", "intent: goodby", "unknown intent `goodby`"),
    ("errand/rules.yml", "action: utter_due", "action: utter_dew", "unknown action `utter_dew`"),
    ("errand/rules.yml", "active_loop: identity_form", "active_loop: id_form", "unknown form `id_form`"),
    ("errand/domain.yml", "entity: digits", "entity: digit", "filled from the entity `digit`"),
    ("errand/domain.yml", "outcome: promised", "outcome: promise", "script.yml has no outcome `promise`"),
    ("errand/domain.yml", "command: outcome, outcome: promised", "command: out", "must be one `custom:"),
    ("errand/domain.yml", "type: text", "type: words", "`words` is no type of a slot"),
    ("errand/domain.yml", "[promise_date]", "[promise_day]", "unknown slot `promise_day`"),
    ("errand/domain.yml", "forms:", "form:", "unknown key `form`"),
    ("errand/responses.en.yml", "{promise_date|date}", "{promised|date}", "uses the unknown slot `promised`"),
    ("errand/responses.zh.yml", "text: 这一天不行。", "txt: 这一天不行。", "needs a `text`"),
    ("errand/script.yml", "name: errand", "name: errands", "must be the folder's name"),
    ("errand/script.yml", "type: date", "type: day", "contact field `due_date` needs a `type`"),
    (
        "errand/script.yml",
        "compare: {given: last4_given",
        "compare: {givn: last4_given",
        "`compare` does not know `givn`",
    ),
    ("errand/script.yml", "sets: identity_verified", "sets: last4_given", "needs a slot of type bool or categorical"),
    ("errand/script.yml", "otherwise: utter_not_that_day", "otherwise: utter_no", "unknown prompt `utter_no`"),
    ("errand/script.yml", "days: 14", "days: soon", "`days` must be a number"),
    ("errand/script.yml", "validate_promise_form", "validate_promise", "there is no form `promise`"),
    ("shared/checks.yml", "limit: 2", "limits: 2", "`count` does not know `limits`"),
    ("shared/checks.yml", "sets: silence_exhausted", "says: utter_no", "unknown prompt `utter_no`"),
    ("shared/rules.yml", "- rule: say it again", "- rules: say it again", "every rule needs"),
    ("shared/rules.yml", "rule: silent to the end", "rule: once silent", "is used twice"),
]


@pytest.mark.parametrize(("file", "old", "new", "message"), MISTAKES, ids=[mistake[3] for mistake in MISTAKES])
def test_a_mistake_is_found_where_it_stands(scripts: Path, file: str, old: str, new: str, message: str) -> None:
    path, line = edit(scripts, file, old, new)
    found = {(problem.file, problem.line) for problem in problems(scripts) if message in problem.message}
    assert found == {(path, line)}


SENSITIVE = "metadata: {expects: number, length: 4, sensitive: true}"


@pytest.mark.parametrize(
    ("file", "old", "spoken"),
    [
        ("errand/responses.en.yml", "text: That day does not work.", 'text: "That day, {last4|digits}, no."'),
        ("errand/responses.zh.yml", "text: 这一天不行。", 'text: "{last4_given|digits}不对。"'),
        ("errand/responses.zh.yml", "text: 这一天不行。", 'text: "{copied|digits}不对。"'),
    ],
)
def test_what_is_sensitive_is_never_spoken(scripts: Path, file: str, old: str, spoken: str) -> None:
    """Neither the contact's field, nor the slot that the sensitive question fills, nor a copy of one."""
    edit(scripts, "errand/script.yml", 'example: "0815"', 'example: "0815", sensitive: true')
    edit(scripts, "errand/script.yml", "checks:", "checks:\n  action_keep: {copy: {copied: last4_given}}")
    edit(scripts, "errand/domain.yml", "slots:", "slots:\n  copied: {type: text, influence_conversation: false}")
    edit(scripts, "errand/responses.en.yml", "metadata: {expects: number, length: 4}", SENSITIVE)
    assert problems(scripts) == []
    path, line = edit(scripts, file, old, spoken)
    (problem,) = problems(scripts)
    assert (problem.file, problem.line) == (path, line)
    assert "is sensitive" in problem.message


def test_a_sensitive_answer_does_not_travel_in_replies(scripts: Path) -> None:
    assert manifest_of(load(scripts, "errand"))["slots"]["last4_given"]["learnt"]
    edit(scripts, "errand/responses.en.yml", "metadata: {expects: number, length: 4}", SENSITIVE)
    manifest = manifest_of(load(scripts, "errand"))
    assert not manifest["slots"]["last4_given"]["learnt"]
    assert manifest["slots"]["promise_date"]["learnt"]


@pytest.mark.parametrize(
    ("old", "new"), [("steps:", "steps"), ("- intent: start", "- intent: [start"), ("rules:", "rules: {")]
)
def test_what_is_not_yaml_is_told_with_its_line(scripts: Path, old: str, new: str) -> None:
    path, _ = edit(scripts, "errand/rules.yml", old, new)
    (problem,) = problems(scripts)
    assert problem.file == path
    assert problem.line is not None
    assert problem.message.startswith("not valid YAML")


def test_a_key_written_twice_is_told(scripts: Path) -> None:
    path, line = edit(scripts, "errand/script.yml", "purpose: Asks", "name: again\npurpose: Asks")
    (problem,) = problems(scripts)
    assert (problem.file, problem.line) == (path, line)
    assert "is there twice" in problem.message


def test_a_file_with_a_mistyped_name_is_not_overlooked(scripts: Path) -> None:
    (scripts / "errand" / "rule.yml").write_text("rules: []\n")
    (problem,) = problems(scripts)
    assert problem.file == str(scripts / "errand" / "rule.yml")


def test_a_script_that_never_opens_is_told(scripts: Path) -> None:
    edit(scripts, "rating/rules.yml", "intent: start", "intent: greet")
    assert any("nothing opens" in problem.message for problem in problems(scripts, "rating"))


def test_a_scripts_rule_replaces_the_shared_one_of_its_name(scripts: Path) -> None:
    path = scripts / "errand" / "rules.yml"
    path.write_text(path.read_text() + "- rule: say it again\n  steps:\n  - intent: repeat\n  - action: utter_due\n")
    project = load(scripts, "errand")
    assert project.rules["say it again"].source.path == path
    assert problems_of(project) == []


def test_the_version_follows_the_content_of_every_file(scripts: Path) -> None:
    before = load(scripts, "errand").version
    assert load(SCRIPTS, "errand").version == before  # wherever it lies
    edit(scripts, "shared/responses.zh.yml", "再见", "再会")
    assert load(scripts, "errand").version != before


def test_the_version_follows_what_customers_can_be_heard_to_say(scripts: Path) -> None:
    versions = {load(scripts, "errand").version}
    for words in ("you bet", "rather"):
        (scripts / "errand" / "grammar.en.jsgf").write_text(f"#JSGF V1.0;\n<affirm> = {words};\n")
        versions.add(load(scripts, "errand").version)
    assert len(versions) == 3
