"""Versions of scripts as publishing makes them, without engines: the files are real, the trained rules are not."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.settings import FolderSettings
from bot.studio.events import Approved, Released, Stored, Submitted
from bot.studio.ledger import Ledger
from bot.studio.review import review
from bot.studio.versions import Manifest, Published, rules_of, store
from dialogue.script import Voice
from speech.asr.grammar import BOOK
from tests.needs import ROOT

SCRIPT = "satisfaction_survey"
AUTHOR, APPROVER = "Anna", "Bo"
BEGIN = datetime(2026, 11, 24, 10, tzinfo=UTC)


def folders_in(folder: Path) -> FolderSettings:
    """With a copy of the scripts, to be edited."""
    scripts = folder / "scripts"
    for name in (SCRIPT, "shared"):
        shutil.copytree(ROOT / "dialogue" / "scripts" / name, scripts / name)
    return FolderSettings(
        scripts=scripts,
        models=folder / "models",
        prompts=folder / "prompts",
        tapes=folder / "tapes",
        runtime=folder / "run",
        studio=folder / "studio",
    )


def edit(folders: FolderSettings, old: str, new: str, file: str = "responses.en.yml") -> None:
    path = folders.scripts / SCRIPT / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def stored(folders: FolderSettings, understander: str = "7bcd32adb369") -> Published:
    """A version of the working folder as it is now."""
    rules = rules_of(folders.scripts, SCRIPT)
    shelf = folders.models / "dialogue" / SCRIPT
    shelf.mkdir(parents=True, exist_ok=True)
    for suffix in (".json", ".tar.gz"):
        (shelf / f"{rules}{suffix}").write_text("trained\n")
    described = Manifest(
        script=SCRIPT,
        rules=rules,
        understander=understander,
        synthesiser="voice 1",
        voices={"en": Voice(name="calm"), "zh": Voice()},
        prompts=(),
        scenarios=1,
    )
    return store(folders.studio, folders.scripts, folders.models / "dialogue", sorted(BOOK.values()), described)


def approved(folders: FolderSettings, at: datetime = BEGIN) -> str:
    """A new version that may be released."""
    published, ledger = stored(folders), Ledger(folders.studio / SCRIPT)
    version = published.manifest.version
    against = ledger.standing.live
    ledger.record(
        Stored(at=at, version=version, by=AUTHOR, manifest=published.seal),
        Submitted(at=at, version=version, by=AUTHOR),
        Approved(at=at, version=version, by=APPROVER, diff=review(published, None).hash, against=against),
    )
    return version


def released(folders: FolderSettings, share: int, at: datetime = BEGIN) -> str:
    version = approved(folders, at)
    later = at + timedelta(seconds=1)
    Ledger(folders.studio / SCRIPT).record(Released(at=later, version=version, by=AUTHOR, share=share))
    return version
