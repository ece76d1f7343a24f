"""Writes requirements.txt, the exact versions of the platform environment: `make pins`.

Run it after a change of the dependencies in pyproject.toml. It asks pip to resolve them afresh, so it also moves
every package to its newest version that fits.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import tomllib

from bot.environments.house import ROOT

HEADER = """\
# The exact versions of the platform environment, resolved from pyproject.toml by `make pins`. Do not edit.
"""


def requested(project: Path) -> list[str]:
    """What pyproject.toml asks for: to run, to develop, and to build the project itself."""
    tables = tomllib.loads((project / "pyproject.toml").read_text())
    asked: list[str] = [
        *tables["project"]["dependencies"],
        *tables["project"]["optional-dependencies"]["dev"],
        *tables["build-system"]["requires"],
    ]
    return asked


def resolve(requirements: list[str]) -> dict[str, str]:
    """Name and version of every package pip would install into an empty environment."""
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--ignore-installed", "--report", "-"]
    answer = subprocess.run([*command, *requirements], stdout=subprocess.PIPE, text=True, check=True)
    packages = [item["metadata"] for item in json.loads(answer.stdout)["install"]]
    return {package["name"]: package["version"] for package in packages}


def pin_lines(resolved: dict[str, str], asked: list[str]) -> list[str]:
    """One line a package. A requirement for another Python than this one is kept as pyproject.toml has it."""
    names = {_canonical(name) for name in resolved}
    foreign = [line for line in asked if ";" in line and _canonical(re.split(r"[^\w.-]", line)[0]) not in names]
    return sorted([f"{name}=={version}" for name, version in resolved.items()] + foreign, key=str.lower)


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    asked = requested(ROOT)
    pins = pin_lines(resolve(asked), asked)
    (ROOT / "requirements.txt").write_text(HEADER + "\n".join(pins) + "\n")
    print(f"requirements.txt: {len(pins)} packages")
