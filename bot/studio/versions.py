"""Published versions of a script on disk: `<studio>/<script>/versions/<version>/`, never changed once they are there.

    manifest.json   everything below by its hash, and what the version was tested with
    scripts/        the script's folder and the shared one, as they were
    grammars/       the product's grammars, as they were
    rules/          the rules as they were trained

A version is named by the hash of its content: of the files, of each sentence without slots as words, voice and sound,
and of the model of meaning that it was tested with. The sound itself stays in the prompt cache, from where all versions
that say the same share it: 10 MB a script, which the same engine makes again, bit for bit, in two seconds. Training is
not repeatable to the bit, so the trained rules count by the version of their files; the manifest has their hash.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.call.script_source import ScriptSource
from dialogue.script import Voice
from dialogue.worker.project import SHARED, version_of

MANIFEST = "manifest.json"
SCRIPTS, GRAMMARS, RULES = "scripts", "grammars", "rules"
_NOT_CONTENT = {"version", "trained", "scenarios"}


class VersionError(Exception):
    """A published version cannot be made or used; the message names the file and the remedy."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SpokenPrompt(_Part):
    """A sentence whose words are always the same. `sound`: SHA-256 of the file that says it."""

    name: str
    language: str
    variation: int
    text: str
    sound: str


class Manifest(_Part):
    """`rules`: version of the trained rules. `files` and `trained`: SHA-256 by path. `scenarios`: how many passed."""

    format: Literal[1] = 1
    script: str
    version: str = ""
    rules: str
    understander: str
    synthesiser: str
    voices: dict[str, Voice]
    files: dict[str, str] = {}
    prompts: tuple[SpokenPrompt, ...]
    trained: dict[str, str] = {}
    scenarios: int

    @property
    def content_hash(self) -> str:
        content = self.model_dump(mode="json", exclude=_NOT_CONTENT)
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Published:
    """A version whose files are what they were. `seal` is the SHA-256 of its manifest."""

    folder: Path
    manifest: Manifest
    seal: str

    @property
    def source(self) -> ScriptSource:
        return ScriptSource(
            self.manifest.script,
            self.folder / SCRIPTS,
            self.manifest.rules,
            self.folder / GRAMMARS,
            self.manifest.version,
        )

    def shelve(self, models: Path) -> None:
        """Put the trained rules where dialogue workers look for them (`<models>/<script>`), unless they are there."""
        shelf, rules = models / self.manifest.script, self.manifest.rules
        shelf.mkdir(parents=True, exist_ok=True)
        for path in sorted(
            (self.folder / RULES).iterdir()
        ):  # the .json, which a worker reads first, before the .tar.gz
            if not (shelf / path.name).exists():
                _copy_whole(path, shelf / path.name)
        if not (shelf / "current").exists():
            (shelf / "current").write_text(f"{rules}\n", encoding="utf-8")


def version_folder(studio: Path, script: str, version: str) -> Path:
    return studio / script / "versions" / version


def store(studio: Path, scripts: Path, models: Path, grammars: Sequence[Path], described: Manifest) -> Published:
    """Make a version of the working folder `scripts`; where there is one of the same content, that is it.

    `models` holds the trained rules, `described` everything but hashes and names. Raises `VersionError` where the
    folder is not the one that `described.rules` were trained from.
    """
    versions = version_folder(studio, described.script, "")
    versions.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=versions, prefix=".storing-") as scratch:
        made = Path(scratch) / "version"
        _copy(made, scripts, models, grammars, described)
        hashes = {path.relative_to(made).as_posix(): _hash(path) for path in sorted(made.rglob("*")) if path.is_file()}
        trained = {name: value for name, value in hashes.items() if name.startswith(f"{RULES}/")}
        files = {name: value for name, value in hashes.items() if name not in trained}
        manifest = described.model_copy(update={"files": files, "trained": trained})
        manifest = manifest.model_copy(update={"version": manifest.content_hash})
        (made / MANIFEST).write_text(manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")
        folder = versions / manifest.version
        if not folder.exists():
            made.rename(folder)
    return read_version(folder)


def rules_of(scripts: Path, script: str) -> str:
    """The version that the rules of a folder's script are trained as."""
    return version_of(scripts, _files(scripts, script))


def _files(scripts: Path, script: str) -> list[Path]:
    """What makes a script (`dialogue.worker.project.load`)."""
    patterns = (
        f"{SHARED}/*.yml",
        f"{SHARED}/*.yaml",
        f"{script}/*.yml",
        f"{script}/*.yaml",
        f"{script}/grammar.*.jsgf",
    )
    return [path for pattern in patterns for path in scripts.glob(pattern)]


def _copy(made: Path, scripts: Path, models: Path, grammars: Sequence[Path], described: Manifest) -> None:
    for path in _files(scripts, described.script):
        into = made / SCRIPTS / path.relative_to(scripts)
        into.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, into)
    if rules_of(made / SCRIPTS, described.script) != described.rules:
        raise VersionError(f"{scripts / described.script} was changed while it was tested: publish it again")
    (made / GRAMMARS).mkdir()
    for path in grammars:
        shutil.copyfile(path, made / GRAMMARS / path.name)
    (made / RULES).mkdir()
    for suffix in (".json", ".tar.gz"):
        file = f"{described.rules}{suffix}"
        shutil.copyfile(models / described.script / file, made / RULES / file)


def read_version(folder: Path, seal: str | None = None) -> Published:
    """A version, every file of it held against its hash, and the manifest against `seal`. Raises `VersionError`."""
    try:
        content = (folder / MANIFEST).read_bytes()
        manifest = Manifest.model_validate_json(content)
    except (OSError, ValidationError):
        raise VersionError(f"{folder / MANIFEST}: cannot be read; put the version back from a backup") from None
    found = hashlib.sha256(content).hexdigest()
    if seal not in {None, found} or manifest.content_hash != manifest.version or manifest.version != folder.name:
        raise VersionError(f"{folder / MANIFEST}: is not what was published; {_REMEDY}")
    for name, expected in _all(manifest).items():
        path = folder / name
        if not path.is_file() or _hash(path) != expected:
            raise VersionError(f"{path}: is not what was published; {_REMEDY}")
    return Published(folder, manifest, found)


_REMEDY = "put the version back from a backup, or go back to another one (`voicebot script rollback`)"


def _all(manifest: Manifest) -> Mapping[str, str]:
    return {**manifest.files, **manifest.trained}


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy_whole(path: Path, to: Path) -> None:
    """Under another name first: a worker never reads half a file."""
    with tempfile.NamedTemporaryFile(dir=to.parent, prefix=f".{to.name}.", delete=False) as half:
        half.write(path.read_bytes())
    Path(half.name).replace(to)
