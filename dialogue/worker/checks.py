"""Checks: what a script decides about values, declared in YAML so that a designer writes no Python.

`checks:` in script.yml (and in shared/checks.yml, the same form) maps an action's name to a check, or to a
list of checks that run in order, each seeing what the one before it set. The names are used in rules like any
other action and need not be listed under `actions:` in the domain.

    checks:
      action_check_identity:
        compare: {given: last4_given, expected: last4}       # spaces, dashes and case do not count
        sets: identity_verified
      action_check_promise_date:
        date_within: {slot: promise_date, days: 14}          # up to today + 14; from today, or from today + `from_days`
        sets: promise_date_check
      action_check_rating:
        number_within: {slot: rating, min: 1, max: 5}        # of an amount of money, whatever its currency
        sets: rating_ok
      action_count_silence:
        count: {slot: silence_count, limit: 2, in_a_row: true}
        sets: silence_exhausted
      action_forget_promise:
        reset: [promise_date, promise_confirmed]             # back to the initial value (usually null)
      action_note_reason:
        set: {reason: hardship}                              # fixed values
      action_keep_promise:
        copy: {promised_date: promise_date}                  # to: from
      action_wrong_digits:                                   # a list: one after the other
        - count: {slot: identity_attempts, limit: 2}
          sets: identity_exhausted
        - reset: [last4_given]

What a check finds, by kind:

    compare        same | different | missing      (missing: one of the two slots has no value)
    date_within    within | past | too_late | missing
    number_within  within | below | above | missing
    count          below | reached                 (adds 1, then looks: `limit: 2` is reached the second time)

`sets` names a slot of type `bool` or `categorical`. A bool slot becomes true for same, within and reached and
false for the rest; a categorical slot (its `values` list the words above) becomes the word, so that rules can
branch on it. Where two checks of one action set the same bool slot, it is true if either makes it so. `sets` may
be left out of `count`. `reset`, `set` and `copy` take no `sets`.

`count` needs a `float` slot with `initial_value: 0`. With `in_a_row: true` the count starts again at 1 when the
customer's turn before this one had another intent, so that only an unbroken run of, say, silences is counted.
With `at_question: true` it starts again at 1 when that turn met another question. `says: utter_hint` beside a
`count` names a prompt that is said before the question from the limit on.
`reset: [silence_count]` starts any count again.

An action named `validate_<form>` holds checks that the form applies to an answer before it accepts it (Rasa's
own mechanism). There a check takes no `sets`; a value that does not pass is emptied, so that the form asks
again, after saying `otherwise` if that is given. A slot without a value is left alone.

      validate_rating_form:
        number_within: {slot: rating, min: 1, max: 5}
        otherwise: utter_rating_range

Built in, besides these:

    action_repeat  says again what the bot said last, each prompt in its next variation. Prompts that the same
                   turn says anyway (a form that asks its question again) are not doubled.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

Slots = Mapping[str, Any]

FINDINGS = {
    "compare": ("same", "different", "missing"),
    "date_within": ("within", "past", "too_late", "missing"),
    "number_within": ("within", "below", "above", "missing"),
    "count": ("below", "reached"),
}
PASSING = frozenset({"same", "within", "reached"})
CHANGES = ("reset", "set", "copy")
KINDS = (*FINDINGS, *CHANGES)

ARGUMENTS: dict[str, tuple[frozenset[str], frozenset[str]]] = {  # required, optional
    "compare": (frozenset({"given", "expected"}), frozenset()),
    "date_within": (frozenset({"slot", "days"}), frozenset({"from_days"})),
    "number_within": (frozenset({"slot", "min", "max"}), frozenset()),
    "count": (frozenset({"slot", "limit"}), frozenset({"in_a_row", "at_question"})),
}


@dataclass(frozen=True)
class Moment:
    """What a check sees: slot values, today, and the intent and the open question of this turn and the one before."""

    slots: Slots
    day: date
    intent: str | None = None
    previous_intent: str | None = None
    question: str | None = None
    previous_question: str | None = None


@dataclass(frozen=True)
class Effect:
    """Slots to set, in order, prompts to say now, and prompts to say before the question."""

    slots: dict[str, Any] = field(default_factory=dict)
    say: tuple[str, ...] = ()
    hint: tuple[str, ...] = ()


@dataclass(frozen=True)
class SlotType:
    """What a check needs to know of a slot's declaration."""

    type: str
    initial: Any = None


