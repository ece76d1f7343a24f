"""Is an answer taken only at the question that it answers?"""

from __future__ import annotations

from collections.abc import Iterator

from dialogue.lint.flow import required_slots
from dialogue.worker.project import Project
from dialogue.worker.rule import Rule
from dialogue.worker.source import Problem


def mapping_problems(project: Project) -> Iterator[Problem]:
    asked = {slot for form in project.forms for slot in required_slots(project, form)}
    for name, placed in project.slots.items():
        for mapping in placed.value.get("mappings") or []:
            conditions = mapping.get("conditions") or []
            if name in asked and not conditions:
                message = f"`{name}` is filled at every question: the mapping has no `conditions`"
                yield placed.source.problem(message, mapping, "type", Rule.REQUESTED_SLOT)
            if name in asked and not {"intent", "not_intent"} & set(mapping):
                message = f"`{name}` is filled whatever the customer means: the mapping names no `intent`"
                yield placed.source.problem(message, mapping, "type", Rule.REQUESTED_SLOT)
            for condition in conditions:
                if wrong := _condition_problem(project, condition):
                    yield placed.source.problem(wrong, condition, rule=Rule.REQUESTED_SLOT)


def _condition_problem(project: Project, condition: dict[str, str]) -> str | None:
    loop, slot = condition.get("active_loop"), condition.get("requested_slot")
    if loop is None:
        return "the condition names no question: write `active_loop` beside `requested_slot`"
    asked = required_slots(project, loop)
    if slot is None:
        return f"the condition lacks `requested_slot`; `{loop}` asks for {', '.join(asked)}"
    return None if slot in asked else f"`requested_slot: {slot}`: `{loop}` asks for {', '.join(asked)}"
