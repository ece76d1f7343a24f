"""Do a rule's steps go together? Rasa trains rules whose steps do not, and the call then asks twice, or stops short."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dialogue.lint.flow import Flow, Move
from dialogue.worker.project import START_INTENT
from dialogue.worker.rule import Rule
from dialogue.worker.source import Problem
from dialogue.worker.validate_checks import steps_of

DEACTIVATE = "action_deactivate_loop"
SIGNAL = "hand_over_failed"  # comes when no question is open


def step_problems(flow: Flow) -> Iterator[Problem]:
    for move in flow.moves:
        steps = list(move.placed.value["steps"])
        for index, step in enumerate(steps):
            before = steps[index - 1] if index else {}
            after = steps[index + 1] if index + 1 < len(steps) else {}
            for message in _misplaced(flow, move, index, before, step, after):
                yield move.placed.source.problem(message, step, next(iter(step)), Rule.STEPS)
        yield from _whole(flow, move)


def _misplaced(flow: Flow, move: Move, index: int, before: Any, step: Any, after: Any) -> Iterator[str]:
    action = step.get("action")
    if index == 0 and not {"intent", "or", "action"} & set(step):
        yield "a rule begins with an `intent`, or with the `action` that it follows"
    if index == 0 and action is not None and action not in {*flow.project.forms, *flow.project.checks}:
        yield f"a rule follows a form or a check, and never `{action}`: is the `intent` above it missing?"
    if action in flow.project.forms:
        if index == 0 and action not in move.forms:
            yield f"the answer to `{action}` needs `condition: [{{active_loop: {action}}}]` above the steps"
        loop = None if index == 0 else action
        if "active_loop" not in after or after["active_loop"] != loop:
            yield f"`action: {action}` must be followed by `active_loop: {'null' if loop is None else loop}`"
    elif action == DEACTIVATE and after.get("active_loop", action) is not None:
        yield f"`action: {DEACTIVATE}` must be followed by `active_loop: null`"
    elif action is not None and flow.ends(action) and after:
        yield f"`{action}` ends the call, or the bot's part in it: nothing can follow it"
    elif (sets := _sets(flow, action)) and after and not sets & _told(after):
        yield f"after `{action}` must come what it found, as `slot_was_set: [{{{min(sets)}: ...}}]`"
    if "active_loop" in step:
        yield from _loop(flow, index, before, step["active_loop"])


def _loop(flow: Flow, index: int, before: Any, loop: str | None) -> Iterator[str]:
    action = before.get("action")
    if loop is not None and action != loop:
        yield f"`active_loop: {loop}` stands behind `action: {loop}`, which asks the question"
    elif loop is None and action != DEACTIVATE and not (index == 1 and action in flow.project.forms):
        yield f"`active_loop: null` stands behind `action: {DEACTIVATE}`, or behind the form that begins the rule"


def _whole(flow: Flow, move: Move) -> Iterator[Problem]:
    problem = move.placed.problem
    stays = not move.leaves and not {START_INTENT, SIGNAL} & move.intents
    others = [action for action in move.actions if action in flow.project.forms and action not in move.forms]
    if move.intents and stays and (others or any(flow.ends(action) for action in move.actions)):
        yield problem(
            f"`{move.title}` leaves its question without `action: {DEACTIVATE}` and `active_loop: null`",
            Rule.STEPS,
        )
    last = move.actions[-1] if move.actions else move.after
    follows = bool(last is not None and last not in flow.project.forms and flow.following(last))
    if follows and move.placed.value.get("wait_for_user_input", True):
        yield problem(f"`{last}` is followed by other rules: end with `wait_for_user_input: false`", Rule.STEPS)
    if not follows and not move.placed.value.get("wait_for_user_input", True):
        yield problem(f"`wait_for_user_input: false`, and no rule follows `{last}`", Rule.STEPS)


def _sets(flow: Flow, action: str | None) -> set[str]:
    placed = flow.project.checks.get(action) if action is not None else None
    return {str(step["sets"]) for step in steps_of(placed) if "sets" in step} if placed is not None else set()


def _told(step: Any) -> set[str]:
    """The slots of a `slot_was_set`, alone or in an `or`."""
    inner = [
        *(step.get("slot_was_set") or []),
        *(one for each in step.get("or") or [] for one in each.get("slot_was_set") or []),
    ]
    return {str(name) for one in inner for name in (one if isinstance(one, dict) else [one])}
