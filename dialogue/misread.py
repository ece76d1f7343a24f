"""What pydantic finds in a file, as problems with their lines; a misspelt key is one mistake and not two."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from dialogue.worker.rule import Rule
from dialogue.worker.source import Problem, Source

_REMEDIES = {
    "missing": "is missing",
    "string_type": "must be text: put it in quotes",
    "dict_type": "must be a mapping of keys to values",
}
"""What to do, where pydantic's own message does not say it."""


def problems_in(
    source: Source,
    error: ValidationError,
    models: Iterable[type[BaseModel]],
    rule_of: Callable[[str], Rule] = lambda _: Rule.STRUCTURE,
) -> Iterator[Problem]:
    """`models` have the keys that may have been meant; `rule_of` gives the rule for a type of error of pydantic's."""
    details = error.errors(include_url=False, include_input=False)
    keys = sorted({name for model in models for name in model.model_fields})
    meant = {_place(one): _meant(one, keys) for one in details if one["type"] == "extra_forbidden"}
    explained = {(*place[:-1], key) for place, key in meant.items() if key is not None}
    for detail in details:
        place = _place(detail)
        if detail["type"] == "missing" and place in explained:
            continue
        message = _REMEDIES.get(detail["type"], detail["msg"].removeprefix("Value error, "))
        if place in meant:
            key = meant[place]
            message = (
                f"there is no such key{f'; is `{key}` meant?' if key else '; docs/scripts_reference.md lists them'}"
            )
        about = place or tuple(re.findall(r"^`(\w+)`", message))  # about the whole file: begins with the key
        at, key_at = _innermost(source, about)
        yield source.problem(
            f"{'.'.join(map(str, place))}: {message}".lstrip(": "), at, key_at, rule_of(detail["type"])
        )


def _place(detail: ErrorDetails) -> tuple[str | int, ...]:
    return tuple(part for part in detail["loc"] if isinstance(part, (str, int)))


def _meant(detail: ErrorDetails, keys: list[str]) -> str | None:
    return next(iter(difflib.get_close_matches(str(detail["loc"][-1]), keys, n=1, cutoff=0.65)), None)


def _innermost(source: Source, place: tuple[str | int, ...]) -> tuple[Any, Any]:
    """The innermost key of `place` that the file has, and the mapping or list in which it stands."""
    at, key, inside = source.data, None, source.data
    for part in place:
        try:
            below = inside[part]
        except (KeyError, IndexError, TypeError):
            break
        at, key, inside = inside, part, below
    return at, key
