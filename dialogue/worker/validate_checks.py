"""Are the declared checks complete, and do they fit the slots they read and set?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from dialogue.worker.checks import ARGUMENTS, CHANGES, FINDINGS, kind_of
from dialogue.worker.project import Placed, Project
from dialogue.worker.rule import Rule
from dialogue.worker.source import Problem


def steps_of(placed: Placed) -> list[Any]:
    """One check or a list of checks, as a list."""
    return list(placed.value) if isinstance(placed.value, CommentedSeq) else [placed.value]


def check_problems(project: Project) -> Iterator[Problem]:
    for name, placed in project.checks.items():
        validates = name.startswith("validate_")
        if validates and name[len("validate_") :] not in project.forms:
            yield placed.problem(f"`{name}`: there is no form `{name[len('validate_') :]}`")
        elif not validates and not name.startswith("action_"):
            yield placed.problem(f"the name of a check starts with action_ or validate_: `{name}`")
        for step in steps_of(placed):
            yield from _step(project, placed, step, validates)


def _step(project: Project, placed: Placed, step: Any, validates: bool) -> Iterator[Problem]:
    if not isinstance(step, CommentedMap):
        yield placed.problem("a check is a mapping")
        return
    try:
        kind = kind_of(step)
    except ValueError as error:
        yield placed.source.problem(str(error), step)
        return
    beside = {"otherwise"} if validates else set() if kind in CHANGES else {"sets"}
    beside |= {"says"} if kind == "count" and not validates else set()
    for key in set(step) - {kind} - beside:
        yield placed.source.problem(f"unknown key `{key}` in a check of kind {kind}", step, key)
    shaped = _arguments(placed, step, kind)
    yield from shaped
    if not shaped:
        yield from _slots(project, placed, step, kind)
        yield from _result(project, placed, step, kind, validates)


def _arguments(placed: Placed, step: CommentedMap, kind: str) -> list[Problem]:
    value = step[kind]
    if kind == "reset":
        fits = isinstance(value, CommentedSeq)
        return [] if fits else [placed.source.problem("`reset` takes a list of slots", step, kind)]
    if not isinstance(value, CommentedMap):
        return [placed.source.problem(f"`{kind}` takes a mapping", step, kind)]
    if kind in CHANGES:
        return []
    required, optional = ARGUMENTS[kind]
    missing, unknown = sorted(required - set(value)), sorted(set(value) - required - optional)
    found = [placed.source.problem(f"`{kind}` needs `{key}`", step, kind) for key in missing]
    found += [placed.source.problem(f"`{kind}` does not know `{key}`", value, key) for key in unknown]
    for key in ("days", "from_days", "min", "max", "limit"):
        if key in value and (isinstance(value[key], bool) or not isinstance(value[key], (int, float))):
            found.append(placed.source.problem(f"`{key}` must be a number", value, key))
    return found


def _slots(project: Project, placed: Placed, step: CommentedMap, kind: str) -> Iterator[Problem]:
    value = step[kind]
    if kind in {"reset", "set"}:
        named = list(value)
    elif kind == "copy":
        named = [*value, *value.values()]
    else:
        named = [value[key] for key in ("given", "expected", "slot") if key in value]
    for slot in named:
        if slot not in project.slot_names():
            yield placed.source.problem(f"unknown slot `{slot}`", step, kind, Rule.UNKNOWN_NAME)


def _result(project: Project, placed: Placed, step: CommentedMap, kind: str, validates: bool) -> Iterator[Problem]:
    for key in ("otherwise", "says"):
        if key in step and step[key] not in project.primary:
            yield placed.source.problem(f"unknown prompt `{step[key]}`", step, key, Rule.UNKNOWN_NAME)
    if validates:
        if kind not in {"date_within", "number_within"}:
            yield placed.source.problem("a form's check is date_within or number_within", step, kind)
        return
    if kind in CHANGES:
        return
    if "sets" not in step:
        if kind != "count":
            yield placed.source.problem(f"a check of kind {kind} needs `sets`", step, kind)
        return
    slot = project.slots.get(step["sets"])
    declared = slot.value if slot is not None and isinstance(slot.value, CommentedMap) else {}
    if declared.get("type") == "categorical":
        lacking = [word for word in FINDINGS[kind] if word not in (declared.get("values") or [])]
        if lacking:
            yield placed.source.problem(f"`{step['sets']}` lacks the values {', '.join(lacking)}", step, "sets")
    elif declared.get("type") != "bool":
        yield placed.source.problem(f"`sets` needs a slot of type bool or categorical: `{step['sets']}`", step, "sets")
