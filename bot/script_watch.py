"""Which scripts have to be checked again, seen from what changed in their files between two looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from dialogue.worker.project import SHARED

SUFFIXES = (".yml", ".yaml", ".jsgf")

Look = Mapping[Path, tuple[int, int]]
"""The files of scripts below a folder: when each was changed, in nanoseconds, and how many bytes it has."""


def look(scripts: Path) -> Look:
    """Files that editors keep beside those they change (`.responses.en.yml.swp`) are left out."""
    found = {}
    for path in scripts.glob("*/*"):
        if path.suffix not in SUFFIXES or path.name.startswith("."):
            continue
        try:
            status = path.stat()
        except FileNotFoundError:  # an editor has put another one in its place meanwhile
            continue
        found[path.relative_to(scripts)] = (status.st_mtime_ns, status.st_size)
    return found


def touched(before: Look, after: Look, names: Sequence[str]) -> list[str]:
    """Those of `names` of which a file came, went or was changed; all of them where it is one that they share."""
    folders = {path.parts[0] for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    return [name for name in names if name in folders or SHARED in folders]


def rounds(
    look: Callable[[], Look], names: Callable[[], Sequence[str]], wait: Callable[[], None]
) -> Iterator[Sequence[str]]:
    """What to check: first all of `names`, then, for ever, those that were touched since the check before began."""
    seen = look()
    yield names()
    while True:
        wait()
        now = look()
        if now == seen:
            continue
        stale, seen = touched(seen, now, names()), now
        if stale:
            yield stale
