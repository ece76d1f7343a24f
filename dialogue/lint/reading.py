"""Everything that can be found in a script without training it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dialogue.lint.contradictions import contradictions
from dialogue.lint.declared import declared_problems
from dialogue.lint.endings import ending_problems
from dialogue.lint.flow import Flow
from dialogue.lint.identity import identity_problems
from dialogue.lint.languages import language_problems, variation_problems
from dialogue.lint.mappings import mapping_problems
from dialogue.lint.moves import move_problems
from dialogue.lint.steps import step_problems
from dialogue.lint.ways import way_problems
from dialogue.lint.words import word_problems
from dialogue.prompts import PromptCatalogue
from dialogue.script import Script, load_script
from dialogue.worker.project import SHARED, load
from dialogue.worker.rule import Rule
from dialogue.worker.source import Problem, ScriptError
from dialogue.worker.validate import problems_of

_TOLD_TWICE = frozenset({Rule.LANGUAGE_MISSING, Rule.TEXT_MISSING})
"""What both the catalogue of prompts and the look at names find; the latter knows the line better."""


@dataclass(frozen=True)
class Reading:
    """`trainable`: nothing was found that would keep the script from being trained."""

    findings: tuple[Problem, ...]
    trainable: bool


def read_script(scripts: Path, name: str) -> Reading:
    """The other rules look at a script only where it is well formed and all that it names exists."""
    if not (scripts / SHARED).is_dir():
        missing = Problem(str(scripts / SHARED), None, "is missing: it holds what every script shares")
        return Reading((missing,), trainable=False)
    try:
        project = load(scripts, name)
    except ScriptError as error:
        return Reading(_ordered(error.problems), trainable=False)
    found = problems_of(project)
    told = {(one.file, one.line) for one in found}
    script: Script | None = None
    try:
        script = load_script(scripts / name)
        catalogue = PromptCatalogue.load(scripts / name, scripts / SHARED)
    except ScriptError as error:
        rules = {one.rule for one in found} & _TOLD_TWICE
        found += [one for one in error.problems if one.rule not in rules and (one.file, one.line) not in told]
    if found or script is None:
        return Reading(_ordered(found), trainable=False)
    flow = Flow(project)
    found = [
        *move_problems(flow),
        *identity_problems(flow, script),
        *step_problems(flow),
        *way_problems(flow),
        *ending_problems(flow),
        *mapping_problems(project),
        *contradictions(flow),
        *word_problems(flow, script, catalogue),
        *language_problems(project, catalogue),
        *variation_problems(project, catalogue),
        *declared_problems(flow, script),
    ]
    return Reading(_ordered(found), trainable=True)


def flow_of(scripts: Path, name: str) -> Flow:
    """The rules of a script in which all that it names exists. Raises `ScriptError` for any other."""
    reading = read_script(scripts, name)
    if not reading.trainable:
        raise ScriptError(reading.findings)
    return Flow(load(scripts, name))


def _ordered(problems: list[Problem] | tuple[Problem, ...]) -> tuple[Problem, ...]:
    return tuple(sorted(dict.fromkeys(problems), key=lambda one: (one.file, one.line or 0)))
