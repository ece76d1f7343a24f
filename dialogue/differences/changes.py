"""The facts of two scripts compared."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dialogue.differences.facts import Facts, Known, Part, Subject


class Sort(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One fact; None where there is none."""

    what: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A subject that is not the same. `place`: where it stands, or stood; `legal`: it is a legal prompt, or was."""

    subject: Subject
    sort: Sort
    place: str
    legal: bool
    changes: tuple[Change, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "part": self.subject.part,
            "name": self.subject.name,
            "sort": self.sort,
            "place": self.place,
            "legal": self.legal,
            "changes": [{"what": one.what, "before": one.before, "after": one.after} for one in self.changes],
        }


def compare(before: Facts, after: Facts) -> list[Difference]:
    """By part; within a part as the second script has it, then what only the first one had."""
    parts = list(Part)
    subjects = sorted(dict.fromkeys([*after, *before]), key=lambda subject: parts.index(subject.part))
    found = (_difference(subject, before.get(subject), after.get(subject)) for subject in subjects)
    return [one for one in found if one.changes or one.sort is not Sort.CHANGED]


def _difference(subject: Subject, before: Known | None, after: Known | None) -> Difference:
    old, new = (known.facts if known is not None else {} for known in (before, after))
    changes = tuple(
        Change(what, old.get(what), new.get(what))
        for what in dict.fromkeys([*new, *old])
        if old.get(what) != new.get(what)
    )
    sort = Sort.ADDED if before is None else Sort.REMOVED if after is None else Sort.CHANGED
    standing = after or before
    legal = "yes" in {old.get("legal"), new.get("legal")}
    return Difference(subject, sort, standing.place if standing is not None else "", legal, changes)
