"""A script's rules as a graph: which rule may run at which question, and which rules follow from it.

All ways that the rules leave open are taken to be possible; values of slots are looked at only where a caller does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dialogue.worker.project import START_INTENT, Placed, Project
from dialogue.worker.validate_checks import steps_of

AFTER_FAILURE = "hand_over_failed"
"""The slot of a hand-over that failed. Where it is true there is no human to be had, and no need to say so again."""


@dataclass(frozen=True)
class Event:
    """One step: an action that the rule runs, or a slot that is known to have a value from here on."""

    action: str | None = None
    slot: str | None = None
    value: Any = None


@dataclass(frozen=True, eq=False)
class Move:
    """A rule. It begins with a turn of the customer (`intents`) or follows the action or form in `after`."""

    title: str
    placed: Placed
    forms: frozenset[str]
    slots: dict[str, Any]
    intents: frozenset[str]
    after: str | None
    events: tuple[Event, ...]
    leaves: bool

    @property
    def actions(self) -> list[str]:
        return [event.action for event in self.events if event.action is not None]

    @property
    def after_failure(self) -> bool:
        return self.slots.get(AFTER_FAILURE) is True


class Flow:
    def __init__(self, project: Project) -> None:
        self.project = project
        self.moves = [_move(title, placed) for title, placed in project.rules.items()]
        self.forms = list(project.forms)

    def command(self, action: str) -> dict[str, Any]:
        """The command that an action stands for; empty for other actions."""
        placed = self.project.commands.get(action)
        return dict(placed.value[0]["custom"]) if placed is not None else {}

    def ends(self, action: str) -> bool:
        return self.command(action).get("command") in {"transfer", "hang_up"}

    def hands_over(self, action: str) -> bool:
        return self.command(action).get("command") == "transfer"

    def sets_outcome(self, action: str) -> str | None:
        return self.command(action).get("outcome")

    def following(self, action: str) -> list[Move]:
        """The rules that go on after an action, or that take the answer to a form's question."""
        return self._following.get(action, [])

    @cached_property
    def _following(self) -> dict[str, list[Move]]:
        found: dict[str, list[Move]] = {}
        for move in self.moves:
            if move.after is not None:
                found.setdefault(move.after, []).append(move)
        return found

    def chain(self, move: Move) -> list[Move]:
        """The rule and all that may follow before the customer's next turn."""
        chain = [move]
        for one in chain:
            for action in one.actions:
                if action not in self.project.forms:
                    chain += [after for after in self.following(action) if after not in chain]
        return chain

    def runs(self, move: Move, fits: Callable[[str], object]) -> bool:
        """Does the rule, or one that may follow in the same turn, run such an action?"""
        return any(fits(action) for one in self.chain(move) for action in one.actions)

    def asked(self, move: Move) -> set[str]:
        """The questions that may be open after the rule."""
        return {action for one in self.chain(move) for action in one.actions if action in self.project.forms}

    def at(self, form: str, intent: str) -> list[Move]:
        """The rules for a turn at a question: those made for this question, or else those for all."""
        fitting = self.for_turn(form, intent)
        return [move for move in fitting if form in move.forms] or fitting

    def for_turn(self, form: str, intent: str) -> list[Move]:
        """The rules for a turn that may begin at a question, those for all questions included."""
        return [move for move in self.moves if intent in move.intents and (not move.forms or form in move.forms)]

    def turns(self, form: str) -> Iterator[Move]:
        """Every rule that a turn at the question may start, its answer included."""
        yield from (move for move in self.following(form) if not move.forms or form in move.forms)
        intents = sorted({intent for move in self.moves for intent in move.intents} - {START_INTENT})
        yield from dict.fromkeys(move for intent in intents for move in self.at(form, intent))

    def taken_as_answer(self, form: str, intent: str) -> bool:
        """Does a mapping of the form's slot name the intent?"""
        for slot in required_slots(self.project, form):
            placed = self.project.slots.get(slot)
            for mapping in (placed.value.get("mappings") or []) if placed is not None else []:
                named = mapping.get("intent") or []
                loops = [condition.get("active_loop") for condition in mapping.get("conditions") or []]
                if intent in ([named] if isinstance(named, str) else named) and (form in loops or not loops):
                    return True
        return False

    @cached_property
    def reached(self) -> set[Move]:
        """The rules that a call can come to."""
        reached = {move for move in self.moves if START_INTENT in move.intents}
        grown = True
        while grown:
            forms = {action for move in reached for action in move.actions if action in self.project.forms}
            run = {action for move in reached for action in move.actions}
            new = {move for move in self.moves if move not in reached and _can_begin(move, forms, run)}
            reached |= new
            grown = bool(new)
        return reached


def _can_begin(move: Move, forms: set[str], run: set[str]) -> bool:
    if move.forms and not move.forms & forms:
        return False
    return move.after in run if move.after is not None else START_INTENT not in move.intents


def required_slots(project: Project, form: str) -> list[str]:
    return [str(slot) for slot in project.forms[form].value.get("required_slots") or []]


def question(project: Project, form: str, slot: str) -> str | None:
    """The prompt that asks for a form's slot."""
    return next((name for name in (f"utter_ask_{form}_{slot}", f"utter_ask_{slot}") if name in project.primary), None)


def questions(project: Project, form: str) -> list[str]:
    """The prompts that ask for all slots of a form."""
    asked = (question(project, form, slot) for slot in required_slots(project, form))
    return [name for name in asked if name is not None]


def said_by(project: Project, action: str) -> list[str]:
    """The prompts that an action says: a prompt itself, a form's questions, what its checks say."""
    if action in project.primary:
        return [action]
    named: list[str] = []
    checks = [action]
    if action in project.forms:
        named += questions(project, action)
        checks = [f"validate_{action}"]
    for check in checks:
        for step in steps_of(project.checks[check]) if check in project.checks else []:
            named += [str(step[key]) for key in ("otherwise", "says") if key in step]
    return named


def _move(title: str, placed: Placed) -> Move:
    conditions = placed.value.get("condition") or []
    forms = frozenset(str(one["active_loop"]) for one in conditions if one.get("active_loop"))
    slots = {slot: value for one in conditions for slot, value in _slots(one)}
    steps = list(placed.value["steps"])
    intents = frozenset(_intents(steps[0])) if steps else frozenset()
    after, events = None, []
    for index, step in enumerate(steps):
        if "action" in step and index == 0:
            after = str(step["action"])
        elif "action" in step:
            events.append(Event(action=str(step["action"])))
        events += [Event(slot=slot, value=value) for slot, value in _slots(step)]
    leaves = any("active_loop" in step and step["active_loop"] is None for step in steps)
    return Move(title, placed, forms, slots, intents, after, tuple(events), leaves)


def _intents(step: Any) -> Iterator[str]:
    if "intent" in step:
        yield str(step["intent"])
    for inner in step.get("or") or []:
        yield from _intents(inner)


def _slots(step: Any) -> Iterator[tuple[str, Any]]:
    """What `slot_was_set` says; a name alone says only that there is some value."""
    for item in step.get("slot_was_set") or []:
        yield from item.items() if isinstance(item, dict) else ()
