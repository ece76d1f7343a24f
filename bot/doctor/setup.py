"""Probes of what `make setup` builds."""

from __future__ import annotations

from pathlib import Path

from bot.doctor.report import Finding, Status
from bot.environments.building import Environment
from bot.environments.interpreters import NoInterpreter, examine, find

AREA = "environments"


def environment(environment: Environment) -> Finding:
    subject, folder = environment.title, environment.folder
    found = examine(environment.python) if environment.python.exists() else None
    if found is None:
        return Finding(AREA, subject, Status.MISSING, f"not in {folder.name}", _how_to_build(environment))
    detail = f"{folder.name}, Python {found.release}"
    if not environment.is_complete():
        return Finding(AREA, subject, Status.OK, f"{detail}, not built from the present pins", "make setup renews it")
    return Finding(AREA, subject, Status.OK, detail)


def _how_to_build(environment: Environment) -> str:
    try:
        find(environment.pythons)
    except NoInterpreter as problem:
        return str(problem)
    return "make setup"


def rasa(python: Path) -> Finding:
    """Rasa beside the dialogue environment's interpreter, by its folder's name: starting it takes seconds."""
    versions = [
        folder.name.removeprefix("rasa-").removesuffix(".dist-info")
        for folder in python.parent.parent.glob("lib/python*/site-packages/rasa-*.dist-info")
    ]
    if not versions:
        return Finding(AREA, "Rasa", Status.MISSING, f"not beside {python}", "make setup")
    return Finding(AREA, "Rasa", Status.OK, versions[0])
