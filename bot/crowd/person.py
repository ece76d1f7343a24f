"""A kind of customer as data: what they are inclined to do, by weights. Pure, but for reading files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from dialogue.worker.source import Problem, ScriptError, line_of, plain, read
from nlu.inventory import Intent

PEOPLE = Path(__file__).with_name("people")

ANSWER = "answer"
"""Among the weights of a turn: an answer to the question, whichever that is."""
OTHERS = "others"
"""Among the weights of answers: whatever else the question names as its `choices`."""


class PersonError(ScriptError):
    """Files of customers cannot be used; it carries every problem found."""


def _are_intents(weights: Mapping[str, float]) -> Mapping[str, float]:
    unknown = sorted(set(weights) - {intent.value for intent in Intent} - {ANSWER, OTHERS})
    if unknown:
        raise ValueError(f"{', '.join(unknown)} is no intent; nlu/inventory.py lists them")
    if not any(weight > 0 for weight in weights.values()):
        raise ValueError("needs a weight above 0")
    return weights


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Weight = Annotated[float, Field(ge=0)]
Weights = Annotated[dict[str, Weight], AfterValidator(_are_intents)]
Chance = Annotated[float, Field(ge=0, le=1)]


class Digits(_Part):
    """What they do, by weight, when asked for the digits that prove who they are."""

    right: Weight = 0
    wrong: Weight = 0
    refused: Weight = 0


class Habits(_Part):
    """Chances, at each turn. `keys`: presses keys where they can be the answer."""

    interrupts: Chance = 0
    silent: Chance = 0
    keys: Chance = 0
    hangs_up: Chance = 0


class Person(_Part):
    """`turns`: what they do at their turn, `answers`: which of a question's answers they give; both by weight.

    `says_it_is_me`: how likely, where they are asked whether they are the customer. `interjects`: what they say into
    the bot's words. `words`: their own, by language and intent, in place of what
    the labelled utterances have.
    """

    name: str
    about: str
    turns: Weights
    answers: Weights
    says_it_is_me: Chance = 0.97
    interjects: Weights = {Intent.BACKCHANNEL.value: 1}
    digits: Digits
    habits: Habits = Habits()
    words: dict[str, dict[str, Annotated[tuple[str, ...], Field(min_length=1)]]] = {}


def load_people(names: Sequence[str] = (), folder: Path = PEOPLE) -> tuple[Person, ...]:
    """Those named, or all of the folder, in the order of their names. Raises `PersonError`."""
    there = {path.stem: path for path in sorted(folder.glob("*.yml"))}
    unknown = [name for name in names if name not in there]
    if unknown:
        raise PersonError([Problem("--customers", None, f"no {', '.join(unknown)}; there are {', '.join(there)}")])
    return tuple(_load(there[name]) for name in sorted(names or there))


def _load(path: Path) -> Person:
    try:
        source = read(path)
        return Person.model_validate(plain(source.data))
    except ValidationError as error:
        raise PersonError(_problems(path, source.data, error)) from None


def _problems(path: Path, data: Any, error: ValidationError) -> list[Problem]:
    problems = []
    for one in error.errors(include_url=False, include_input=False):
        key = one["loc"][0] if one["loc"] else None
        where = ".".join(map(str, one["loc"]))
        message = one["msg"].removeprefix("Value error, ")
        problems.append(Problem(str(path), line_of(data, key), f"{where}: {message}".lstrip(": ")))
    return problems
