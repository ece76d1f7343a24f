"""What somebody must see who approves a version: everything in which it differs from the one that is live."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from bot.studio.versions import GRAMMARS, SCRIPTS, Manifest, Published
from dialogue.differences.changes import Difference, compare
from dialogue.differences.facts import Facts, facts_of
from dialogue.worker.project import load


@dataclass(frozen=True, slots=True)
class Review:
    """`differences` of the script; `others`: what, before and after, of the rest. `hash` names exactly this."""

    version: str
    against: str | None
    differences: tuple[Difference, ...]
    others: tuple[tuple[str, str, str], ...]

    @property
    def hash(self) -> str:
        seen = [self.version, self.against, [one.as_json() for one in self.differences], self.others]
        return hashlib.sha256(json.dumps(seen, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:12]


def review(version: Published, live: Published | None) -> Review:
    """Without a live version, everything is new."""
    before = _facts(live) if live is not None else {}
    found = compare(before, _facts(version))
    others = tuple(_others(live.manifest, version.manifest)) if live is not None else ()
    against = live.manifest.version if live is not None else None
    return Review(version.manifest.version, against, tuple(found), others)


def _facts(published: Published) -> Facts:
    return facts_of(load(published.folder / SCRIPTS, published.manifest.script), with_shared=True)


def _others(old: Manifest, new: Manifest) -> Iterator[tuple[str, str, str]]:
    """What is no fact of the script: what it was tested with, who speaks, how the product hears."""
    for what, before, after in (
        ("tested with the model of meaning", old.understander, new.understander),
        ("synthesiser", old.synthesiser, new.synthesiser),
        ("voices", _voices(old), _voices(new)),
    ):
        if before != after:
            yield what, before, after
    for name in sorted({*old.files, *new.files}):
        before, after = old.files.get(name, "none"), new.files.get(name, "none")
        if name.startswith(f"{GRAMMARS}/") and before != after:
            yield f"the product's grammar {name.removeprefix(f'{GRAMMARS}/')}", before[:12], after[:12]


def _voices(manifest: Manifest) -> str:
    return ", ".join(f"{language}: {voice.name} {voice.rate}" for language, voice in manifest.voices.items())
