"""What a prompt's words and metadata mean for the ear: length, questions, legal sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dialogue.lint.flow import Flow, question, required_slots
from dialogue.prompts import PromptCatalogue, Template
from dialogue.script import PROMPT_FOR, Script
from dialogue.spoken import Format
from dialogue.wording import PLACEHOLDER
from dialogue.worker.project import Project
from dialogue.worker.rule import Rule
from dialogue.worker.source import Problem

DISCLOSURE = "utter_disclosure"
MOST_WORDS = 25
MOST_CHARACTERS = 55  # of Chinese, about 12 s
_SENTENCE = re.compile(r"(?<=[.?!。？！])\s*")
_CHARACTER = re.compile(r"[\u4e00-\u9fff]")
_SLOT_WORDS = {Format.DATE: 5, Format.MONEY: 8, Format.DIGITS: 4, Format.PHONE: 8, Format.TIME: 3}  # the usual: 2


def word_problems(flow: Flow, script: Script, catalogue: PromptCatalogue) -> Iterator[Problem]:
    yield from _questions(flow)
    yield from _legal(flow.project, script)
    for template in catalogue.prompts():
        yield from _length(flow.project, template)


def _questions(flow: Flow) -> Iterator[Problem]:
    project = flow.project
    for form in flow.forms:
        for slot in required_slots(project, form):
            name = question(project, form, slot)
            if name is not None and not (project.primary[name].value[0].get("metadata") or {}).get("expects"):
                message = f"the question `{name}` does not say what answer it `expects`"
                yield project.primary[name].problem(message, Rule.NO_EXPECTS)


def _legal(project: Project, script: Script) -> Iterator[Problem]:
    needed = {DISCLOSURE, *(PROMPT_FOR[one] for one in script.answered_by.values() if one in PROMPT_FOR)}
    for name, prompt in project.primary.items():
        metadata = prompt.value[0].get("metadata") or {}
        if name in needed and not metadata.get("legal"):
            yield prompt.problem(f"`{name}` is not marked as legal", Rule.NOT_LEGAL)
        elif metadata.get("legal") and metadata.get("interruptible"):
            yield prompt.problem(f"`{name}` is legal and marked interruptible", Rule.LEGAL_INTERRUPTIBLE)


def _length(project: Project, template: Template) -> Iterator[Problem]:
    placed = project.responses[template.language][template.name]
    variation = placed.value[template.variation]
    for sentence in _SENTENCE.split(template.text):
        slots = [Format(match[2] or Format.TEXT) for match in PLACEHOLDER.finditer(sentence)]
        spoken = sum(_SLOT_WORDS.get(form, 2) for form in slots)
        words = PLACEHOLDER.sub(" ", sentence)
        characters = len(_CHARACTER.findall(words))
        length, most, unit = (
            (characters + spoken, MOST_CHARACTERS, "characters")
            if characters
            else (len(words.split()) + spoken, MOST_WORDS, "words")
        )
        if length > most:
            message = f"`{template.name}` has a sentence of {length} {unit} when spoken; {most} is the most"
            yield placed.source.problem(message, variation, "text", Rule.LONG_SENTENCE)
