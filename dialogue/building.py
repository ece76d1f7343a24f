"""Trains the scripts that have changed, in the dialogue environment, telling how far it is."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from dialogue.client import DialogueUnavailable
from dialogue.dialogue_python import worker_command
from dialogue.worker.rule import Rule
from dialogue.worker.source import Problem

DONE = "done"
"""The event that ends the answer to one request; it belongs to no script."""


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


class Builder:
    """A process of the dialogue environment that builds scripts as often as it is asked to.

    `warm` lets it import Rasa (4 s) at once, and not for the first script that has changed. Leave it by `with`.
    """

    def __init__(self, python: Path, scripts: Path, models: Path, *, warm: bool = False) -> None:
        arguments = ["build", "--stay", "--scripts", str(scripts), "--models", str(models)]
        self._process = subprocess.Popen(
            worker_command(python, *arguments, *(["--warm"] if warm else [])),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._process.kill()  # or leaving would wait for it
        with suppress(BrokenPipeError):  # what a process that died was not told any more
            self._process.__exit__(kind, None, None)

    def build(self, on_progress: Callable[[BuildProgress], None], only: Sequence[str] = ()) -> dict[str, str]:
        """Build all scripts (or `only` some) and return the version of each. Blocks for 2 s a script that has changed.

        Raises ScriptBuildError for mistakes in scripts, DialogueUnavailable if the process itself breaks.
        """
        versions: dict[str, str] = {}
        problems: list[Problem] = []
        for progress in self._told(only):
            on_progress(progress)
            problems += progress.problems
            if progress.version is not None:
                versions[progress.script] = progress.version
        if problems:
            raise ScriptBuildError(problems)
        return versions

    def _told(self, only: Sequence[str]) -> Iterator[BuildProgress]:
        """What the process tells, until it has done what it was asked for."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):
            print(json.dumps(list(only)), file=self._process.stdin, flush=True)
        for line in self._process.stdout:
            if (told := json.loads(line))["event"] == DONE:
                return
            yield _progress(told)
        raise DialogueUnavailable(f"building the scripts broke off (exit code {self._process.wait()})")


def build_scripts(
    python: Path,
    scripts: Path,
    models: Path,
    on_progress: Callable[[BuildProgress], None],
    only: Sequence[str] = (),
) -> dict[str, str]:
    """`Builder.build`, once: blocks for 5 to 15 s if a script has changed. Raises what it raises."""
    with Builder(python, scripts, models) as builder:
        return builder.build(on_progress, only)


def _progress(data: Mapping[str, Any]) -> BuildProgress:
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
