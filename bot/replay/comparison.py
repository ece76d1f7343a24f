"""Two lists of decisions side by side. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from bot.replay.decisions import Decisions, Turn


@dataclass(frozen=True, slots=True)
class Pair:
    """A turn as it was recorded and as it was replayed; None where the other call has none like it."""

    recorded: Turn | None
    replayed: Turn | None

    @property
    def changed(self) -> bool:
        return self.recorded != self.replayed


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that concerns the whole call."""

    what: str
    recorded: str
    replayed: str


@dataclass(frozen=True, slots=True)
class Comparison:
    pairs: tuple[Pair, ...]
    differences: tuple[Difference, ...]

    @property
    def changed_turns(self) -> int:
        return sum(pair.changed for pair in self.pairs)

    @property
    def changed(self) -> bool:
        return bool(self.changed_turns or self.differences)


def compare(recorded: Decisions, replayed: Decisions) -> Comparison:
    """A turn that one call has more leaves the turns behind it unchanged."""
    whole = (
        ("answered by", ", ".join(recorded.answered_by), ", ".join(replayed.answered_by)),
        ("failed", ", ".join(recorded.failures), ", ".join(replayed.failures)),
        ("outcome", recorded.outcome, replayed.outcome),
    )
    differences = tuple(Difference(what, old, new) for what, old, new in whole if old != new)
    return Comparison(tuple(_aligned(recorded.turns, replayed.turns)), differences)


def _aligned(old: Sequence[Turn], new: Sequence[Turn]) -> Iterator[Pair]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (Pair(a, b) for a, b in zip(old[i1:i2], new[j1:j2], strict=True))
        else:
            yield from _by_words(old[i1:i2], new[j1:j2])


def _by_words(old: Sequence[Turn], new: Sequence[Turn]) -> Iterator[Pair]:
    """Changed turns: those where the same was said belong together, the others in their order."""
    matcher = SequenceMatcher(None, [turn.said for turn in old], [turn.said for turn in new], autojunk=False)
    for _, i1, i2, j1, j2 in matcher.get_opcodes():
        both = min(i2 - i1, j2 - j1)
        yield from (Pair(a, b) for a, b in zip(old[i1 : i1 + both], new[j1 : j1 + both], strict=True))
        yield from (Pair(turn, None) for turn in old[i1 + both : i2])
        yield from (Pair(None, turn) for turn in new[j1 + both : j2])
