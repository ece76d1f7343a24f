"""The published versions in service, for a running process: which one a call gets, and the guard after each call.

Every call asks the ledger, so that a release or a rollback holds from the next call on, in every process, without a
restart. A call that goes on keeps what it began with.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from threading import Lock

import structlog

from bot.call.equipment import NotReady
from bot.call.script_source import ScriptSource
from bot.settings import FolderSettings
from bot.studio.choice import version_for
from bot.studio.events import Stopped
from bot.studio.guard import Judgement, judge
from bot.studio.ledger import Ledger, ledgers
from bot.studio.standing import NotAllowed, Standing
from bot.studio.tally import Tally
from bot.studio.versions import Published, read_version, version_folder

log = structlog.get_logger(__name__)

GUARD = "guard"
"""Who stopped a version, in the ledger."""

LOOK_EVERY = 50
"""After so many of its own calls a process looks for those of other processes: the folder may hold very many tapes."""


class NothingLive(NotReady):
    """No approved version is there for a call: it is not made."""


class Releases:
    """Implements `bot.call.script_source.Scripts`.

    The working folder serves a script until a version of it is released for the first time, and never after that: what
    nobody has approved is not spoken again because a version was taken back or gets a share only.
    Raises `LedgerError` and `VersionError` where it cannot be told what was approved, `NothingLive` where nothing is:
    then no call is made.
    """

    def __init__(self, folders: FolderSettings) -> None:
        self._folders = folders
        self._ledgers: dict[str, Ledger] = {}
        self._read: dict[tuple[str, str], Published] = {}
        self._tallies: dict[tuple[str, str, datetime], tuple[Tally, count[int]]] = {}
        self._lock = Lock()

    def ledger(self, name: str) -> Ledger:
        return self._ledgers.setdefault(name, Ledger(self._folders.studio / name))

    def sources(self, name: str) -> tuple[ScriptSource, ...]:
        standing = self.ledger(name).standing
        versions = tuple(one for one in (standing.live, standing.candidate) if one is not None)
        return tuple(self._source(name, version, standing) for version in (versions or (None,)))

    def choose(self, name: str, call: str) -> ScriptSource:
        standing = self.ledger(name).standing
        return self._source(name, version_for(call, standing), standing)

    def ended(self, source: ScriptSource, tape: Path) -> None:
        if self.ledger(source.name).standing.candidate is not None:
            self.guard(source.name, tape)

    def guard(self, name: str, tape: Path | None = None) -> Judgement | None:
        """Judge the candidate, and stop it where it is worse. None without one, or without a live version beside it.

        `tape` is of the call that has ended, if one has: it is read, and the whole folder now and then.
        """
        with self._lock:  # the tally is read and added to by one thread at a time
            standing = self.ledger(name).standing
            if standing.candidate is None or standing.live is None or standing.since is None:
                return None
            trial = (name, standing.candidate, standing.since)
            if trial not in self._tallies:
                self._tallies[trial] = (Tally(self._folders.tapes, name, standing.since), count())
            tally, looks = self._tallies[trial]
            if next(looks) % LOOK_EVERY == 0:
                tally.look()
            if tape is not None:
                tally.add(tape)
            judgement = judge(tally.of(standing.candidate), tally.of(standing.live))
        if judgement.worse:
            self._stop(name, standing.candidate, judgement)
        return judgement

    def _stop(self, name: str, candidate: str, judgement: Judgement) -> None:
        stopped = Stopped(at=datetime.now(UTC), version=candidate, by=GUARD, figures=judgement.figures)
        try:
            self.ledger(name).record(stopped)
        except NotAllowed:  # another process was quicker
            return
        log.warning(
            "a script's version was stopped", version=candidate, remedy="voicebot script list shows the figures"
        )

    def _source(self, name: str, version: str | None, standing: Standing) -> ScriptSource:
        if version is None and standing.released:
            raise NothingLive(_refusal(name, standing))
        if version is None:
            return ScriptSource(name, self._folders.scripts)
        if (name, version) not in self._read:
            folder = version_folder(self._folders.studio, name, version)
            published = read_version(folder, standing.versions[version].manifest)
            published.shelve(self._folders.models / "dialogue")
            self._read[name, version] = published
        return self._read[name, version].source


def _refusal(name: str, standing: Standing) -> str:
    if standing.candidate is None:
        return f"no version of {name} is live: release one (voicebot script list {name})"
    return (
        f"this call is not one of the {standing.share} % that version {standing.candidate} of {name} gets, and no "
        f"version is live for the others: give it more of them (voicebot script release {name} --share 100)"
    )


def folders_in_service(folders: FolderSettings) -> tuple[Path, ...]:
    """Every folder of scripts that calls read from now: the working one, and those of published versions."""
    releases = Releases(folders)
    found = [folders.scripts]
    for name in ledgers(folders.studio):
        with suppress(NothingLive):
            found += [source.scripts for source in releases.sources(name)]
    return tuple(dict.fromkeys(found))


def published_version(studio: Path, name: str, version: str) -> Published | None:
    """A version by its name, whatever its state; None where there is none. Raises `LedgerError` and `VersionError`."""
    known = Ledger(studio / name).standing.versions.get(version)
    return read_version(version_folder(studio, name, version), known.manifest) if known is not None else None
