"""`voicebot script new`: a script that works, to be made one's own."""

from __future__ import annotations

import os
import re
import shutil
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bot.cli.errors import fail, friendly
from bot.settings import ROOT, SCENARIOS, load_settings
from dialogue.schema import SCHEMA
from dialogue.worker.project import SHARED

NAME = re.compile(r"[a-z][a-z0-9_]*")

console = Console()


class Template(StrEnum):
    REMINDER = "reminder"
    OVERDUE = "overdue"
    VERIFICATION = "verification"
    SURVEY = "survey"
    INVITATION = "invitation"
    CARE = "care"


SHIPPED = {
    Template.REMINDER: ("repayment_reminder", "pays_friday.yml"),
    Template.OVERDUE: ("overdue_reminder", "overdue_promised.yml"),
    Template.VERIFICATION: ("suspicious_transaction", "transaction_denied.yml"),
    Template.SURVEY: ("satisfaction_survey", "short_answers.yml"),
    Template.INVITATION: ("event_invitation", "invitation_accepted.yml"),
    Template.CARE: ("activation_care", "card_active.yml"),
}
"""The script that a template is, and a scenario that goes well with it."""


def new(
    name: Annotated[str, typer.Argument(help="Lower-case letters, digits and underscores, as in card_reminder.")],
    template: Annotated[Template, typer.Option(help="What to begin with.")],
    scenarios: Annotated[Path, typer.Option(help="Where the scenario for trying it goes.")] = SCENARIOS,
) -> None:
    """Make a new script from one that works, with a scenario to try it; then change it step by step."""
    with friendly():
        folder = load_settings().folders.scripts / name
        scenario = scenarios / f"{name}.yml"
        _require_free(name, folder, scenario)
        script, conversation = SHIPPED[template]
        shutil.copytree(ROOT / "dialogue" / "scripts" / script, folder)
        _rename(folder / "script.yml", "name", script, name)
        _point_at_schema(folder / "script.yml")
        scenarios.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(SCENARIOS / conversation, scenario)
        _rename(scenario, "script", script, name)
    told = (
        f"{folder}  the script: change title and contact in script.yml, words in responses.*.yml\n"
        f"{scenario}  a conversation to try it with\n"
        f"Then: voicebot script check {name}; voicebot script test {scenario}"
    )
    console.print(escape(told), highlight=False, soft_wrap=True)


def _require_free(name: str, folder: Path, scenario: Path) -> None:
    if NAME.fullmatch(name) is None or name == SHARED:
        fail(f"{name}: a script's name is lower-case letters, digits and underscores, and not `{SHARED}`")
    for path in (folder, scenario):
        if path.exists():
            fail(f"{path} is there already; choose another name, or remove it")


def _rename(path: Path, key: str, old: str, new: str) -> None:
    """The comment at the top is about the template's own file and does not go along."""
    text = re.sub(r"\A(#.*\n)+", "", path.read_text(encoding="utf-8"))
    path.write_text(re.sub(rf"^{key}: {old}$", f"{key}: {new}", text, flags=re.MULTILINE), encoding="utf-8")


def _point_at_schema(path: Path) -> None:
    """Editors that know YAML then complete the keys, and mark those that there are not."""
    there = os.path.relpath(SCHEMA, path.parent)
    path.write_text(f"# yaml-language-server: $schema={there}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
