"""The scripts a worker can speak: read from the models' folder, loaded when first needed, kept."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

from dialogue.worker.problems import Code, DialogueProblem
from dialogue.worker.script import Script

_NAME = re.compile(r"[A-Za-z0-9_-]+")


class Shelf:
    def __init__(self, models: Path) -> None:
        self._models = models
        self._loaded: dict[tuple[str, str], Script] = {}
        self._loading = asyncio.Lock()

    def built(self) -> list[str]:
        return sorted(path.parent.name for path in self._models.glob("*/current"))

    def loaded(self) -> list[Script]:
        return [script for _, script in sorted(self._loaded.items())]

    async def get(self, name: str, version: str | None) -> Script:
        """That version, or the one built last. The first use takes about 0.2 s, in another thread."""
        if not _NAME.fullmatch(name) or (version is not None and not _NAME.fullmatch(version)):
            raise DialogueProblem(Code.UNKNOWN_SCRIPT, "a script or version has a name that none can have")
        folder = self._models / name
        version = version or self._current(name, folder)
        if (name, version) in self._loaded:
            return self._loaded[name, version]
        if not (folder / f"{version}.json").exists() or not (folder / f"{version}.tar.gz").exists():
            raise DialogueProblem(Code.UNKNOWN_SCRIPT, f"version {version} of the script {name} is not built here")
        async with self._loading:
            if (name, version) not in self._loaded:
                self._loaded[name, version] = await asyncio.to_thread(_load, folder, version)
        return self._loaded[name, version]

    @staticmethod
    def _current(name: str, folder: Path) -> str:
        try:
            return (folder / "current").read_text(encoding="utf-8").strip()
        except OSError:
            raise DialogueProblem(Code.UNKNOWN_SCRIPT, f"the script {name} is not built here") from None


def _load(folder: Path, version: str) -> Any:
    try:
        return Script.load(folder, version)
    except DialogueProblem:
        raise
    except Exception as error:
        what = f"the model {folder.name}/{version} cannot be loaded ({type(error).__name__}): build it again"
        raise DialogueProblem(Code.INTERNAL, what) from error
