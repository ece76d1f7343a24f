"""What a rule does from a turn of the customer to the next place where the call may go more than one way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from dialogue.lint.flow import Event, Flow, Move
from dialogue.worker.project import REPEAT_ACTION, SHARED


class Goal(StrEnum):
    """Where a course leads."""

    ASKS = "asks"  # a question
    CHECKS = "checks"  # an action whose result decides which rule goes on
    HANDS_OVER = "hands_over"
    HANGS_UP = "hangs_up"
    STAYS = "stays"  # at the question that was open, if one was


@dataclass(frozen=True, slots=True)
class Course:
    """`said`: the prompts that are always said, in order. `name`: the form, check or queue it leads to.

    `rest` is what the rule itself still does after a check; `through` are rules that it goes on in by itself.
    """

    said: tuple[str, ...]
    outcome: str | None
    goal: Goal
    name: str = ""
    rest: tuple[Event, ...] = ()
    through: tuple[Move, ...] = ()


def course_of(flow: Flow, events: Sequence[Event]) -> Course:
    said: list[str] = []
    outcome: str | None = None
    through: list[Move] = []
    waiting = list(events)
    while waiting:
        action = waiting.pop(0).action
        if action is None or action == REPEAT_ACTION:
            continue
        outcome = flow.sets_outcome(action) or outcome
        goal = _goal(flow, action)
        if goal is not None:
            name = str(flow.command(action).get("queue", "")) if goal is Goal.HANDS_OVER else action
            return Course(tuple(said), outcome, goal, name, through=tuple(through))
        said += [action] if action in flow.project.primary else []
        ways = branches(flow, action)
        if len(ways) == 1 and not _acts(waiting) and ways[0] not in through:
            through += ways
            waiting = list(ways[0].events)
        elif ways:
            rest = tuple(waiting) if _acts(waiting) else ()
            return Course(tuple(said), outcome, Goal.CHECKS, action, rest, tuple(through))
    return Course(tuple(said), outcome, Goal.STAYS, through=tuple(through))


def branches(flow: Flow, action: str) -> list[Move]:
    """The rules of which one goes on after the action; none for the counters that every script shares.

    What follows on a hand-over that failed is left out: it holds wherever the call is.
    """
    following = [move for move in flow.following(action) if move in flow.reached and not move.after_failure]
    return following if any(is_own(move) for move in following if not move.forms) else []


def is_own(move: Move) -> bool:
    """Is the rule the script's, and not of the shared part?"""
    return move.placed.source.path.parent.name != SHARED


def _goal(flow: Flow, action: str) -> Goal | None:
    if action in flow.project.forms:
        return Goal.ASKS
    if flow.hands_over(action):
        return Goal.HANDS_OVER
    return Goal.HANGS_UP if flow.ends(action) else None


def _acts(events: Sequence[Event]) -> bool:
    return any(event.action is not None for event in events)
