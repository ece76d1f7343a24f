"""What a parser of YAML complains about, told by the place and the reason that people look for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ruamel.yaml.error import MarkedYAMLError

_COLON_IN_TEXT = re.compile(r"""\s*(- )?[\w|]+: +[^"'>|{\[\s].*:( |$)""")
_BRACE_BEFORE_TEXT = re.compile(r"\s*(- )?\w+: +\{[^{}]*\} *[^\s#]")
_WITHOUT_COLON = re.compile(r"\s*(?:- )?(\w+)(?: [^:]*)?")
_TWICE = re.compile(r'found duplicate key "(.*?)"', re.DOTALL)


@dataclass(frozen=True)
class Explained:
    """`line` and `column` count from 1; None where the parser does not know."""

    message: str
    line: int | None
    column: int | None


def explain(text: str, error: MarkedYAMLError) -> Explained:
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return Explained(str(error.problem or error.context), None, None)
    lines, line, column = text.splitlines(), mark.line, mark.column
    problem = str(error.problem or error.context)
    found = lines[line] if line < len(lines) else ""
    if twice := _TWICE.match(problem):
        return Explained(f"the key `{twice[1]}` is there twice", line + 1, column + 1)
    if r"'\t'" in problem or found.lstrip(" ").startswith("\t"):
        where = "the line begins with a tab" if found.lstrip(" ").startswith("\t") else "there is a tab in the line"
        return Explained(f"{where}: indent with spaces", line + 1, column + 1)
    if "another document" in problem:
        return Explained("`---` begins a second document, and a file of a script holds one", line + 1, column + 1)
    if _COLON_IN_TEXT.match(found):
        return Explained(f"{problem}; a text with a colon in it stands in quotes", line + 1, column + 1)
    if _BRACE_BEFORE_TEXT.match(found):
        return Explained(f"{problem}; a text that begins with a slot stands in quotes", line + 1, column + 1)
    if "':'" in problem or "mapping values" in problem:
        begun = error.context_mark.line if error.context_mark is not None else line
        if (without := _without_colon(lines, begun, line)) is not None:
            key = _WITHOUT_COLON.fullmatch(lines[without])
            assert key is not None
            return Explained(f"a colon is missing, behind `{key[1]}`?", without + 1, 1)
    return Explained(problem, line + 1, column + 1)


def _without_colon(lines: Sequence[str], begun: int, noticed: int) -> int | None:
    """The parser notices a missing colon where the next one comes."""
    around = range(max(0, min(begun, noticed - 1)), min(noticed + 1, len(lines)))
    return next(
        (number for number in around if lines[number].strip() and _WITHOUT_COLON.fullmatch(lines[number])), None
    )
