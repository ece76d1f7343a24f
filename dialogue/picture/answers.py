"""What stands at an edge: the intents and entities that answer a question, and what must be known besides."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from dialogue.lint.flow import Event, Flow, Move, questions, required_slots
from dialogue.worker.project import Project
from dialogue.worker.source import plain


def label_at(flow: Flow, form: str, move: Move, known: Container[str] = ()) -> str:
    """What the customer says at a question to start the rule. Conditions on slots in `known` go without saying."""
    needs = {slot: value for slot, value in move.slots.items() if slot not in known}
    if move.intents:
        said = sorted(move.intents)
    else:
        answer = _leading(move.events)
        own = required_slots(flow.project, form)
        said = list(dict.fromkeys(one for slot in own for one in _answers(flow, form, slot, answer)))
        needs |= {slot: value for slot, value in answer.items() if slot not in own}
    return ", ".join(said) + (f", if {conditions(needs)}" if needs else "")


def choices(project: Project, form: str) -> list[str]:
    """The intents that the question names as its `choices`."""
    return [str(intent) for one in _metadata(project, form) for intent in one.get("choices") or []]


def expected(project: Project, form: str) -> str:
    """The answer that the question waits for, in words; empty where it does not say."""
    found = [one for one in _metadata(project, form) if one.get("expects")]
    return ", ".join(
        f"{one['length']} digits" if one.get("length") else str(one["expects"]).replace("_", " or ") for one in found
    )


def _metadata(project: Project, form: str) -> list[Mapping[str, Any]]:
    return [project.primary[name].value[0].get("metadata") or {} for name in questions(project, form)]


def conditions(needs: Mapping[str, Any]) -> str:
    return ", ".join(_condition(slot, value) for slot, value in needs.items())


def result(events: Iterable[Event]) -> str:
    """What the action before these steps must have found."""
    return conditions(_leading(events))


def _answers(flow: Flow, form: str, slot: str, wanted: Mapping[str, Any]) -> Iterator[str]:
    """The intents that fill the slot with the wanted value, or the entities that do where any value will do."""
    for mapping in map(plain, flow.project.slots[slot].value.get("mappings") or []):
        loops = [condition.get("active_loop") for condition in mapping.get("conditions") or []]
        if loops and form not in loops:
            continue
        if mapping["type"] == "from_entity":
            yield str(mapping["entity"])
        elif mapping["type"] == "from_intent" and wanted.get(slot) in (None, mapping.get("value")):
            intents = mapping.get("intent") or []
            yield from [intents] if isinstance(intents, str) else map(str, intents)


def _leading(events: Iterable[Event]) -> dict[str, Any]:
    """The values that the rule's first steps ask for, before it does anything."""
    found: dict[str, Any] = {}
    for event in events:
        if event.slot is None:
            break
        found[event.slot] = event.value
    return found


def _condition(slot: str, value: Any) -> str:
    if isinstance(value, bool):
        return slot if value else f"not {slot}"
    return f"no {slot}" if value is None else f"{slot} is {value}"
