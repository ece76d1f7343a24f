"""`voicebot script check`: its table, its plain lines, its JSON, its exit code."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.findings import Form
from bot.cli.main import app
from bot.cli.script_check import watch_scripts
from bot.settings import load_settings
from dialogue.lint.catalogue import RULES
from dialogue.worker.rule import Rule
from tests.needs import ROOT

pytestmark = pytest.mark.integration

SCRIPT = "satisfaction_survey"


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    for name in ("shared", SCRIPT):
        shutil.copytree(ROOT / "dialogue" / "scripts" / name, tmp_path / "scripts" / name)
    (tmp_path / "voicebot.toml").write_text('[folders]\nscripts = "scripts"\nmodels = "models"\n')
    return tmp_path / "scripts"


def check(scripts: Path, *arguments: str) -> Result:
    settings = scripts.parent / "voicebot.toml"
    return CliRunner().invoke(app, ["script", "check", *arguments], env={"VOICEBOT_SETTINGS": str(settings)})


def edit(path: Path, old: str, new: str) -> int:
    """Replace the first `old`; the line on which it began."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def slip(scripts: Path) -> tuple[Path, int]:
    """A queue that there is not: found by reading, so that nothing is trained."""
    path = scripts / SCRIPT / "script.yml"
    return path, edit(path, "on_failure: {queue: service}", "on_failure: {queue: desk}")


def test_plain_lines_are_what_editors_read(scripts: Path) -> None:
    path, line = slip(scripts)
    result = check(scripts, "--format", "plain")
    assert result.exit_code == 1
    message = "`on_failure`: there is no queue desk in `queues`, only service"
    assert result.stdout == f"{path}:{line}:1: error: {message} [unknown-queue]\n"


def test_the_table_tells_place_rule_reason_and_remedy(scripts: Path) -> None:
    _, line = slip(scripts)
    result = check(scripts, SCRIPT)
    assert result.exit_code == 1
    words = " ".join(result.stdout.split())
    assert f"{SCRIPT}/script.yml:{line}" in words
    assert "unknown-queue" in words
    for told in (RULES[Rule.UNKNOWN_QUEUE].why, RULES[Rule.UNKNOWN_QUEUE].mend):
        assert set(told.split()) <= set(words.split())
    assert f"{SCRIPT} 1 to mend" in words


def test_the_findings_are_written_as_json(scripts: Path, tmp_path: Path) -> None:
    path, line = slip(scripts)
    file = tmp_path / "findings.json"
    assert check(scripts, "--json", str(file)).exit_code == 1
    (script,) = json.loads(file.read_text(encoding="utf-8"))
    assert (script["script"], script["version"]) == (SCRIPT, None)
    (finding,) = script["findings"]
    explained = RULES[Rule.UNKNOWN_QUEUE]
    assert (finding["file"], finding["line"], finding["column"]) == (str(path), line, 1)
    assert finding["rule"] == "unknown-queue"
    assert (finding["why"], finding["mend"]) == (explained.why, explained.mend)


def test_a_mistake_in_the_shared_part_is_told_once(scripts: Path) -> None:
    shutil.copytree(scripts / SCRIPT, scripts / "other")
    edit(scripts / "other" / "script.yml", f"name: {SCRIPT}", "name: other")
    line = edit(scripts / "shared" / "rules.yml", "intent: repeat", "intent: repaet")
    result = check(scripts, "--format", "plain")
    place = f"{scripts / 'shared' / 'rules.yml'}:{line}:9"
    assert result.stdout == f"{place}: error: unknown intent `repaet` [unknown-name]\n"


def test_a_script_that_there_is_not(scripts: Path) -> None:
    result = check(scripts, "survey", "--format", "plain")
    assert result.exit_code == 1
    assert f"has no folder survey; the scripts there are {SCRIPT}" in " ".join(result.stderr.split())


def test_a_folder_without_scripts(scripts: Path) -> None:
    shutil.rmtree(scripts / SCRIPT)
    result = check(scripts)
    assert result.exit_code == 1
    assert "holds no script" in result.stderr


@pytest.mark.requires("rasa")
def test_a_script_that_is_right_is_told_fine_and_trained(scripts: Path, tmp_path: Path) -> None:
    file = tmp_path / "findings.json"
    result = check(scripts, "--json", str(file))
    assert result.exit_code == 0, result.stdout
    (script,) = json.loads(file.read_text(encoding="utf-8"))
    assert script["findings"] == []
    assert (tmp_path / "models" / "dialogue" / SCRIPT / f"{script['version']}.tar.gz").is_file()
    assert "fine" in result.stdout


@pytest.mark.requires("rasa")
def test_rules_that_contradict_each_other_are_found_with_what_reading_finds(scripts: Path) -> None:
    rules = scripts / SCRIPT / "rules.yml"
    opening = "  - rule: thanks back\n    steps:\n      - intent: thanks\n      - action: action_count_detour\n"
    step = "      - slot_was_set: [{detours_exhausted: false}]\n"
    rules.write_text(rules.read_text(encoding="utf-8") + opening + step + "      - action: utter_greeting\n")
    line = edit(scripts / SCRIPT / "script.yml", "  survey_partial:", "  disputed: no\n  survey_partial:")
    result = check(scripts, "--format", "plain")
    assert result.exit_code == 1
    found = [(printed.split(": ")[0], printed.rsplit("[", 1)[1]) for printed in result.stdout.splitlines()]
    assert (f"{scripts / SCRIPT / 'script.yml'}:{line}:3", "outcome-never-set]") in found
    assert "training]" in {rule for _, rule in found}


@pytest.mark.requires("rasa")
def test_a_script_is_checked_again_whenever_it_changes(
    scripts: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VOICEBOT_SETTINGS", str(scripts.parent / "voicebot.toml"))
    words = scripts / SCRIPT / "responses.en.yml"
    edits = iter([("The call is recorded.", "The call is recorded by 2."), ("by 2.", "by us.")])

    shown: list[str] = []

    def a_designer_writes() -> None:
        shown.append(capsys.readouterr().out)
        if (written := next(edits, None)) is None:
            raise KeyboardInterrupt
        edit(words, *written)

    watch_scripts(load_settings(), [SCRIPT], Form.TABLE, None, a_designer_writes)
    first, wrong, mended = shown
    assert f"{SCRIPT}  fine" in first
    assert "not-words" in wrong
    assert f"{SCRIPT}  fine" in mended
    assert "took" in mended
    assert first.split()[3] != mended.split()[3]  # another version was trained
