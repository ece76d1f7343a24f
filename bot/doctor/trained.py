"""Probes of what training makes: the dialogue models of the scripts, and the model of meaning."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.doctor.report import Finding, Status
from nlu.manifest import ModelError
from nlu.pointers import live_version
from nlu.registry import load_live

AREA = "models"


def meaning(models: Path) -> Finding:
    """Load the model of intent and sentiment, as a call would."""
    root = models / "nlu"
    try:
        version = live_version(root)
    except ModelError as error:
        return Finding(AREA, "meaning", Status.NOT_YET, str(error), "voicebot demo trains it")
    try:
        load_live(root)
    except ModelError as error:
        return Finding(AREA, "meaning", Status.MISSING, str(error), f"remove {root / version} and train again")
    return Finding(AREA, "meaning", Status.OK, f"intent and sentiment, version {version}")


def dialogue(scripts: Path, models: Path) -> Iterator[Finding]:
    """One finding a script: the version a call would use."""
    folders = sorted(path.parent for path in scripts.glob("*/script.yml"))
    if not folders:
        yield Finding(AREA, "scripts", Status.MISSING, f"none in {scripts}", "`scripts` in [folders] of voicebot.toml")
    for folder in folders:
        current = models / "dialogue" / folder.name / "current"
        subject = f"script {folder.name}"
        if current.is_file():
            yield Finding(AREA, subject, Status.OK, f"version {current.read_text(encoding='utf-8').strip()}")
        else:
            yield Finding(AREA, subject, Status.NOT_YET, "not built", "voicebot demo builds it")
