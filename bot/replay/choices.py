"""With which script, model of meaning and recogniser a call is replayed: its own, or the ones that were named."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.call.script_source import ScriptSource
from bot.replay.recorded import CannotReplay, RecordedCall
from bot.settings import FolderSettings, Settings
from bot.studio.in_service import published_version
from bot.studio.ledger import LedgerError
from bot.studio.versions import VersionError
from nlu import pointers
from speech.asr.engines import RECOGNISERS


@dataclass(frozen=True, slots=True)
class Choice:
    """`source.rules` is None for the newest version of the script, which is built from its folder if it is not yet."""

    source: ScriptSource
    understander: str
    recogniser: str


def choose(
    settings: Settings, call: RecordedCall, script: str | None = None, nlu: str | None = None, asr: str | None = None
) -> Choice:
    """`script` is `NAME@VERSION`, or `NAME` for its newest version. Raises `CannotReplay` for what is not there.

    A version that was published is read whole, sentences and settings, too; it must still be what was published.
    """
    source = _source(settings.folders, call, script)
    return Choice(source, _understander(settings, call, nlu), _recogniser(settings, call, asr))


def _source(folders: FolderSettings, call: RecordedCall, wanted: str | None) -> ScriptSource:
    own = call.header.get("published") or call.header["script_version"]
    name, _, version = (wanted or f"{call.header['script']}@{own}").partition("@")
    try:
        published = published_version(folders.studio, name, version)
    except (LedgerError, VersionError) as error:
        raise CannotReplay(str(error)) from error
    if published is not None:
        published.shelve(folders.models / "dialogue")
        return published.source
    if not (folders.scripts / name / "script.yml").is_file():
        known = ", ".join(sorted(path.parent.name for path in folders.scripts.glob("*/script.yml"))) or "none"
        raise CannotReplay(f"there is no script `{name}` in {folders.scripts}; there are: {known}")
    there = _versions(folders.models / "dialogue" / name)
    if version and version not in there:
        owner = "" if wanted else "of this call "
        raise CannotReplay(
            f"version {version} {owner}of the script {name} is not on the shelf; there are: "
            f"{', '.join(there) or 'none'}. Name one with --script {name}@VERSION, or replay against the script as it "
            f"is now with --script {name}"
        )
    return ScriptSource(name, folders.scripts, version or None)


def _versions(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob("*.json") if path.with_suffix(".tar.gz").exists())


def _understander(settings: Settings, call: RecordedCall, wanted: str | None) -> str:
    root = settings.folders.models / "nlu"
    version = wanted or str(call.header["understander"])
    there = pointers.versions(root)
    if version not in there:
        owner = "" if wanted else "of this call "
        raise CannotReplay(
            f"the model of meaning {version} {owner}is not in {root}; there are: {', '.join(there) or 'none'}. "
            "Name one with --nlu VERSION"
        )
    return version


def _recogniser(settings: Settings, call: RecordedCall, wanted: str | None) -> str:
    """A call in text needs none; the one of the settings is never asked."""
    if call.sound is None and wanted is None:
        return settings.speech.recogniser
    name = wanted or str(call.header["recogniser"]).partition(" ")[0]
    if name not in RECOGNISERS:
        owner = "" if wanted else " of this call"
        raise CannotReplay(
            f"there is no recogniser `{name}`{owner}; there are: {', '.join(RECOGNISERS)}. Name one with --asr ENGINE"
        )
    return name
