"""What trains and yet cannot both be meant: an answer taken for two values, a call with two outcomes, a condition that
never holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dialogue.lint.flow import Flow, Move
from dialogue.worker.project import Placed
from dialogue.worker.rule import Rule
from dialogue.worker.source import Problem


def contradictions(flow: Flow) -> Iterator[Problem]:
    for name, placed in flow.project.slots.items():
        yield from _answers(name, placed)
    for move in flow.moves:
        yield from _conditions(move)
        outcomes = [outcome for action in move.actions if (outcome := flow.sets_outcome(action)) is not None]
        if len(set(outcomes)) > 1:
            message = (
                f"`{move.title}` sets the outcomes {' and '.join(dict.fromkeys(outcomes))}: only the last one counts"
            )
            yield move.placed.problem(message, Rule.CONTRADICTION)


def _answers(slot: str, placed: Placed) -> Iterator[Problem]:
    """An intent that fills the slot with one value and, at the same question, with another."""
    taken: dict[tuple[str, Any], Any] = {}
    for mapping in placed.value.get("mappings") or []:
        named = mapping.get("intent") or []
        loops = [condition.get("active_loop") for condition in mapping.get("conditions") or []] or [None]
        for intent in [named] if isinstance(named, str) else named:
            for loop in loops if mapping["type"] == "from_intent" else ():
                before = taken.setdefault((intent, loop), mapping.get("value"))
                if before != mapping.get("value"):
                    message = f"`{intent}` sets `{slot}` to {_word(before)} and to {_word(mapping.get('value'))}"
                    yield placed.source.problem(message, mapping, "intent", Rule.CONTRADICTION)


def _conditions(move: Move) -> Iterator[Problem]:
    said: dict[str, Any] = {}
    for condition in move.placed.value.get("condition") or []:
        for item in condition.get("slot_was_set") or []:
            for slot, value in item.items() if isinstance(item, dict) else ():
                if said.setdefault(slot, value) != value:
                    message = f"the condition of `{move.title}` wants `{slot}` to be two things at once"
                    yield move.placed.source.problem(message, condition, "slot_was_set", Rule.CONTRADICTION)
    if len(move.forms) > 1:
        yield move.placed.problem(f"the condition of `{move.title}` wants two questions at once", Rule.CONTRADICTION)


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
