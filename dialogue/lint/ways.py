"""Does every way through the script go somewhere, and not round for ever?"""

from __future__ import annotations

from collections.abc import Iterator

from dialogue.lint.flow import Flow, Move
from dialogue.worker.rule import Rule
from dialogue.worker.source import Problem
from dialogue.worker.validate_checks import steps_of

_SIGNAL = "hand_over_failed"  # comes only after a hand-over, which is tried once


def way_problems(flow: Flow) -> Iterator[Problem]:
    for move in flow.moves:
        if move not in flow.reached:
            yield move.placed.problem(f"no call comes to the rule `{move.title}`", Rule.UNREACHABLE)
        elif _is_dead_end(flow, move):
            message = f"after the rule `{move.title}` no question is open, and the call does not end"
            yield move.placed.problem(message, Rule.DEAD_END)
    yield from _loops(flow)


def _is_dead_end(flow: Flow, move: Move) -> bool:
    """Rules that are run in the middle of another one's way are looked at as part of that way."""
    if not move.leaves and (move.intents or not move.placed.value.get("wait_for_user_input", True)):
        return False
    last = move.actions[-1] if move.actions else None
    if last is None:
        return move.leaves
    goes_on = last in flow.project.forms or flow.following(last) or any(flow.ends(one) for one in move.actions)
    return move.leaves and not goes_on


def _loops(flow: Flow) -> Iterator[Problem]:
    """A way from a question back to itself on which nothing is counted that ends the call."""
    counted = _counters(flow)
    ways: dict[str, list[tuple[Move, set[str]]]] = {}
    for form in flow.forms:
        for move in flow.turns(form):
            if move in flow.reached and _SIGNAL not in move.intents and not flow.runs(move, counted.__contains__):
                ways.setdefault(form, []).append((move, _next_questions(flow, move, form)))
    for form, moves in ways.items():
        for move, later in moves:
            if form in later or any(_comes_to(form, start, ways) for start in later):
                message = f"`{move.title}` leads back to the question of `{form}` as often as the customer likes"
                yield move.placed.problem(message, Rule.ENDLESS_LOOP)


def _next_questions(flow: Flow, move: Move, form: str) -> set[str]:
    if flow.runs(move, flow.ends):
        return set()
    return flow.asked(move) or ({form} if not move.leaves else set())


def _comes_to(form: str, start: str, ways: dict[str, list[tuple[Move, set[str]]]]) -> bool:
    seen = [start]
    for one in seen:
        for _, later in ways.get(one, []):
            seen += [after for after in later if after not in seen]
    return form in seen


def _counters(flow: Flow) -> set[str]:
    """Checks that count, and whose limit some rule meets by ending the call or handing it over."""
    found = set()
    for name, placed in flow.project.checks.items():
        limits = {str(step["sets"]) for step in steps_of(placed) if "count" in step and "sets" in step}
        for move in flow.following(name):
            met = {event.slot for event in move.events if event.slot in limits and event.value in (True, "reached")}
            if met and flow.runs(move, flow.ends):
                found.add(name)
    return found
