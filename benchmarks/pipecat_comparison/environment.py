"""pipecat's own environment under `var/`, made where it is not there yet."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bot.progress import step
from bot.settings import ROOT

FOLDER = ROOT / "var" / "pipecat"

PACKAGES = ("pipecat-ai[websocket]==1.14.0", "uvicorn")
"""`websocket` brings FastAPI, whose websockets are the transport that pipecat's telephone examples use."""


class NotInstalled(Exception):
    """pip did not do it; its own words are on the error stream."""


def python() -> Path:
    """Its interpreter. Raises `NotInstalled`."""
    found = FOLDER / "bin" / "python"
    done = FOLDER / "installed"
    if not done.exists() or done.read_text(encoding="utf-8") != repr(PACKAGES):
        with step("installing pipecat"):
            _run([sys.executable, "-m", "venv", "--clear", str(FOLDER)])
            _run([str(found), "-m", "pip", "install", "--quiet", *PACKAGES])
        done.write_text(repr(PACKAGES), encoding="utf-8")
    return found


def _run(command: list[str]) -> None:
    if subprocess.run(command, stdout=subprocess.DEVNULL).returncode != 0:
        raise NotInstalled(f"{' '.join(command)} failed: see above; packages must be reachable")
