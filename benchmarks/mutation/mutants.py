"""One line deleted or swapped with the next, and whether that changes what a call does. Pure, but for reading files."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError


class Slip(StrEnum):
    DELETED = "deleted"
    SWAPPED = "swapped with the next"


@dataclass(frozen=True, slots=True)
class Mutant:
    """`line` counts from 1; `path` is the file without the slip."""

    script: str
    path: Path
    line: int
    slip: Slip

    @property
    def place(self) -> str:
        return f"{self.script}/{self.path.name}:{self.line}"

    @property
    def was(self) -> str:
        return _lines(self.path)[self.line - 1].strip()

    def text(self) -> str:
        """The whole file with the slip in it."""
        lines = list(_lines(self.path))
        line = lines.pop(self.line - 1)
        if self.slip is Slip.SWAPPED:
            lines.insert(self.line, line)
        return "".join(lines)

    def changes(self) -> bool:
        """Does the file then say something else?"""
        return bool(meaning(self.path.name, self.text()) != _meant(self.path))


def mutants_of(scripts: Path, script: str) -> Iterator[Mutant]:
    """Every slip in the YAML files of the script itself, whether it changes anything or not."""
    for path in sorted((scripts / script).glob("*.yml")):
        lines = _lines(path)
        for index in range(len(lines)):
            yield Mutant(script, path, index + 1, Slip.DELETED)
            if index + 1 < len(lines):
                yield Mutant(script, path, index + 1, Slip.SWAPPED)


def sampled(mutants: Sequence[Mutant], number: int | None, seed: int) -> tuple[list[Mutant], int]:
    """That many that change something, the same for the same seed, in the order of the files; all without a number.
    Beside them, how many were drawn for it."""
    drawn = random.Random(seed).sample(range(len(mutants)), len(mutants))
    chosen: list[int] = []
    looked_at = 0
    for index in drawn:
        if number is not None and len(chosen) == number:
            break
        looked_at += 1
        if mutants[index].changes():
            chosen.append(index)
    return [mutants[index] for index in sorted(chosen)], looked_at


@cache
def _lines(path: Path) -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8").splitlines(keepends=True))


@cache
def _meant(path: Path) -> Any:
    return meaning(path.name, "".join(_lines(path)))


def meaning(name: str, text: str) -> Any:
    """What a file says, so that two texts that say the same compare equal: comments, the way of writing, and the order
    of what has none are left out, and so are the words of script.yml that only people read. What is no YAML says
    itself.
    """
    try:
        data = _spaced(YAML(typ="safe").load(text))
    except (YAMLError, ValueError):
        return text
    if not isinstance(data, dict):
        return data
    if name == "script.yml":
        return _settings(data)
    data.pop("version", None)  # of Rasa's format: the builder writes its own
    for key in ("rules", "stories"):
        if isinstance(data.get(key), list):
            data[key] = _titled(data[key], key)
    for key in ("intents", "entities", "actions"):
        if isinstance(data.get(key), list):
            data[key] = _unordered(data[key])
    return data


def _spaced(value: Any) -> Any:
    """How many spaces and lines are between words makes no difference to a voice."""
    if isinstance(value, dict):
        return {key: _spaced(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_spaced(one) for one in value]
    return " ".join(value.split()) if isinstance(value, str) else value


def _settings(data: dict[str, Any]) -> dict[str, Any]:
    """Titles, descriptions and examples are for people; the names that they belong to are not."""
    said = {key: value for key, value in data.items() if key != "title"}
    for key in ("outcomes", "queues"):
        if isinstance(said.get(key), dict):
            said[key] = sorted(map(str, said[key]))
    if isinstance(said.get("contact"), dict):
        said["contact"] = {
            name: {key: value for key, value in field.items() if key != "example"} if isinstance(field, dict) else field
            for name, field in said["contact"].items()
        }
    return said


def _titled(rules: list[Any], key: str) -> Any:
    """Rules have titles and no order; their steps have one, their conditions and what stands in an `or` do not."""
    title = "rule" if key == "rules" else "story"
    if not all(isinstance(rule, dict) and isinstance(rule.get(title), str) for rule in rules):
        return rules
    if len({rule[title] for rule in rules}) < len(rules):
        return rules
    return {rule[title]: {part: _part(part, value) for part, value in rule.items()} for rule in rules}


def _part(part: str, value: Any) -> Any:
    if not isinstance(value, list):
        return value
    if part in {"condition", "or"}:
        return _unordered(value)
    return [
        {name: _part(name, one) for name, one in step.items()} if isinstance(step, dict) else step for step in value
    ]


def _unordered(values: list[Any]) -> list[str]:
    return sorted(map(repr, values))
