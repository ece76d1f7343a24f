"""Can a customer leave every question: to a human, and by what every call must understand?"""

from __future__ import annotations

from collections.abc import Iterator

from dialogue.lint.flow import Flow, Move
from dialogue.worker.project import START_INTENT
from dialogue.worker.rule import Rule
from dialogue.worker.source import Problem

WANTED = {
    "silence": (Rule.NO_SILENCE, None),
    "no_match": (Rule.NO_NO_MATCH, None),
    "repeat": (Rule.NO_REPEAT, None),
    "do_not_call": (Rule.NO_DO_NOT_CALL, "do_not_call"),
    "wrong_person": (Rule.NO_WRONG_PERSON, "wrong_person"),
    "busy_call_later": (Rule.NO_CALL_LATER, "call_later"),
}
"""What every question must be ready for, and the outcome that it must lead to where it is not an answer."""


def move_problems(flow: Flow) -> Iterator[Problem]:
    yield from _disclosure(flow)
    for form in _reached_forms(flow):
        yield from _human(flow, form)
        yield from _unanswered(flow, form)
        for intent, (rule, outcome) in WANTED.items():
            if not flow.taken_as_answer(form, intent):
                yield from _wanted(flow, form, intent, rule, outcome)


def _reached_forms(flow: Flow) -> list[str]:
    asked = {action for move in flow.reached for action in move.actions}
    return [form for form in flow.forms if form in asked]


def _disclosure(flow: Flow) -> Iterator[Problem]:
    for move in flow.moves:
        if START_INTENT in move.intents and move.actions[:1] != ["utter_disclosure"]:
            yield move.placed.problem("the call does not open with utter_disclosure", Rule.NO_DISCLOSURE)


def _human(flow: Flow, form: str) -> Iterator[Problem]:
    asked = [move for move in flow.at(form, "ask_human") if not move.after_failure]
    if not any(not move.slots for move in asked):
        yield flow.project.forms[form].problem(
            f"no rule for `ask_human` at the question of `{form}`, whatever is known by then", Rule.NO_HUMAN
        )
    for move in asked:
        if not _reaches_human(flow, move, form):
            yield move.placed.problem(
                f"`ask_human` at the question of `{form}` does not lead to a human within two turns", Rule.NO_HUMAN
            )


def _reaches_human(flow: Flow, move: Move, form: str) -> bool:
    if flow.runs(move, flow.hands_over):
        return True
    if flow.runs(move, flow.ends):
        return False
    later = flow.asked(move) or ({form} if not move.leaves else set())
    return any(flow.runs(answer, flow.hands_over) for after in later - {form} for answer in flow.following(after))


def _unanswered(flow: Flow, form: str) -> Iterator[Problem]:
    """What WANTED and `ask_human` do not name already."""
    for intent in sorted({*flow.project.intents} - {*WANTED, "ask_human", START_INTENT}):
        general = [move for move in flow.for_turn(form, intent) if not move.slots]
        if not general and not flow.taken_as_answer(form, intent):
            message = f"nothing answers `{intent}` at the question of `{form}`, whatever is known by then"
            yield flow.project.forms[form].problem(message, Rule.UNANSWERED)


def _wanted(flow: Flow, form: str, intent: str, rule: Rule, outcome: str | None) -> Iterator[Problem]:
    moves = [move for move in flow.at(form, intent) if not move.after_failure]
    if not any(not move.slots for move in moves):
        yield flow.project.forms[form].problem(f"no rule for `{intent}` at the question of `{form}`", rule)
        return
    for move in moves:
        if outcome is not None and not flow.runs(move, lambda action: flow.sets_outcome(action) == outcome):
            yield move.placed.problem(f"`{intent}` does not set the outcome `{outcome}`", rule)
