"""A validated project turned into a Rasa project and trained: rules alone, or rules and memorised stories."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from dialogue.worker.project import OWN_SLOTS, REPEAT_ACTION, START_INTENT, Placed, Project
from dialogue.worker.rule import Rule
from dialogue.worker.source import Problem, ScriptError, plain

Json = dict[str, Any]

SENTIMENT = "sentiment"


def domain_of(project: Project) -> Json:
    """The Rasa domain. Prompts stand in it by name alone: their words are not the model's business."""
    slots: Json = {name: {"type": "any", "influence_conversation": False} for name in (*OWN_SLOTS, *project.contact)}
    for name, placed in project.slots.items():
        slots[name] = plain(placed.value)
    for slot in slots.values():  # `custom`: nothing that the customer says fills it
        slot.setdefault("mappings", [{"type": "custom"}])
    listed = [name for name in project.actions if not name.startswith("utter_") and name not in project.checks]
    return {
        "version": "3.1",
        "session_config": {"session_expiration_time": 0, "carry_over_slots_to_new_session": True},
        "intents": [*_values(project.intents), *([] if START_INTENT in project.intents else [START_INTENT])],
        "entities": _entities(project),
        "slots": slots,
        "forms": {name: plain(placed.value) for name, placed in project.forms.items()},
        "responses": {name: [{"text": name}] for name in (*project.primary, *project.commands)},
        "actions": sorted({*project.checks, REPEAT_ACTION, *listed}),
    }


def _entities(project: Project) -> list[Any]:
    """Every turn has a sentiment. No story names it, so that none would ever be recognised if it were looked at."""
    if not project.stories:
        return _values(project.entities)
    return [{one: {"influence_conversation": False}} if one == SENTIMENT else one for one in _values(project.entities)]


def _values(declared: dict[str, Placed]) -> list[Any]:
    return [plain(placed.value) for placed in declared.values()]


def config_of(project: Project) -> Json:
    policies: list[Json] = [{"name": "RulePolicy"}]
    if project.stories:
        policies.append({"name": "AugmentedMemoizationPolicy"})
    return {
        "recipe": "default.v1",
        "assistant_id": project.name,
        "language": "en",  # of Rasa's own understanding, which is not used
        "pipeline": [],
        "policies": policies,
    }


def train(project: Project, folder: Path, file_name: str) -> None:
    """Write `folder/file_name`. A contradiction between rules, or what else Rasa refuses, is a ScriptError."""
    with tempfile.TemporaryDirectory(prefix="voicebot-script-") as temporary:
        work = Path(temporary)
        data = {"version": "3.1", "rules": _values(project.rules), "stories": _values(project.stories)}
        for name, content in (("domain", domain_of(project)), ("config", config_of(project)), ("data", data)):
            with (work / f"{name}.yml").open("w", encoding="utf-8") as file:
                YAML(typ="safe").dump(content, file)
        os.environ["RASA_CACHE_DIRECTORY"] = str(work / "cache")
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
                _rasa_train(work, folder, file_name)
        except SystemExit:
            raise ScriptError([_problem(project, printed.getvalue().strip())]) from None
        except Exception as error:
            from rasa.shared.exceptions import RasaException

            if isinstance(error, RasaException):
                raise ScriptError(_explained(project, str(error))) from None
            message = f"Rasa cannot train this ({type(error).__name__}: {error})"
            raise ScriptError([_problem(project, message)]) from None


def _rasa_train(work: Path, folder: Path, file_name: str) -> None:
    from rasa.model_training import train as rasa_train

    from dialogue.worker.noted_rules import note_rules
    from dialogue.worker.noted_stories import note_stories

    note_rules()
    note_stories()

    result = rasa_train(
        domain=str(work / "domain.yml"),
        config=str(work / "config.yml"),
        training_files=[str(work / "data.yml")],
        output=str(folder),
        fixed_model_name=file_name,
        force_training=True,
    )
    if result.model is None:
        raise SystemExit


def _explained(project: Project, message: str) -> list[Problem]:
    """Rasa's message, its parts put where the rules they name stand."""
    complaints = [line.strip("- ") for line in message.splitlines() if line.startswith("- ")]
    return [_problem(project, complaint) for complaint in complaints] or [_problem(project, message)]


def _problem(project: Project, message: str) -> Problem:
    named = [
        (message.index(f"'{title}'"), placed)
        for table in (project.rules, project.stories)
        for title, placed in table.items()
        if f"'{title}'" in message
    ]
    if not named:
        return Problem(str(project.script.path.parent), None, message, Rule.TRAINING)
    return min(named, key=lambda pair: pair[0])[1].problem(message, Rule.TRAINING)
