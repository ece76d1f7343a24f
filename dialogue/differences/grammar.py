"""The rules of a script's own grammar (JSGF), as far as a comparison needs them: names, words and lines.

Whether a recogniser can use them is not judged here; comments and layout are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dialogue.worker.source import Problem, ScriptError

_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_STATEMENT = re.compile(r"[^;\s][^;]*;?")
_HEADER = re.compile(r"(?:#JSGF|grammar)\s[^;]*;")
_RULE = re.compile(r"(?:public\s+)?<([\w.-]+)>\s*=\s*([^;]+);")
_MARK = re.compile(r"\s*([|()\[\]*+])\s*")
_LOOSE = re.compile(r"(?<=[(\[]) | (?=[)\]*+])")


@dataclass(frozen=True, slots=True)
class GrammarRule:
    name: str
    words: str
    line: int


def rules_of(path: Path) -> Iterator[GrammarRule]:
    """In the order of the file. Raises `ScriptError` for what is not the form of a rule."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ScriptError([Problem(str(path), None, "a character that is not UTF-8; save the file as UTF-8")]) from None
    text = _COMMENT.sub(lambda found: "\n" * found.group().count("\n") or " ", text)  # lines keep their numbers
    for statement in _STATEMENT.finditer(text):
        line = text.count("\n", 0, statement.start()) + 1
        if rule := _RULE.fullmatch(statement.group()):
            yield GrammarRule(rule[1], _in_one_layout(rule[2]), line)
        elif not _HEADER.fullmatch(statement.group()):
            raise ScriptError([Problem(str(path), line, "expected a rule, `<name> = words;`")])


def _in_one_layout(words: str) -> str:
    return _LOOSE.sub("", " ".join(_MARK.sub(r" \1 ", words).split()))
