"""Recorded calls, held again with a candidate model: which of them would have ended otherwise?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.call.keyring import SealError, load_keyring
from bot.replay.choices import Choice, choose
from bot.replay.decisions import decisions_of
from bot.replay.house import replay_house
from bot.replay.recorded import CannotReplay, RecordedCall, read_call
from bot.replay.replaying import replay
from bot.settings import Settings


@dataclass(slots=True)
class Verdict:
    """`changed`: a tape, how it ended, how it would end now. `skipped`: one that cannot be replayed, and why."""

    same: int = 0
    changed: list[tuple[str, str, str]] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)


def newest(folder: Path, count: int) -> list[Path]:
    """The latest tapes of a folder, by when they were written."""
    return sorted(folder.glob("*.jsonl"), key=lambda path: (path.stat().st_mtime, path.name))[-count:]


async def verdict(
    settings: Settings,
    tapes: Sequence[Path],
    candidate: str,
    live: str | None,
    progress: Callable[[int], None] = lambda _: None,
) -> Verdict:
    """Where the live model, too, ends a call otherwise today, the candidate is not to blame.

    A call whose version of the script is gone is held with the script as it is now, by both models; that one must
    have been built. Raises the rooms' own errors where no call can be held at all.
    """
    found = Verdict()
    calls = []
    keys = load_keyring(settings.recordings)
    for path in tapes:
        try:
            calls.append(read_call(path, keys))
        except (CannotReplay, SealError) as error:
            found.skipped.append((path.stem, str(error)))
    now = await _outcomes(settings, calls, candidate, found, progress)
    suspects = [call for call in calls if now.get(call.path, _then(call)) != _then(call)]
    before = await _outcomes(settings, suspects, live, Verdict(), lambda _: None) if live is not None else {}
    for call in calls:
        if call.path not in now:
            continue
        then = before.get(call.path, _then(call))
        if now[call.path] == then:
            found.same += 1
        else:
            found.changed.append((call.path.stem, then, now[call.path]))
    return found


def _then(call: RecordedCall) -> str:
    return decisions_of(call.header, call.rows).outcome


async def _outcomes(
    settings: Settings, calls: Sequence[RecordedCall], model: str, skipped: Verdict, progress: Callable[[int], None]
) -> dict[Path, str]:
    """How each call ends with a model. Those of one script share a dialogue worker, which starts slowly."""
    groups: dict[Choice, list[RecordedCall]] = defaultdict(list)
    for call in calls:
        try:
            groups[_choice(settings, call, model)].append(call)
        except CannotReplay as error:
            skipped.skipped.append((call.path.stem, str(error)))
    ended: dict[Path, str] = {}
    for choice, members in groups.items():
        try:
            async with replay_house(settings, [choice.source], choice.understander, choice.recogniser) as house:
                for call in members:
                    replayed = await replay(house, call, choice.source.name)
                    ended[call.path] = decisions_of(replayed.header, replayed.rows).outcome
                    progress(len(ended))
        except CannotReplay as error:
            left = [call for call in members if call.path not in ended]
            skipped.skipped += [(call.path.stem, str(error)) for call in left]
    return ended


def _choice(settings: Settings, call: RecordedCall, model: str) -> Choice:
    try:
        return choose(settings, call, nlu=model)
    except CannotReplay:
        return choose(settings, call, script=str(call.header["script"]), nlu=model)
