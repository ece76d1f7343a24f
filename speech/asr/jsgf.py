"""Reading JSGF, the grammar format of speech recognisers: text to a small tree, and back.

The part of JSGF that a spoken-language grammar needs: rules, sequences, alternatives with weights,
groups, [optional], repetition with * and +, references. Tags, imports and recursion are refused: the
engines here cannot use them. Every error names the file and the line.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from speech.asr.port import BadGrammar

HEADER = "#JSGF V1.0;"

NULL = "NULL"
"""The rule that matches nothing said, built into the format."""

_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n]+|//[^\n]*|/\*.*?\*/)"
    r"|(?P<header>\#JSGF[^;\n]*;)"
    r"|(?P<weight>/\s*[0-9.]+(?:[eE]-?[0-9]+)?\s*/)"
    r"|(?P<rule><[A-Za-z_][\w.-]*>)"
    r"|(?P<mark>[=|;()\[\]*+])"
    r"|(?P<word>[^\W_][\w'.-]*)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Word:
    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """Another rule, by name. `where` is "file:line", for the error if there is no such rule."""

    rule: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Sequence:
    parts: tuple[Expansion, ...]


@dataclass(frozen=True, slots=True)
class Alternatives:
    """One of several, each with its weight (1 where none is written)."""

    branches: tuple[tuple[float, Expansion], ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """`minimum` 0 with `many` False is [optional]; 0 with True is *; 1 with True is +."""

    part: Expansion
    minimum: int
    many: bool


Expansion = Word | Reference | Sequence | Alternatives | Repeat


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    expansion: Expansion
    public: bool = False
    where: str = ""


def parse(text: str, name: str) -> tuple[Rule, ...]:
    """The rules of a JSGF text, in order; raises `BadGrammar` with `name`:line."""
    return tuple(_Parser(text, name).rules())


def render(rules: Iterable[Rule], grammar: str) -> str:
    """JSGF text of the rules, under the grammar name given."""
    lines = [HEADER, f"grammar {grammar};"]
    lines += [f"{'public ' if rule.public else ''}<{rule.name}> = {_written(rule.expansion)};" for rule in rules]
    return "\n".join(lines) + "\n"


def references(expansion: Expansion) -> Iterator[Reference]:
    """Every reference to a rule in an expansion, in order."""
    for part in _walk(expansion):
        if isinstance(part, Reference) and part.rule != NULL:
            yield part


def words(expansion: Expansion) -> Iterator[str]:
    """Every word in an expansion, in order, repeats included."""
    for part in _walk(expansion):
        if isinstance(part, Word):
            yield part.text


def check(rules: Iterable[Rule]) -> None:
    """Raise `BadGrammar` for a reference to no rule, or a rule that contains itself."""
    known = {rule.name: rule for rule in rules}
    for rule in known.values():
        for reference in references(rule.expansion):
            if reference.rule not in known:
                near = difflib.get_close_matches(reference.rule, known, n=1)
                hint = f"is <{near[0]}> meant?" if near else f"the rules are {', '.join(sorted(known))}"
                raise BadGrammar(f"{reference.where}: <{reference.rule}> is not a rule; {hint}")
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            raise BadGrammar(f"{known[name].where}: <{name}> contains itself; write repetition with * or +")
        if name not in done:
            for reference in references(known[name].expansion):
                visit(reference.rule, (*path, name))
            done.add(name)

    for name in known:
        visit(name, ())


def _walk(expansion: Expansion) -> Iterator[Expansion]:
    yield expansion
    match expansion:
        case Sequence(parts):
            for part in parts:
                yield from _walk(part)
        case Alternatives(branches):
            for _, branch in branches:
                yield from _walk(branch)
        case Repeat(part=part):
            yield from _walk(part)


def _written(expansion: Expansion) -> str:
    match expansion:
        case Word(text):
            return text
        case Reference(rule=rule):
            return f"<{rule}>"
        case Sequence(parts):
            return " ".join(_grouped(part) for part in parts)
        case Alternatives(branches):
            return " | ".join(
                (f"/{weight:g}/ " if weight != 1 else "") + _grouped(branch) for weight, branch in branches
            )
        case Repeat(part, minimum, many):
            if not many:
                return f"[{_written(part)}]"
            return f"({_written(part)}){'+' if minimum else '*'}"
    raise AssertionError(expansion)


def _grouped(expansion: Expansion) -> str:
    text = _written(expansion)
    return f"({text})" if isinstance(expansion, Alternatives) else text


class _Parser:
    """Recursive descent over the tokens of one file."""

    def __init__(self, text: str, name: str) -> None:
        self._name = name
        self._tokens = list(self._scan(text))
        self._next = 0

    def rules(self) -> Iterator[Rule]:
        if self._peek()[0] != "header":
            raise self._error(f"a grammar begins with the line {HEADER}")
        self._take()
        if self._peek()[1] == "grammar":
            self._take()
            if self._take()[0] != "word":
                raise self._error("expected the grammar's name", back=1)
            self._expect(";")
        while self._peek()[0] != "end":
            yield self._rule()

    def _rule(self) -> Rule:
        public = self._peek()[1] == "public"
        if public:
            self._take()
        kind, text, line = self._take()
        if kind != "rule":
            raise self._error(f"expected a rule such as <affirm> = yes | right;, not {text!r}", back=1)
        self._expect("=")
        expansion = self._alternatives()
        self._expect(";")
        return Rule(text[1:-1], expansion, public, f"{self._name}:{line}")

    def _alternatives(self) -> Expansion:
        branches = [self._branch()]
        while self._peek()[1] == "|":
            self._take()
            branches.append(self._branch())
        if len(branches) == 1 and branches[0][0] == 1:
            return branches[0][1]
        return Alternatives(tuple(branches))

    def _branch(self) -> tuple[float, Expansion]:
        weight = 1.0
        if self._peek()[0] == "weight":
            text = self._take()[1]
            try:
                weight = float(text.strip("/ \t"))
            except ValueError:
                raise self._error(f"{text} is not a weight such as /0.5/", back=1) from None
            if weight <= 0:
                raise self._error("a weight is greater than 0", back=1)
        parts = []
        while (part := self._part()) is not None:
            parts.append(part)
        if not parts:
            raise self._error(f"expected words, not {self._peek()[1]!r}")
        return weight, parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _part(self) -> Expansion | None:
        kind, text, line = self._peek()
        part: Expansion
        if kind == "word":
            self._take()
            part = Word(text.lower())
        elif kind == "rule":
            self._take()
            part = Reference(text[1:-1], f"{self._name}:{line}")
        elif text in ("(", "["):
            self._take()
            inner = self._alternatives()
            self._expect(")" if text == "(" else "]")
            part = inner if text == "(" else Repeat(inner, 0, many=False)
        else:
            return None
        while self._peek()[1] in ("*", "+"):
            part = Repeat(part, int(self._take()[1] == "+"), many=True)
        return part

    def _expect(self, mark: str) -> None:
        text = self._take()[1]
        if text != mark:
            raise self._error(f"expected {mark!r}, not {text!r}", back=1)

    def _peek(self) -> tuple[str, str, int]:
        return self._tokens[self._next]

    def _take(self) -> tuple[str, str, int]:
        token = self._tokens[self._next]
        self._next = min(self._next + 1, len(self._tokens) - 1)
        return token

    def _error(self, message: str, back: int = 0) -> BadGrammar:
        line = self._tokens[max(self._next - back, 0)][2]
        return BadGrammar(f"{self._name}:{line}: {message}")

    def _scan(self, text: str) -> Iterator[tuple[str, str, int]]:
        at, line = 0, 1
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                hint = " (tags are not supported)" if text[at] == "{" else ""
                raise BadGrammar(f"{self._name}:{line}: unexpected {text[at]!r}{hint}")
            kind = found.lastgroup or ""
            if kind != "space":
                yield kind, found.group(), line
            line += found.group().count("\n")
            at = found.end()
        yield "end", "the end of the file", line
