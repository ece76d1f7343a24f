"""Which environments this product has, and where."""

from __future__ import annotations

from pathlib import Path

from bot.environments.building import Environment

ROOT = Path(__file__).resolve().parents[2]

# 3.11 to 3.13: those the pins in requirements.txt were resolved on.
PLATFORM_PYTHONS = ((3, 11), (3, 12), (3, 13))
# Rasa 3.6 runs on 3.8 to 3.10; its pins were resolved on 3.10.
DIALOGUE_PYTHONS = ((3, 10),)


def platform_environment(root: Path = ROOT) -> Environment:
    return Environment(
        "platform environment", root / ".venv", root / "requirements.txt", PLATFORM_PYTHONS, project=root
    )


def dialogue_environment(root: Path = ROOT) -> Environment:
    return Environment(
        "dialogue environment",
        root / ".venv-dialogue",
        root / "dialogue" / "worker" / "requirements.txt",
        DIALOGUE_PYTHONS,
    )


def environments(root: Path = ROOT) -> tuple[Environment, Environment]:
    return platform_environment(root), dialogue_environment(root)
