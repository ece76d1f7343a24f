"""Is everything that the script declares used, and filled?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dialogue.lint.flow import Flow, said_by
from dialogue.lint.identity import WITHOUT_RULES
from dialogue.script import Script
from dialogue.worker.project import PLACEHOLDER, Project
from dialogue.worker.rule import Rule
from dialogue.worker.source import Problem, plain
from dialogue.worker.validate_checks import steps_of


def declared_problems(flow: Flow, script: Script) -> Iterator[Problem]:
    project = flow.project
    filled = _filled(project)
    for name, placed in project.slots.items():
        if name not in filled and name not in script.contact:
            yield placed.problem(f"nothing fills the slot `{name}`", Rule.SLOT_NEVER_FILLED)
    yield from _unsaid(flow)
    used = _used(flow)
    contact = project.script.data.get("contact")
    for name, field in script.contact.items():
        if field.required and name not in used:
            message = f"the contact field `{name}` is required and nothing uses it"
            yield project.script.problem(message, contact, name, Rule.CONTACT_UNUSED)
    outcomes = project.script.data["outcomes"]
    set_by_rules = {flow.sets_outcome(action) for move in flow.reached for action in move.actions}
    for name in script.outcomes:
        if name not in set_by_rules:
            message = f"no rule that a call comes to sets the outcome `{name}`"
            yield project.script.problem(message, outcomes, name, Rule.OUTCOME_NEVER_SET)


def _unsaid(flow: Flow) -> Iterator[Problem]:
    """Prompts of the script itself: of the shared ones each script needs some."""
    run = {action for move in flow.reached for action in (*move.actions, move.after) if action is not None}
    said = {prompt for action in run for prompt in said_by(flow.project, action)} | set(WITHOUT_RULES)
    for name, placed in flow.project.primary.items():
        if name not in said and placed.source.path.parent == flow.project.script.path.parent:
            yield placed.problem(f"no rule that a call comes to says `{name}`", Rule.UNSAID)


def _filled(project: Project) -> set[str]:
    found = set()
    for name, placed in project.slots.items():
        mappings = plain(placed.value.get("mappings") or [])
        if any(mapping["type"] != "custom" for mapping in mappings):
            found.add(name)
    for placed in project.checks.values():
        for step in map(plain, steps_of(placed)):
            found |= {*step.get("set", {}), *step.get("copy", {}), step.get("sets"), step.get("count", {}).get("slot")}
    return found


def _used(flow: Flow) -> set[str]:
    """Slots that a prompt says, a check reads or a rule looks at."""
    project = flow.project
    texts = (one["text"] for prompts in project.responses.values() for said in prompts.values() for one in said.value)
    found = {slot for text in texts for slot in PLACEHOLDER.findall(text)}
    found |= {value for placed in project.checks.values() for step in steps_of(placed) for value in _texts(plain(step))}
    for move in flow.moves:
        found |= {*move.slots, *(event.slot for event in move.events if event.slot)}
    return found


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value
