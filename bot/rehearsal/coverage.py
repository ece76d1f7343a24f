"""Which parts of a script calls came to: its rules, stories, intents and prompts. Pure.

A rule or story counts when it ran to its end, an intent when the dialogue was told of it, a prompt when it began to
sound. What is written in the shared part counts once for all scripts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.rehearsal.line import Row
from bot.rehearsal.rehearse import START
from dialogue.protocol import Reply
from dialogue.worker.project import SHARED, Placed, Project
from dialogue.worker.source import line_of


class Kind(StrEnum):
    RULE = "rule"
    STORY = "story"
    INTENT = "intent"
    PROMPT = "prompt"


@dataclass
class Reached:
    """What the calls of one script came to, and how often."""

    calls: int = 0
    times: dict[Kind, Counter[str]] = field(default_factory=lambda: {kind: Counter() for kind in Kind})

    def follow(self, intent: str, reply: Reply) -> None:
        """See `bot.rehearsal.rehearse.Follow`."""
        if intent != START:
            self.times[Kind.INTENT][intent] += 1
        self.times[Kind.RULE].update(reply.rules)
        self.times[Kind.STORY].update(reply.stories)

    def ended(self, rows: Sequence[Row]) -> None:
        """A call is over; `rows` are its tape."""
        self.calls += 1
        names = {row["playout_id"]: row["prompt"]["name"] for row in rows if row["kind"] == "speak"}
        sounded = (names[row["playout_id"]] for row in rows if row["kind"] == "playout_started")
        self.times[Kind.PROMPT].update(sounded)

    def add(self, other: Reached) -> None:
        self.calls += other.calls
        for kind in Kind:
            self.times[kind].update(other.times[kind])


@dataclass(frozen=True, slots=True)
class Part:
    """`file` and `line` say where it stands; `times` how often calls came to it."""

    kind: Kind
    name: str
    file: str
    line: int | None
    times: int
    shared: bool

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of one script. Its intents are all that it knows; its other parts those that are its own."""

    script: str
    version: str
    calls: int
    parts: tuple[Part, ...]

    def of(self, kind: Kind) -> list[Part]:
        return [part for part in self.parts if part.kind is kind and (kind is Kind.INTENT or not part.shared)]

    def uncovered(self) -> list[Part]:
        return [part for kind in Kind for part in self.of(kind) if not part.times]

    def as_json(self) -> dict[str, Any]:
        return {
            "script": self.script,
            "version": self.version,
            "calls": self.calls,
            "parts": [
                {
                    "kind": part.kind.value,
                    "name": part.name,
                    "file": part.file,
                    "line": part.line,
                    "shared": part.shared,
                    "times": part.times,
                }
                for part in self.parts
            ],
        }


def coverage_of(project: Project, reached: Reached) -> Coverage:
    parts = tuple(_part(kind, name, placed, reached) for kind, name, placed in _declared(project))
    return Coverage(project.name, project.version, reached.calls, parts)


def shared_parts(coverages: Sequence[Coverage]) -> list[Part]:
    """Rules, stories and prompts of the shared part, with how often the calls of all these scripts came to them."""
    found: dict[tuple[Kind, str], Part] = {}
    times: Counter[tuple[Kind, str]] = Counter()
    for part in (part for coverage in coverages for part in coverage.parts):
        if part.shared and part.kind is not Kind.INTENT:
            found[part.kind, part.name] = part
            times[part.kind, part.name] += part.times
    return [Part(part.kind, part.name, part.file, part.line, times[key], shared=True) for key, part in found.items()]


def _declared(project: Project) -> Iterator[tuple[Kind, str, Placed]]:
    tables: Mapping[Kind, Mapping[str, Placed]] = {
        Kind.RULE: project.rules,
        Kind.STORY: project.stories,
        Kind.INTENT: project.intents,
        Kind.PROMPT: project.primary,
    }
    for kind, table in tables.items():
        for name, placed in table.items():
            yield kind, name, placed


def _part(kind: Kind, name: str, placed: Placed, reached: Reached) -> Part:
    path = placed.source.path
    return Part(
        kind,
        name,
        f"{path.parent.name}/{path.name}",
        line_of(placed.at, placed.key),
        reached.times[kind][name],
        shared=path.parent.name == SHARED,
    )
