"""YAML read so that every mistake can be named by file and line."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, NodeEvent, ScalarEvent

from dialogue.worker.rule import Rule
from dialogue.worker.slips import explain

MOST_BYTES = 1_000_000
MOST_VALUES = 100_000  # aliases counted each time they are used


@dataclass(frozen=True)
class Problem:
    """A designer's mistake; `line` and `column` count from 1, None where the whole file, or line, is meant."""

    file: str
    line: int | None
    message: str
    rule: Rule = Rule.STRUCTURE
    column: int | None = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class ScriptError(Exception):
    """A script cannot be built; it carries every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Source:
    """One YAML file. `data` is a ruamel mapping, which knows the lines of its keys; empty for an empty file."""

    path: Path
    data: CommentedMap

    def problem(self, message: str, at: Any = None, key: Any = None, rule: Rule = Rule.STRUCTURE) -> Problem:
        """A problem at `key` of the mapping or list `at` (or where `at` begins)."""
        line, column = _place_of(at, key)
        return Problem(str(self.path), line, message, rule, column)


def line_of(at: Any, key: Any = None) -> int | None:
    return _place_of(at, key)[0]


def _place_of(at: Any, key: Any) -> tuple[int | None, int | None]:
    """Line and column."""
    if not isinstance(at, (CommentedMap, CommentedSeq)):
        return None, None
    position = (at.lc.line, at.lc.col)
    if key is not None:
        with contextlib.suppress(KeyError, TypeError, AttributeError):
            position = at.lc.key(key) if isinstance(at, CommentedMap) else at.lc.item(key)
    return int(position[0]) + 1, int(position[1]) + 1


def read(path: Path) -> Source:
    """Read one file; what is not YAML, or not a mapping, is a ScriptError with its line."""
    try:
        text = _text(path)
        if "*" in text and "&" in text:
            _require_finite(path, text)
        data = _parsed(text)
    except MarkedYAMLError as error:
        told = explain(text, error)
        raise _not_yaml(path, told.line, f"not valid YAML: {told.message}", told.column) from None
    except (YAMLError, RecursionError, ValueError) as error:  # ValueError: a date that there is not
        raise _not_yaml(path, None, f"not valid YAML: {str(error).splitlines()[0]}") from None
    if data is None:
        data = CommentedMap()
    if not isinstance(data, CommentedMap):
        raise ScriptError([Problem(str(path), 1, "must be a mapping of keys to values")])
    return Source(path, data)


@lru_cache(maxsize=64)
def _parsed(text: str) -> Any:
    """A file is read by many: nobody changes what they get."""
    return YAML(typ="rt").load(text)


def _not_yaml(path: Path, line: int | None, message: str, column: int | None = None) -> ScriptError:
    return ScriptError([Problem(str(path), line, message, Rule.YAML, column)])


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MOST_BYTES else b""
    except OSError as error:
        raise _not_yaml(path, None, f"cannot be read: {error.strerror}") from None
    if size > MOST_BYTES:
        most = f"{MOST_BYTES:,} bytes"
        raise _not_yaml(path, 1, f"is {size:,} bytes; a file of a script has at most {most}: is it the right one?")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _not_yaml(path, line, "not valid YAML: a character that is not UTF-8; save the file as UTF-8") from None


def _require_finite(path: Path, text: str) -> None:
    """Aliases can let a value hold itself, or a few lines stand for millions of values."""
    sizes: dict[str, int] = {}
    around: list[tuple[str, int]] = []  # the collections that the parser is in: anchor, values so far
    for event in YAML().parse(text):
        anchor, size, line = event.anchor if isinstance(event, NodeEvent) else "", 1, event.start_mark.line + 1
        if isinstance(event, CollectionStartEvent):
            around.append((anchor, 1))
            continue
        if isinstance(event, AliasEvent):
            if anchor in (name for name, _ in around):
                raise _not_yaml(path, line, f"not valid YAML: `*{anchor}` includes itself")
            size = sizes.get(anchor, 1)
        elif isinstance(event, CollectionEndEvent):
            anchor, size = around.pop()
            sizes[anchor] = size
        elif not isinstance(event, ScalarEvent):
            continue
        if around:
            around[-1] = (around[-1][0], around[-1][1] + size)
            if around[-1][1] > MOST_VALUES:
                raise _not_yaml(path, line, f"not valid YAML: more than {MOST_VALUES:,} values, by aliases (`*`)")


def plain(value: Any) -> Any:
    """The value without ruamel's types, so that it can be dumped and compared."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    for kind in (str, int, float):
        if isinstance(value, kind):
            return kind(value)
    return str(value)  # dates, which YAML reads as such
