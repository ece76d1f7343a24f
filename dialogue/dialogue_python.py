"""The Python of the dialogue environment, and how to run the worker package with it."""

from __future__ import annotations

import os
from pathlib import Path

from dialogue.client import DialogueUnavailable

ROOM = Path(__file__).parent
DEFAULT = ROOM.parent / ".venv-dialogue" / "bin" / "python"


def find_dialogue_python(setting: Path | None = None) -> Path:
    """The interpreter named in the settings, or that of `.venv-dialogue`. Raises DialogueUnavailable."""
    python = setting or DEFAULT
    if not os.access(python, os.X_OK):
        remedy = "correct `dialogue.python` in voicebot.toml" if setting else "run `make setup`"
        raise DialogueUnavailable(f"the dialogue environment is missing: there is no Python at {python}; {remedy}")
    return python


def worker_command(python: Path, *arguments: str) -> list[str]:
    """Isolated (-I): this process runs on another Python, whose packages must not leak in."""
    return [str(python), "-I", str(ROOM / "worker"), *arguments]
