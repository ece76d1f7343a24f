"""A script's files and shared/ merged into one Rasa project, still knowing where every part came from."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from dialogue.worker.rule import Rule
from dialogue.worker.shape import shape_problems
from dialogue.worker.source import Problem, ScriptError, Source, read

BUILDER_VERSION = "2"  # raise it when the same files would become another model
START_INTENT = "start"
REPEAT_ACTION = "action_repeat"
OWN_SLOTS = ("day", "language")
SHARED = "shared"

_FILE = re.compile(r"(script|checks|domain|rules|stories|responses\.[a-z]{2,3}(-[A-Za-z]{2,4})?)\.yml")
_DOMAIN_LISTS = ("intents", "entities", "actions")
_DOMAIN_MAPS = ("slots", "forms", "responses")
PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)(?:\|[^{}]*)?\}")  # of a prompt's text
DOMAIN_KEYS = frozenset({"version", *_DOMAIN_LISTS, *_DOMAIN_MAPS})


@dataclass(frozen=True)
class Placed:
    """A declared value with the file and the mapping it stands in."""

    value: Any
    source: Source
    at: CommentedMap | CommentedSeq
    key: Any

    def problem(self, message: str, rule: Rule = Rule.STRUCTURE) -> Problem:
        return self.source.problem(message, self.at, self.key, rule)


Declared = dict[str, Placed]


@dataclass
class Project:
    """Everything a script declares. `responses` are by language; commands stand under `commands`.

    `grammars` are the script's own, one for each language: files that the recogniser reads; here they count for the
    version.
    """

    name: str
    script: Source
    version: str
    intents: Declared = field(default_factory=dict)
    entities: Declared = field(default_factory=dict)
    actions: Declared = field(default_factory=dict)
    slots: Declared = field(default_factory=dict)
    forms: Declared = field(default_factory=dict)
    commands: Declared = field(default_factory=dict)
    responses: dict[str, Declared] = field(default_factory=dict)
    checks: Declared = field(default_factory=dict)
    rules: Declared = field(default_factory=dict)
    stories: Declared = field(default_factory=dict)
    grammars: list[Path] = field(default_factory=list)

    @property
    def languages(self) -> list[str]:
        return [str(language) for language in self.script.data.get("languages") or []]

    @property
    def contact(self) -> dict[str, Any]:
        return dict(self.script.data.get("contact") or {})

    @property
    def primary(self) -> Declared:
        """The prompts of the first language."""
        return self.responses.get(self.languages[0], {}) if self.languages else {}

    def slot_names(self) -> set[str]:
        return {*self.slots, *self.contact, *OWN_SLOTS}

    def action_names(self) -> set[str]:
        return {*self.actions, *self.forms, *self.commands, *self.primary, *self.checks, REPEAT_ACTION}


def script_names(scripts: Path) -> list[str]:
    """The scripts of a folder: its sub-folders that have a script.yml."""
    return sorted(path.parent.name for path in scripts.glob("*/script.yml"))


def load(scripts: Path, name: str) -> Project:
    """Read and merge; raises ScriptError with every problem of form (not of reference) found."""
    problems: list[Problem] = []
    sources: list[Source] = []
    paths = [*_files(scripts / SHARED, problems), *_files(scripts / name, problems)]
    for path in paths:
        try:
            sources.append(read(path))
        except ScriptError as error:
            problems += error.problems
    script = next((source for source in sources if source.path == scripts / name / "script.yml"), None)
    if script is None and not problems:
        problems.append(Problem(str(scripts / name / "script.yml"), None, "is missing"))
    problems += _missing(scripts / name, script)
    if problems or script is None:
        raise ScriptError(problems)
    grammars = sorted((scripts / name).glob("grammar.*.jsgf"))
    project = Project(name, script, version_of(scripts, [*paths, *grammars]), grammars=grammars)
    for source in sources:
        misfits = shape_problems(source)
        problems += misfits
        if not misfits:
            _add(project, source, problems)
    if problems:
        raise ScriptError(problems)
    return project


def version_of(scripts: Path, paths: list[Path]) -> str:
    """A short hash of the names and contents of all files that make a script."""
    digest = hashlib.sha256(f"builder {BUILDER_VERSION}".encode())
    for path in sorted(paths):
        content = path.read_bytes()
        digest.update(f"\0{path.relative_to(scripts).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:12]


def _files(folder: Path, problems: list[Problem]) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.suffix not in {".yml", ".yaml"}:
            continue
        if _FILE.fullmatch(path.name):
            yield path
        else:
            known = "script.yml, checks.yml, domain.yml, rules.yml, stories.yml and responses.<language>.yml"
            problems.append(Problem(str(path), None, f"is not a file of a script; those are {known}"))


def _missing(folder: Path, script: Source | None) -> Iterator[Problem]:
    """Files that no script does without; what a missing one would have declared is not told name by name."""
    languages = script.data.get("languages") if script is not None else None
    listed = languages if isinstance(languages, CommentedSeq) else []
    for file in ("domain.yml", "rules.yml") if script is not None else ():
        if not (folder / file).exists():
            yield Problem(str(folder / file), None, "is missing: every script has one")
    for language in listed:
        path = folder / f"responses.{language}.yml"
        if not path.exists():
            message = f"is missing: script.yml names the language {language}"
            yield Problem(str(path), None, message, Rule.LANGUAGE_MISSING)


def _add(project: Project, source: Source, problems: list[Problem]) -> None:
    name = source.path.name
    if name in {"script.yml", "checks.yml"}:
        _add_map(project.checks, source, source.data, "checks", problems)
    elif name == "domain.yml":
        _unknown_keys(source, DOMAIN_KEYS, problems)
        for key in _DOMAIN_LISTS:
            _add_list(getattr(project, key), source, key, problems)
        for key, into in (("slots", project.slots), ("forms", project.forms), ("responses", project.commands)):
            _add_map(into, source, source.data, key, problems)
    elif name.startswith("responses."):
        _unknown_keys(source, frozenset({"version", "responses"}), problems)
        language = name[len("responses.") : -len(".yml")]
        _add_map(project.responses.setdefault(language, {}), source, source.data, "responses", problems)
    else:
        kind = name[: -len(".yml")]  # rules or stories
        _unknown_keys(source, frozenset({"version", kind}), problems)
        _add_titled(getattr(project, kind), source, kind, "rule" if kind == "rules" else "story", problems)


def _unknown_keys(source: Source, known: frozenset[str], problems: list[Problem]) -> None:
    for key in source.data:
        if key not in known:
            allowed = ", ".join(sorted(known))
            problems.append(source.problem(f"unknown key `{key}`; known are {allowed}", source.data, key))


def _add_map(into: Declared, source: Source, parent: CommentedMap, key: str, problems: list[Problem]) -> None:
    block = parent.get(key)
    if block is None:
        return
    if not isinstance(block, CommentedMap):
        problems.append(source.problem(f"`{key}` must be a mapping of names", parent, key))
        return
    for name, value in block.items():
        into[str(name)] = Placed(value, source, block, name)


def _add_list(into: Declared, source: Source, key: str, problems: list[Problem]) -> None:
    block = source.data.get(key)
    if block is None:
        return
    if not isinstance(block, CommentedSeq):
        problems.append(source.problem(f"`{key}` must be a list of names", source.data, key))
        return
    for index, value in enumerate(block):
        name = next(iter(value), None) if isinstance(value, CommentedMap) else value
        if isinstance(name, str):
            into[name] = Placed(value, source, block, index)
        else:
            problems.append(source.problem(f"`{key}` must be a list of names", block, index))


def _add_titled(into: Declared, source: Source, key: str, title: str, problems: list[Problem]) -> None:
    """Rules and stories: lists of mappings with a title. The script's replaces a shared one of the same title."""
    block = source.data.get(key)
    if block is None:
        return
    if not isinstance(block, CommentedSeq):
        problems.append(source.problem(f"`{key}` must be a list", source.data, key))
        return
    for index, value in enumerate(block):
        name = value.get(title) if isinstance(value, CommentedMap) else None
        if not isinstance(name, str) or not isinstance(value.get("steps"), CommentedSeq):
            problems.append(source.problem(f"every {title} needs `{title}: <title>` and `steps`", block, index))
        elif name in into and into[name].source is source:
            problems.append(source.problem(f"the title `{name}` is used twice", value, title))
        else:
            into[name] = Placed(value, source, block, index)
