"""Where a call's script comes from: the working folder, or a version of it that was published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ScriptSource:
    """The files of a script and its rules. A call keeps the source it began with to its end.

    `scripts` holds the script's own folder and the shared one. `rules` is the version of the trained rules, None for
    those built last. `grammars` has the product's grammars where others are to be used than those that ship.
    `published` names the published version; None for the working folder.
    """

    name: str
    scripts: Path
    rules: str | None = None
    grammars: Path | None = None
    published: str | None = None


class Scripts(Protocol):
    """Which source of a script each call gets. All of it may read files: not for the event loop."""

    def sources(self, name: str) -> tuple[ScriptSource, ...]:
        """All that a call of this script might get now."""
        ...

    def choose(self, name: str, call: str) -> ScriptSource:
        """The one for this call, by its id."""
        ...

    def ended(self, source: ScriptSource, tape: Path) -> None:
        """A call that somebody answered is over, and its tape is closed."""
        ...


class WorkingFolder:
    """Always the scripts as they are being written: for trying them out."""

    def __init__(self, scripts: Path) -> None:
        self._scripts = scripts

    def sources(self, name: str) -> tuple[ScriptSource, ...]:
        return (ScriptSource(name, self._scripts),)

    def choose(self, name: str, call: str) -> ScriptSource:
        return ScriptSource(name, self._scripts)

    def ended(self, source: ScriptSource, tape: Path) -> None:
        return


class FixedSources:
    """Always the source that was named for a script: for replays."""

    def __init__(self, sources: Mapping[str, ScriptSource]) -> None:
        self._sources = dict(sources)

    def sources(self, name: str) -> tuple[ScriptSource, ...]:
        return (self._sources[name],)

    def choose(self, name: str, call: str) -> ScriptSource:
        return self._sources[name]

    def ended(self, source: ScriptSource, tape: Path) -> None:
        return
