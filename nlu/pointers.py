"""Which model serves: the small files `live` and `shadow`, each holding a version, and the history of `live`.

Every change of `live` is a line of `history.jsonl`; going back is the line before, and a line of its own.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nlu import manifest
from nlu.manifest import ModelError, OutdatedModel

LIVE = "live"
SHADOW = "shadow"
HISTORY = "history.jsonl"


@dataclass(frozen=True, slots=True)
class Change:
    """`action` is `promote` or `rollback`; `version` is live from then on. `why` is for people."""

    action: str
    version: str
    at: str
    why: str = ""


def versions(root: Path) -> tuple[str, ...]:
    return tuple(sorted(path.parent.name for path in root.glob(f"*/{manifest.FILE_NAME}")))


def require(root: Path, version: str) -> None:
    """Raises `ModelError`, naming the versions there are."""
    if version not in versions(root):
        known = ", ".join(versions(root)) or "none"
        raise ModelError(
            f"{root / version}: no such model; the versions here are {known}; run `voicebot nlu train` for a new one"
        )


def live_version(root: Path) -> str:
    """Raises `ModelError` where no model is live."""
    version = pointed(root, LIVE)
    if version is None:
        raise ModelError(f"{root / LIVE}: no model is live; run `voicebot nlu train`")
    return version


def pointed(root: Path, pointer: str) -> str | None:
    """The version a pointer holds; None without a pointer. Raises `ModelError` where it is gone."""
    try:
        version = (root / pointer).read_text(encoding="utf-8").strip()
    except OSError:
        return None
    if version not in versions(root):
        raise ModelError(f"{root / pointer}: names model {version!r}, which is not there; run `voicebot nlu train`")
    return version


def needs_model(root: Path) -> bool:
    """Whether nothing can serve: no model is live, or the live one is of an older version of the product."""
    try:
        version = pointed(root, LIVE)
        if version is not None:
            manifest.read(root / version)
    except OutdatedModel:
        return True
    except ModelError:  # broken or gone: somebody should look at it
        return False
    return version is None


def set_live(root: Path, version: str, why: str = "") -> None:
    """Point `live` at a version, in one step: a reader sees the old or the new, never half of it."""
    require(root, version)
    _record(root, Change("promote", version, _now(), why))
    _point(root, LIVE, version)


def set_shadow(root: Path, version: str | None) -> None:
    """The model that listens and is not obeyed; None for none."""
    if version is None:
        (root / SHADOW).unlink(missing_ok=True)
        return
    require(root, version)
    _point(root, SHADOW, version)


def roll_back(root: Path) -> tuple[str, str]:
    """Put the model before the live one back in service; which one left, and which one serves now."""
    left = live_version(root)
    stack = _stack(history(root))
    while stack and stack[-1] == left:
        stack.pop()
    if not stack:
        raise ModelError(f"{root / HISTORY}: knows no model before {left}; nothing was changed")
    now = stack[-1]
    require(root, now)
    _record(root, Change("rollback", now, _now(), f"back from {left}"))
    _point(root, LIVE, now)
    return left, now


def history(root: Path) -> tuple[Change, ...]:
    """The changes of `live`, the oldest first. Raises `ModelError` for a file that is not ours."""
    path = root / HISTORY
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return ()
    return tuple(_change(line, f"{path}:{number}") for number, line in enumerate(lines, start=1))


def _stack(changes: tuple[Change, ...]) -> list[str]:
    """The models that were live and not taken back; the last one serves."""
    stack: list[str] = []
    for change in changes:
        if change.action == "promote":
            if not stack or stack[-1] != change.version:
                stack.append(change.version)
        else:
            while stack and stack[-1] != change.version:
                stack.pop()
    return stack


def _change(line: str, place: str) -> Change:
    try:
        record: dict[str, Any] = json.loads(line)
        return Change(**record)
    except (ValueError, TypeError):
        raise ModelError(f"{place}: is no record of a change; mend or remove this line") from None


def _record(root: Path, change: Change) -> None:
    with (root / HISTORY).open("a", encoding="utf-8") as target:
        target.write(json.dumps(asdict(change), ensure_ascii=False) + "\n")


def _point(root: Path, pointer: str, version: str) -> None:
    fresh = root / f"{pointer}.new"
    fresh.write_text(version + "\n", encoding="utf-8")
    fresh.replace(root / pointer)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
