"""A script taken apart: each prompt's words and behaviour, each rule, each setting, with the place where it stands.

Its own grammar is part of it: what customers can be heard to say. Comments, the order of keys and the way YAML is
written are no facts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap

from dialogue.differences.grammar import rules_of
from dialogue.worker.project import SHARED, Declared, Placed, Project
from dialogue.worker.source import line_of


class Part(StrEnum):
    """In the order in which they are shown."""

    PROMPTS = "prompts"
    RULES = "rules"
    STORIES = "stories"
    CHECKS = "checks"
    CONTACT = "contact"
    OUTCOMES = "outcomes"
    LIMITS = "limits"
    QUEUES = "queues"
    SETTINGS = "settings"  # what else script.yml says
    FORMS = "forms"
    SLOTS = "slots"
    COMMANDS = "commands"
    INTENTS = "intents"
    GRAMMAR = "grammar"  # what customers can be heard to say besides the usual
    ENTITIES = "entities"
    ACTIONS = "actions"


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """Something that has facts: a prompt, a rule, a field, by its name."""

    part: Part
    name: str


@dataclass(frozen=True, slots=True)
class Known:
    """The facts about a subject, by what they tell, and the file and line where it stands."""

    place: str
    facts: dict[str, str]


Facts = dict[Subject, Known]

_LOOKS_OTHERWISE = re.compile(r"yes|no|none|[-+]?[\d.]+|")
"""Texts that would be taken for another kind of value."""

WORDS = " says"
"""Ends the name of a fact that is a sentence: `en 1 says` is the first variation in English."""

HEARD = f"customer{WORDS}"

_OWN_PARTS = {"contact": Part.CONTACT, "outcomes": Part.OUTCOMES, "limits": Part.LIMITS, "queues": Part.QUEUES}
_USUAL = {"interruptible": "yes", "legal": "no", "expects": "nothing"}


def facts_of(project: Project, *, with_shared: bool) -> Facts:
    found: Facts = {}
    declared: list[tuple[Part, Declared]] = [
        (Part.RULES, project.rules),
        (Part.STORIES, project.stories),
        (Part.CHECKS, project.checks),
        (Part.FORMS, project.forms),
        (Part.SLOTS, project.slots),
        (Part.COMMANDS, project.commands),
        (Part.INTENTS, project.intents),
        (Part.ENTITIES, project.entities),
        (Part.ACTIONS, project.actions),
    ]
    for part, those in declared:
        for name, placed in those.items():
            if with_shared or not _is_shared(placed):
                found[Subject(part, name)] = Known(_place(placed), {"": _text(placed.value)})
    return {**_prompts(project, with_shared), **found, **_grammar(project), **_settings(project)}


def _prompts(project: Project, with_shared: bool) -> Facts:
    found: Facts = {}
    for language in project.languages:
        for name, placed in project.responses.get(language, {}).items():
            if not with_shared and _is_shared(placed):
                continue
            known = found.setdefault(Subject(Part.PROMPTS, name), Known(_place(placed), {}))
            for number, variation in enumerate(placed.value or [], 1):
                known.facts[f"{language} {number}{WORDS}"] = " ".join(str(variation.get("text") or "").split())
                if number == 1 and language == project.languages[0]:
                    metadata = {key: _word(value) for key, value in (variation.get("metadata") or {}).items()}
                    known.facts.update(_USUAL | metadata)
    return found


def _grammar(project: Project) -> Facts:
    """Alternatives of one rule may stand in several places of a file."""
    found: Facts = {}
    for path in project.grammars:
        language = path.name.split(".")[1]
        for rule in rules_of(path):
            known = found.setdefault(Subject(Part.GRAMMAR, f"{language} {rule.name}"), Known(_at(path, rule.line), {}))
            before = known.facts.get(HEARD)
            known.facts[HEARD] = f"{before} | {rule.words}" if before else rule.words
    return found


def _settings(project: Project) -> Facts:
    """script.yml; its checks are declared with the others."""
    found: Facts = {}
    data = project.script.data
    for key, value in data.items():
        if key == "checks":
            continue
        inside = value if key in _OWN_PARTS and isinstance(value, CommentedMap) else {key: value}
        at = value if inside is value else data
        for name, one in inside.items():
            subject = Subject(_OWN_PARTS.get(key, Part.SETTINGS), str(name))
            found[subject] = Known(_at(project.script.path, line_of(at, name)), dict(_flat(one)))
    return found


def _flat(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield str(key), _word(one)
    else:
        yield "", _word(value)


def _word(value: Any, *, inside: bool = False) -> str:
    """A value in one line, as people read it; quotes and brackets only where two values would look the same."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "none"
    if isinstance(value, dict):
        words = ", ".join(f"{key}: {_word(one, inside=True)}" for key, one in value.items())
        return f"{{{words}}}" if inside and len(value) > 1 else words
    if isinstance(value, list):
        words = ", ".join(_word(one, inside=True) for one in value)
        return f"[{words}]" if inside and len(value) > 1 else words
    if isinstance(value, str) and (_LOOKS_OTHERWISE.fullmatch(value) or (inside and set(value) & set(",:[]{}"))):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _text(value: Any) -> str:
    """A rule, a slot, a check in lines, one for each step; the title of a rule is its name already."""
    if isinstance(value, list):
        return "\n".join(map(_text, value))
    if not isinstance(value, dict):
        return _word(value)
    lines: list[str] = []
    for key, one in value.items():
        if key not in {"rule", "story"}:
            each = one if isinstance(one, list) and all(isinstance(item, dict) for item in one) else [one]
            lines += [_word(item) if key == "steps" else f"{key}: {_word(item)}" for item in each]
    return "\n".join(lines)


def _is_shared(placed: Placed) -> bool:
    return placed.source.path.parent.name == SHARED


def _place(placed: Placed) -> str:
    return _at(placed.source.path, line_of(placed.at, placed.key))


def _at(path: Path, line: int | None) -> str:
    return f"{path.parent.name}/{path.name}:{line or 1}"