def run(name: str, steps: list[dict[str, Any]], moment: Moment, types: Mapping[str, SlotType]) -> Effect:
    """Carry out the checks of one action. Raises ValueError for a value that is not what its kind needs."""
    slots = dict(moment.slots)
    changed: dict[str, Any] = {}
    said: list[str] = []
    hints: list[str] = []
    passed: set[str] = set()
    for step in steps:
        kind = kind_of(step)
        if kind in CHANGES:
            new = _change(kind, step[kind], slots, types)
        else:
            finding, new = _find(kind, step[kind], replace(moment, slots=slots))
            if name.startswith("validate_"):
                if finding not in PASSING and finding != "missing":
                    new[step[kind]["slot"]] = None
                    said += [step["otherwise"]] if "otherwise" in step else []
            elif "sets" in step:
                target = step["sets"]
                passed |= {target} if finding in PASSING else set()
                new[target] = target in passed if types[target].type == "bool" else finding
            hints += [step["says"]] if "says" in step and finding in PASSING else []
        slots.update(new)
        changed.update(new)
    return Effect(changed, tuple(said), tuple(hints))


def kind_of(step: Mapping[str, Any]) -> str:
    """The kind of a check: its one key that names one. Raises ValueError when there is none, or more."""
    kinds = [key for key in step if key in KINDS]
    if len(kinds) != 1:
        raise ValueError(f"a check has exactly one of {', '.join(KINDS)}")
    return kinds[0]


def _change(kind: str, argument: Any, slots: Slots, types: Mapping[str, SlotType]) -> dict[str, Any]:
    if kind == "reset":
        return {slot: types[slot].initial for slot in argument}
    if kind == "copy":
        return {to: slots.get(source) for to, source in argument.items()}
    return dict(argument)


def _find(kind: str, argument: Mapping[str, Any], moment: Moment) -> tuple[str, dict[str, Any]]:
    finders: dict[str, Callable[[Mapping[str, Any], Moment], str]] = {
        "compare": _compare,
        "date_within": _date_within,
        "number_within": _number_within,
    }
    if kind == "count":
        return _count(argument, moment)
    return finders[kind](argument, moment), {}


def _compare(argument: Mapping[str, Any], moment: Moment) -> str:
    given, expected = (moment.slots.get(argument[key]) for key in ("given", "expected"))
    if given is None or expected is None:
        return "missing"
    return "same" if _bare(given) == _bare(expected) else "different"


def _bare(value: Any) -> str:
    return re.sub(r"[\s\-]", "", str(value)).casefold()


def _date_within(argument: Mapping[str, Any], moment: Moment) -> str:
    value = moment.slots.get(argument["slot"])
    if value is None:
        return "missing"
    day = date.fromisoformat(str(value))
    if day < moment.day + timedelta(days=argument.get("from_days", 0)):
        return "past"
    return "within" if day <= moment.day + timedelta(days=argument["days"]) else "too_late"


def _number_within(argument: Mapping[str, Any], moment: Moment) -> str:
    value = moment.slots.get(argument["slot"])
    if value is None:
        return "missing"
    number = float(str(value).partition(" ")[0])  # of an amount of money, without its currency
    if number < argument["min"]:
        return "below"
    return "within" if number <= argument["max"] else "above"


def _count(argument: Mapping[str, Any], moment: Moment) -> tuple[str, dict[str, Any]]:
    so_far = float(moment.slots.get(argument["slot"]) or 0)
    if argument.get("in_a_row") and moment.intent != moment.previous_intent:
        so_far = 0.0
    if argument.get("at_question") and moment.question != moment.previous_question:
        so_far = 0.0
    return ("reached" if so_far + 1 >= argument["limit"] else "below"), {argument["slot"]: so_far + 1}
