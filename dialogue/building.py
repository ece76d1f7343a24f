"""Trains the scripts that have changed, in the dialogue environment, telling how far it is."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from dialogue.client import DialogueUnavailable
from dialogue.dialogue_python import worker_command
from dialogue.worker.rule import Rule
from dialogue.worker.source import Problem


class BuildEvent(StrEnum):
    STARTED = "started"
    TRAINED = "trained"
    SKIPPED = "skipped"  # unchanged since it was trained
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class BuildProgress:
    """`version` and `seconds` once trained or skipped, `problems` once failed."""

    event: BuildEvent
    script: str
    version: str | None = None
    seconds: float | None = None
    problems: tuple[Problem, ...] = ()


class ScriptBuildError(Exception):
    """Scripts hold mistakes; the text has one line for each, with file and line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def build_scripts(
    python: Path,
    scripts: Path,
    models: Path,
    on_progress: Callable[[BuildProgress], None],
    only: Sequence[str] = (),
) -> dict[str, str]:
    """Build all scripts (or `only` some) and return the version of each. Blocks for 5 to 15 s if one has changed.

    Raises ScriptBuildError for mistakes in scripts, DialogueUnavailable if the command itself breaks.
    """
    arguments = ["build", "--json-progress", "--scripts", str(scripts), "--models", str(models)]
    arguments += [part for name in only for part in ("--only", name)]
    versions: dict[str, str] = {}
    problems: list[Problem] = []
    with subprocess.Popen(
        worker_command(python, *arguments), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                progress = _progress(line)
                on_progress(progress)
                problems += progress.problems
                if progress.version is not None:
                    versions[progress.script] = progress.version
        except BaseException:
            process.kill()  # or leaving would wait for it
            raise
    if problems:
        raise ScriptBuildError(problems)
    if process.returncode != 0:
        raise DialogueUnavailable(f"building the scripts broke off (exit code {process.returncode})")
    return versions


def _progress(line: str) -> BuildProgress:
    data = json.loads(line)
    return BuildProgress(
        BuildEvent(data["event"]),
        data["script"],
        data.get("version"),
        data.get("seconds"),
        tuple(
            Problem(one["file"], one["line"], one["message"], Rule(one["rule"]), one["column"])
            for one in data.get("problems", [])
        ),
    )
