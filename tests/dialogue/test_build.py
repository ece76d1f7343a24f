"""Building scripts with the real trainer: once per content, loud about mistakes, never a traceback for them."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import psutil
import pytest

from dialogue.building import BuildEvent, BuildProgress, ScriptBuildError, build_scripts
from dialogue.dialogue_python import worker_command
from tests.dialogue.conftest import SCRIPTS
from tests.needs import DIALOGUE_PYTHON
from tests.patience import PATIENCE_S

pytestmark = [pytest.mark.integration, pytest.mark.requires("rasa")]


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SCRIPTS, tmp_path / "scripts"))


@pytest.fixture
def models(fixture_models: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(fixture_models, tmp_path / "models"))


def events(scripts: Path, models: Path) -> list[tuple[str, BuildEvent]]:
    seen: list[BuildProgress] = []
    build_scripts(DIALOGUE_PYTHON, scripts, models, seen.append)
    return [(progress.script, progress.event) for progress in seen]


def test_only_what_has_changed_is_trained(scripts: Path, models: Path) -> None:
    assert events(scripts, models) == [
        ("errand", BuildEvent.STARTED),
        ("errand", BuildEvent.SKIPPED),
        ("rating", BuildEvent.STARTED),
        ("rating", BuildEvent.SKIPPED),
    ]
    words = scripts / "rating" / "responses.en.yml"
    words.write_text(words.read_text().replace("how was it", "how did you like it"))
    assert ("rating", BuildEvent.TRAINED) in events(scripts, models)


def test_what_was_built_before_models_knew_their_rules_is_trained_anew(scripts: Path, models: Path) -> None:
    manifest = next((models / "rating").glob("*.json"))
    older = json.loads(manifest.read_text())
    del older["rules"]
    manifest.write_text(json.dumps(older))
    assert [event for script, event in events(scripts, models) if script == "rating"][-1] is BuildEvent.TRAINED


def test_rules_that_contradict_each_other_fail_where_they_stand(scripts: Path, models: Path) -> None:
    rules = scripts / "rating" / "rules.yml"
    before = (models / "rating" / "current").read_text()
    line = rules.read_text().count("\n") + 1
    rules.write_text(
        rules.read_text() + "- rule: another one\n  steps:\n  - intent: repeat\n  - action: utter_goodbye\n"
    )
    with pytest.raises(ScriptBuildError) as caught:
        build_scripts(DIALOGUE_PYTHON, scripts, models, lambda progress: None)
    assert {problem.file for problem in caught.value.problems} <= {str(rules), str(scripts / "shared" / "rules.yml")}
    assert f"{rules}:{line}: " in str(caught.value)
    assert "contradict" in str(caught.value)
    assert (models / "rating" / "current").read_text() == before


def test_the_command_ends_with_1_and_one_line_a_mistake(scripts: Path, tmp_path: Path) -> None:
    (scripts / "errand" / "rules.yml").write_text("rules: [\n")
    command = worker_command(DIALOGUE_PYTHON, "build", "--scripts", str(scripts), "--models", str(tmp_path / "new"))
    told = subprocess.run(
        [*command, "--only", "errand"], capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert told.returncode == 1
    assert told.stdout == ""
    assert told.stderr.count("\n") == 1
    assert told.stderr.startswith(f"{scripts / 'errand' / 'rules.yml'}:")


def test_a_build_that_is_broken_off_leaves_no_process(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(f"""#!/bin/sh
echo $$ > {tmp_path / "pid"}
echo '{{"event": "started", "script": "errand"}}'
exec sleep 600
""")
    python.chmod(0o755)

    def give_up(progress: BuildProgress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_scripts(python, tmp_path, tmp_path / "models", give_up)
    assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))


def test_an_empty_folder_is_a_mistake_too(tmp_path: Path) -> None:
    with pytest.raises(ScriptBuildError, match="holds no script"):
        build_scripts(DIALOGUE_PYTHON, tmp_path, tmp_path / "models", lambda progress: None)


def test_stories_are_memorised_beside_the_rules(scripts: Path, models: Path) -> None:
    (scripts / "rating" / "stories.yml").write_text(
        "stories:\n- story: a chat\n  steps:\n  - intent: greet\n  - action: utter_connecting\n"
        "  - intent: thanks\n  - action: utter_goodbye\n"
    )
    assert ("rating", BuildEvent.TRAINED) in events(scripts, models)
    version = (models / "rating" / "current").read_text().strip()
    manifest = json.loads((models / "rating" / f"{version}.json").read_text())
    assert manifest["version"] == version
