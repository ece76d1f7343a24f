"""Does a script say the same in all its languages, and something else in every variation, as far as that can be told
without understanding it?
"""

from __future__ import annotations

from collections.abc import Iterator

from dialogue.prompts import PromptCatalogue, Template
from dialogue.worker.project import Project
from dialogue.worker.rule import Rule
from dialogue.worker.source import Problem

_ASKS = str.maketrans("？", "?")


def language_problems(project: Project, catalogue: PromptCatalogue) -> Iterator[Problem]:
    """Every other language against the first: as many variations, and in each the same values and questions."""
    first, *others = catalogue.languages
    primary = _variations(catalogue, first)
    for language in others:
        for name, templates in _variations(catalogue, language).items():
            placed = project.responses[language][name]
            if len(templates) != len(primary[name]):
                message = (
                    f"`{name}` has {len(templates)} variation(s) in {language} and {len(primary[name])} in {first}"
                )
                yield placed.problem(message, Rule.LANGUAGES_DIFFER)
                continue
            for index, (one, other) in enumerate(zip(primary[name], templates, strict=True)):
                if differs := _difference(one, other):
                    message = f"`{name}`, variation {index + 1}: {differs}"
                    yield placed.source.problem(message, placed.value[index], "text", Rule.LANGUAGES_DIFFER)


def variation_problems(project: Project, catalogue: PromptCatalogue) -> Iterator[Problem]:
    """What is said again must say more, or it in other words; said first, the longer one leaves nothing to say."""
    for language in catalogue.languages:
        for name, templates in _variations(catalogue, language).items():
            for template in templates[1:]:
                before = [one for one in templates[: template.variation] if _words(one).startswith(_words(template))]
                if before:
                    placed = project.responses[language][name]
                    number = before[0].variation + 1
                    message = (
                        f"variation {template.variation + 1} of `{name}` says nothing that variation {number} did not"
                    )
                    at = placed.value[template.variation]
                    yield placed.source.problem(message, at, "text", Rule.VARIATIONS_ALIKE)


def _words(template: Template) -> str:
    return " ".join(template.text.split())


def _variations(catalogue: PromptCatalogue, language: str) -> dict[str, list[Template]]:
    found: dict[str, list[Template]] = {}
    for template in catalogue.prompts():
        if template.language == language:
            found.setdefault(template.name, []).append(template)
    return found


def _difference(one: Template, other: Template) -> str:
    values, others = {slot for slot, _ in one.slots}, {slot for slot, _ in other.slots}
    for slot in sorted(values ^ others):
        speaking, silent = (one, other) if slot in values else (other, one)
        return f"{{{slot}}} is said in {speaking.language} and not in {silent.language}"
    asked, others_asked = (template.text.translate(_ASKS).count("?") for template in (one, other))
    if asked != others_asked:
        return f"{one.language} has {asked} question(s) and {other.language} {others_asked}"
    return ""
