"""Builds an environment with venv and pip, once per content of its requirement files."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Sequence

from bot.environments.interpreters import Interpreter, Minor, examine, find
from bot.environments.pip_progress import PipProgress
from bot.environments.terminal import StepDisplay

STAMP = "voicebot-complete"
UNFINISHED = "voicebot-unfinished"
LAST_LINES = 15  # of the log, shown when pip fails
REFRESH_S = 0.2


@dataclass(frozen=True)
class Environment:
    title: str
    folder: Path
    requirements: Path
    pythons: Sequence[Minor]
    project: Path | None = None  # also installed, editable, where given

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    def key(self) -> str:
        """Changes when what must be installed changes."""
        content = self.requirements.read_bytes()
        if self.project is not None:
            # Only what the installation depends on: the settings of lint and test tools come after it.
            content += (self.project / "pyproject.toml").read_bytes().split(b"\n[tool.ruff")[0]
        return hashlib.sha256(content + str(self.folder.resolve()).encode()).hexdigest()

    def is_complete(self) -> bool:
        stamp = self.folder / STAMP
        return stamp.is_file() and stamp.read_text() == self.key() and self._usable() is not None

    def _usable(self) -> Interpreter | None:
        found = examine(self.python) if self.python.exists() else None
        return found if found is not None and found.minor in self.pythons else None


class BuildFailed(Exception):
    """The message says which step failed and where its output is."""


def build(environment: Environment, log: IO[str]) -> None:
    """Create or renew the environment.

    Raises NoInterpreter or BuildFailed. An environment left half built by an interruption is made anew.
    """
    folder = environment.folder
    display = StepDisplay(environment.title)
    if (folder / UNFINISHED).exists() or environment._usable() is None:
        interpreter = find(environment.pythons)
        display.begin(f"creating {folder.name} with Python {interpreter.release} ({interpreter.path})")
        display.show(0, f"creating {folder.name} with Python {interpreter.release}")
        if folder.exists():
            shutil.rmtree(folder)
        _run([str(interpreter.path), "-m", "venv", str(folder)], log, display, PipProgress(1), folder)
    (folder / STAMP).unlink(missing_ok=True)
    (folder / UNFINISHED).touch()
    pip = [str(environment.python), "-m", "pip", "--no-input", "--disable-pip-version-check", "install"]
    pins = _count_pins(environment.requirements)
    display.begin(f"installing {pins} packages; details in {log.name}")
    _run([*pip, "-r", str(environment.requirements)], log, display, PipProgress(pins), folder)
    if environment.project is not None:
        # The pins hold setuptools, so building needs no second, hidden environment.
        project = ["--no-deps", "--no-build-isolation", "--editable", str(environment.project)]
        _run([*pip, *project], log, display, PipProgress(1), folder)
    (folder / STAMP).write_text(environment.key())
    (folder / UNFINISHED).unlink()
    display.end("ready")


def _count_pins(requirements: Path) -> int:
    lines = (line.split("#")[0].strip() for line in requirements.read_text().splitlines())
    return sum(1 for line in lines if line and not line.startswith("-"))


def _installed(folder: Path) -> int:
    return sum(1 for _ in folder.glob("lib/python*/site-packages/*.dist-info"))


def _run(command: Sequence[str], log: IO[str], display: StepDisplay, progress: PipProgress, folder: Path) -> None:
    """Run to the end, its output to the log and to `progress`, redrawing meanwhile."""
    before = _installed(folder)
    log.write(f"$ {' '.join(command)}\n")
    lines: list[str] = []

    def read(output: IO[str]) -> None:
        for line in output:
            lines.append(line)
            log.write(line)
            progress.feed(line)

    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        assert process.stdout is not None
        reader = threading.Thread(target=read, args=(process.stdout,), daemon=True)
        reader.start()
        while reader.is_alive():
            display.show(*progress.describe(_installed(folder) - before))
            time.sleep(REFRESH_S)
    log.flush()
    if process.returncode != 0:
        tail = "".join(lines[-LAST_LINES:]).rstrip()
        raise BuildFailed(f"{tail}\n\nThe {display.title} could not be built; the whole output is in {log.name}.")
