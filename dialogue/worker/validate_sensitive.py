"""Is anything secret spoken? What a customer says to prove who he is, and what it is compared with, stays unsaid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ruamel.yaml.comments import CommentedMap

from dialogue.worker.project import PLACEHOLDER, Placed, Project
from dialogue.worker.rule import Rule
from dialogue.worker.source import Problem


def sensitive_slots(project: Project) -> frozenset[str]:
    """Contact fields marked `sensitive`, slots that a question marked so fills, and slots that take copies of them."""
    found = {name for name, field in project.contact.items() if isinstance(field, dict) and field.get("sensitive")}
    for form, placed in project.forms.items():
        for slot in _required(placed):
            asked = (f"utter_ask_{form}_{slot}", f"utter_ask_{slot}")
            found |= {slot} if any(_is_sensitive(project.primary.get(name)) for name in asked) else set()
    copies = list(_copies(project))
    while new := {to for to, source in copies if source in found} - found:
        found |= new
    return frozenset(found)


def sensitive_problems(project: Project) -> Iterator[Problem]:
    secret = sensitive_slots(project)
    for prompts in project.responses.values():
        for name, prompt in prompts.items():
            for variation in prompt.value if isinstance(prompt.value, list) else []:
                text = variation.get("text") if isinstance(variation, CommentedMap) else None
                for slot in PLACEHOLDER.findall(text) if isinstance(text, str) else []:
                    if slot in secret:
                        message = f"`{name}` says `{slot}`, which is sensitive: others may hear it; leave it out"
                        yield prompt.source.problem(message, variation, "text", Rule.SECRET_SPOKEN)


def _required(form: Placed) -> list[str]:
    slots = form.value.get("required_slots") if isinstance(form.value, CommentedMap) else None
    return [str(slot) for slot in slots or []]


def _is_sensitive(prompt: Placed | None) -> bool:
    variations = prompt.value if prompt is not None and isinstance(prompt.value, list) else []
    marks = [one.get("metadata") for one in variations if isinstance(one, CommentedMap)]
    return any(isinstance(mark, dict) and mark.get("sensitive") for mark in marks)


def _copies(project: Project) -> Iterator[tuple[str, str]]:
    for placed in project.checks.values():
        for step in placed.value if isinstance(placed.value, list) else [placed.value]:
            copied: Any = step.get("copy") if isinstance(step, CommentedMap) else None
            yield from copied.items() if isinstance(copied, CommentedMap) else ()
