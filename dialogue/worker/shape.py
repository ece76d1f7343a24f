"""Is a list where a list is due, and a word where a word is? Everything else may then rely on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Union

from dialogue.worker.source import Problem, Source

# A shape is WORD or VALUE, [shape] for a list, {key: shape} for a mapping ("*" for all other keys), or a tuple
# of those, one of which must fit. What is null or not named here is nobody's business here.
Shape = Union[str, list["Shape"], dict[str, "Shape"], tuple["Shape", ...]]  # noqa: UP007 - runs on Python 3.10
WORD, VALUE = "a word", "a single value"

_STEP: dict[str, Shape] = {
    "intent": WORD,
    "action": WORD,
    "active_loop": WORD,
    "entities": [(WORD, {"*": VALUE})],
    "slot_was_set": [(WORD, {"*": VALUE})],
}
_STEPS: Shape = [{**_STEP, "or": [_STEP]}]
_NAMES: Shape = (WORD, [WORD])
_MAPPING: Shape = {
    "type": WORD,
    "entity": WORD,
    "intent": _NAMES,
    "not_intent": _NAMES,
    "value": VALUE,
    "conditions": [{"active_loop": WORD, "requested_slot": WORD}],
}
_CHECK: Shape = {
    "compare": {"*": WORD},
    "date_within": {"slot": WORD, "*": VALUE},
    "number_within": {"slot": WORD, "*": VALUE},
    "count": {"slot": WORD, "*": VALUE},
    "reset": [WORD],
    "set": {"*": VALUE},
    "copy": {"*": WORD},
    "sets": WORD,
    "says": WORD,
    "otherwise": WORD,
}
_CHECKS: Shape = {"*": (_CHECK, [_CHECK])}
_RULES: Shape = [{"rule": WORD, "story": WORD, "condition": _STEPS, "steps": _STEPS, "wait_for_user_input": VALUE}]

SHAPES: dict[str, Shape] = {
    "script.yml": {
        "name": WORD,
        "languages": [WORD],
        "contact": {"*": {"type": WORD, "length": VALUE}},
        "queues": ({"*": VALUE}, [WORD]),
        "outcomes": ({"*": VALUE}, [WORD]),
        "checks": _CHECKS,
    },
    "checks.yml": {"checks": _CHECKS},
    "domain.yml": {
        "intents": [(WORD, {"*": {"use_entities": [WORD]}})],
        "entities": [WORD],
        "actions": [WORD],
        "slots": {"*": {"type": WORD, "initial_value": VALUE, "values": [VALUE], "mappings": [_MAPPING]}},
        "forms": {"*": {"required_slots": [WORD]}},
        "responses": {"*": [{"custom": {"*": WORD}}]},
    },
    "rules.yml": {"rules": _RULES},
    "stories.yml": {"stories": _RULES},
    "responses": {"responses": {"*": [{"metadata": {"expects": WORD, "choices": [WORD], "*": VALUE}}]}},
}


def shape_problems(source: Source) -> list[Problem]:
    name = source.path.name
    shape = SHAPES["responses" if name.startswith("responses.") else name]
    return list(_misfits(source, source.data, shape, None, None))


def _misfits(source: Source, value: Any, shape: Shape, at: Any, key: Any) -> Iterator[Problem]:
    if value is None:
        named = at is source.data or source.path.name.startswith("responses.")  # may be none, or is told as a text
        if isinstance(shape, list) and not named:
            yield source.problem(f"`{key}` is empty: fill it, or delete it", at, key)
        return
    choices = shape if isinstance(shape, tuple) else (shape,)
    fitting = next((choice for choice in choices if _fits(value, choice)), None)
    if fitting is None:
        due = " or ".join(_called(choice) for choice in choices)
        yield source.problem(f"`{key}` must be {due}" if isinstance(key, str) else f"must be {due}", at, key)
    elif isinstance(fitting, list):
        for index, item in enumerate(value):
            yield from _misfits(source, item, fitting[0], value, index)
    elif isinstance(fitting, dict):
        for name, item in value.items():
            below = fitting.get(name, fitting.get("*"))
            if below is not None:
                yield from _misfits(source, item, below, value, name)


def _fits(value: Any, shape: Shape) -> bool:
    if shape == WORD:
        return isinstance(value, str)
    if shape == VALUE:
        return not isinstance(value, (dict, list))
    return isinstance(value, dict if isinstance(shape, dict) else list)


def _called(shape: Shape) -> str:
    if isinstance(shape, str):
        return shape
    return "a mapping of keys to values" if isinstance(shape, dict) else "a list"
