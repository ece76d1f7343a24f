"""From the files of scripts to trained models: `<models>/<script>/<version>.tar.gz`, beside it its manifest.

The version is a hash of everything that went in, so an unchanged script is not trained again. `current` in the
script's folder holds the version built last. Everything is written beside its place and renamed into it.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from dialogue.worker.project import OWN_SLOTS, PLACEHOLDER, START_INTENT, Declared, Project, load, script_names
from dialogue.worker.source import Problem, ScriptError, plain
from dialogue.worker.train import train
from dialogue.worker.validate import problems_of
from dialogue.worker.validate_checks import steps_of
from dialogue.worker.validate_sensitive import sensitive_slots

Json = dict[str, Any]
Report = Callable[[Json], None]
MANIFEST_FORMAT = 1


def build_all(scripts: Path, models: Path, only: Sequence[str], report: Report) -> bool:
    """Build every script (or those named); tell each step; True if none failed."""
    names = list(only) or script_names(scripts)
    if not names:
        report(_failed("", [Problem(str(scripts), None, "holds no script (a folder with a script.yml)")]))
        return False
    built = [_build_one(scripts, models, name, report) for name in names]
    return all(built)


def _build_one(scripts: Path, models: Path, name: str, report: Report) -> bool:
    began = time.monotonic()
    report({"event": "started", "script": name})
    try:
        version, trained = build(scripts, models, name)
    except ScriptError as error:
        report(_failed(name, error.problems))
        return False
    seconds = round(time.monotonic() - began, 2)
    report({"event": "trained" if trained else "skipped", "script": name, "version": version, "seconds": seconds})
    return True


def _failed(name: str, problems: Sequence[Problem]) -> Json:
    listed = [
        {"file": one.file, "line": one.line, "column": one.column, "message": one.message, "rule": one.rule.value}
        for one in problems
    ]
    return {"event": "failed", "script": name, "problems": listed}


def build(scripts: Path, models: Path, name: str) -> tuple[str, bool]:
    """The script's version, and whether it had to be trained. Raises ScriptError."""
    project = load(scripts, name)
    problems = problems_of(project)
    if problems:
        raise ScriptError(problems)
    folder = models / name
    manifest = folder / f"{project.version}.json"
    missing = not _knows_titles(manifest, project) or not (folder / f"{project.version}.tar.gz").exists()
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
        half = f".{project.version}.{os.getpid()}.tar.gz"
        train(project, folder, half)
        (folder / half).replace(folder / f"{project.version}.tar.gz")
        _write(manifest, json.dumps(manifest_of(project), ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    _write(folder / "current", project.version + "\n")
    return project.version, missing


def _knows_titles(manifest: Path, project: Project) -> bool:
    """Whether it is there, and not from before models kept the titles of their rules and stories."""
    if not manifest.exists():
        return False
    known = json.loads(manifest.read_text(encoding="utf-8"))
    return "rules" in known and ("stories" in known or not project.stories)


def _write(path: Path, text: str) -> None:
    half = path.with_name(f".{path.name}.{os.getpid()}")
    half.write_text(text, encoding="utf-8")
    half.replace(path)


def manifest_of(project: Project) -> Json:
    """What a worker needs beside the model: how to open a conversation and what every response stands for."""
    secret = sensitive_slots(project)
    return {
        "format": MANIFEST_FORMAT,
        "script": project.name,
        "version": project.version,
        "languages": project.languages,
        "contact": {name: _field(field) for name, field in project.contact.items()},
        "intents": sorted({*project.intents} - {START_INTENT}),
        "entities": sorted(project.entities),
        "slots": {name: _slot(project, name, secret) for name in sorted(project.slot_names())},
        "prompts": {name: _prompt(project, name) for name in sorted(project.primary)},
        "commands": {name: plain(placed.value[0]["custom"]) for name, placed in sorted(project.commands.items())},
        "checks": {name: [plain(step) for step in steps_of(placed)] for name, placed in sorted(project.checks.items())},
        "rules": sorted(project.rules),
        "stories": sorted(project.stories),
    }


def _field(field: Any) -> Json:
    length = field.get("length")
    return {"type": str(field["type"]), "required": bool(field.get("required", True)), "length": plain(length)}


def _slot(project: Project, name: str, secret: frozenset[str]) -> Json:
    """`learnt`: the conversation finds it out, so that it belongs into replies and reports, unless it is sensitive."""
    declared = plain(project.slots[name].value) if name in project.slots else {"type": "any"}
    learnt = name not in {*project.contact, *OWN_SLOTS, *secret}
    return {"type": declared["type"], "initial": declared.get("initial_value"), "learnt": learnt}


def _prompt(project: Project, name: str) -> Json:
    """`variations` by language; `slots`: every value that the texts of any language use."""
    by_language: dict[str, Declared] = project.responses
    texts = {one: [str(v["text"]) for v in by_language[one][name].value] for one in project.languages}
    used = {slot for variants in texts.values() for text in variants for slot in PLACEHOLDER.findall(text)}
    asks = any((variation.get("metadata") or {}).get("expects") for variation in project.primary[name].value)
    return {"variations": {one: len(variants) for one, variants in texts.items()}, "slots": sorted(used), "asks": asks}
