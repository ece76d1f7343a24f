"""The whole check of scripts: what reading finds, then what only training finds; one result for each script."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from bot.call.equipment import NotReady
from bot.progress import step
from bot.settings import Settings
from bot.sounds_alike import grammar_problems
from bot.spoken_length import Stopwatch
from bot.vocabulary import Outcome
from dialogue.building import Builder, BuildEvent, BuildProgress, ScriptBuildError
from dialogue.lint.catalogue import RULES
from dialogue.lint.reading import Reading, read_script
from dialogue.script import load_script
from dialogue.supervisor import find_dialogue_python
from dialogue.worker.project import script_names
from dialogue.worker.rule import Rule
from dialogue.worker.source import Problem, read


@dataclass(frozen=True, slots=True)
class Checked:
    """`version` once the script is trained."""

    name: str
    findings: tuple[Problem, ...]
    version: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "script": self.name,
            "version": self.version,
            "findings": [
                {
                    "file": one.file,
                    "line": one.line,
                    "column": one.column,
                    "rule": one.rule.value,
                    "message": one.message,
                    "why": RULES[one.rule].why,
                    "mend": RULES[one.rule].mend,
                }
                for one in self.findings
            ],
        }


def check(settings: Settings, names: Sequence[str], console: Console, builder: Builder | None = None) -> list[Checked]:
    """Check `names` (all scripts without names). Training needs the dialogue environment; reading does not.

    `builder` trains where it is given, otherwise one that is started for it. Raises `NotReady` where there is nothing
    to check, `DialogueUnavailable` without a dialogue environment.
    """
    names = chosen(settings.folders.scripts, names)
    found: dict[str, list[Problem]] = {}
    trainable = []
    watch = Stopwatch(settings)
    for name in names:
        reading = read_findings(settings, name, watch)
        found[name] = [*reading.findings]
        if reading.trainable:
            trainable.append(name)
    versions: dict[str, str] = {}
    if trainable:
        with nullcontext(builder) if builder is not None else builder_for(settings) as trainer:
            versions = _train(trainer, trainable, found, console)
    return [Checked(name, tuple(findings), versions.get(name)) for name, findings in found.items()]


def chosen(folder: Path, names: Sequence[str]) -> list[str]:
    """`names`, or all scripts there are. Raises `NotReady` where there is none, or none of such a name."""
    wanted = list(names) or script_names(folder)
    if not wanted:
        raise NotReady(f"{folder} holds no script (a folder with a script.yml)")
    if absent := [name for name in wanted if not (folder / name).is_dir()]:
        there = ", ".join(script_names(folder))
        raise NotReady(f"{folder} has no folder {', '.join(absent)}; the scripts there are {there}")
    return wanted


def builder_for(settings: Settings, *, warm: bool = False) -> Builder:
    """Raises `DialogueUnavailable` without a dialogue environment."""
    python = find_dialogue_python(settings.dialogue.python)
    return Builder(python, settings.folders.scripts, settings.folders.models / "dialogue", warm=warm)


def read_findings(settings: Settings, name: str, watch: Stopwatch) -> Reading:
    """All that is found in a script without training it."""
    folder = settings.folders.scripts
    reading = read_script(folder, name)
    if not reading.trainable:
        return reading
    told = {(one.file, one.line, one.rule) for one in reading.findings}
    too_long = [one for one in watch.problems(name) if (one.file, one.line, one.rule) not in told]
    others = [*_unknown_outcomes(folder / name), *too_long, *grammar_problems(folder, name)]
    return Reading((*reading.findings, *others), trainable=True)


def _train(builder: Builder, names: list[str], found: dict[str, list[Problem]], console: Console) -> dict[str, str]:
    versions: dict[str, str] = {}
    done = 0
    with step("training scripts", total=len(names), console=console) as bar:

        def follow(progress: BuildProgress) -> None:
            nonlocal done
            if progress.event is not BuildEvent.STARTED:
                done += 1
                bar.reach(done)
            found.setdefault(progress.script, []).extend(progress.problems)
            if progress.version is not None:
                versions[progress.script] = progress.version

        with suppress(ScriptBuildError):  # `follow` has seen every problem
            builder.build(follow, names)
    return versions


def _unknown_outcomes(folder: Path) -> list[Problem]:
    """Outcomes are the product's: campaigns and statistics know them by name."""
    source = read(folder / "script.yml")
    known = {outcome.value for outcome in Outcome}
    return [
        source.problem(
            f"unknown outcome `{name}`; known are {', '.join(sorted(known))}",
            source.data["outcomes"],
            name,
            Rule.UNKNOWN_NAME,
        )
        for name in load_script(folder).outcomes
        if name not in known
    ]
