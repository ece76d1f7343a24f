"""What customers said and the script had no answer to, gathered by likeness: where an intent or a sentence is missing.

Likeness is that of character sequences, which needs no model and works in every language; "how high is the fee" and
"what are the fees" come together, what means the same in other words does not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.call.measures import CallMeasures, CustomerTurn, TurnKind
from nlu.inventory import Intent

OUTSIDE = frozenset({Intent.OUT_OF_SCOPE, Intent.OTHER_BANKING})
"""Understood, and no matter of the call's."""

LETTERS, HANZI = range(2, 5), range(1, 3)
"""Lengths of the character sequences: a Chinese word has one or two characters, an English root three or four."""
DISTANCE = 0.75
"""Groups whose texts are on average further apart stay apart; 0 is the same text, 1 has nothing in common."""
MOST_TEXTS = 3000
"""Different texts that are compared, the most frequent first: their distances take 72 MB."""

_MASK = re.compile(r"<[^<>]*>")
_HANZI = re.compile(r"[\u4e00-\u9fff]")
_KEYS = re.compile(r"^\[.*\]$")


@dataclass(frozen=True, slots=True)
class Group:
    """Turns that sound alike. `text` is the one most like all others, `texts` the different ones with their counts.

    `states`: the questions they were said at, the most frequent first.
    """

    text: str
    turns: int
    calls: int
    texts: tuple[tuple[str, int], ...]
    states: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The groups, largest first. `unheard`: turns without words that the recogniser would stand by. `left_out`: turns
    beyond `MOST_TEXTS` different texts."""

    groups: tuple[Group, ...]
    turns: int
    unheard: int
    left_out: int


@dataclass(frozen=True, slots=True)
class _Said:
    call: str
    text: str
    state: str | None


def unanswered(calls: Iterable[CallMeasures]) -> Unanswered:
    """Of calls with a person."""
    said: list[_Said] = []
    unheard = 0
    for call in calls:
        for turn in call.turns if call.with_person else ():
            if _in_vain(turn) and turn.text and turn.understood:
                said.append(_Said(call.call, turn.text, turn.state))
            elif turn.kind is TurnKind.NO_MATCH and not _KEYS.match(turn.text):
                unheard += 1
    counted = Counter(one.text for one in said)
    texts = [text for text, _ in counted.most_common(MOST_TEXTS)]
    members: dict[int, list[str]] = {}
    for text, label in zip(texts, _labels(texts), strict=True):
        members.setdefault(label, []).append(text)
    groups = [_group(of, counted, said) for of in members.values()]
    kept = sum(group.turns for group in groups)
    ordered = sorted(groups, key=lambda group: (-group.turns, group.text))
    return Unanswered(tuple(ordered), len(said), unheard, len(said) - kept)


def _in_vain(turn: CustomerTurn) -> bool:
    if _KEYS.match(turn.text):
        return False
    return turn.kind is TurnKind.NO_MATCH or (turn.kind is TurnKind.WISH and turn.meant in OUTSIDE)


def _group(texts: Sequence[str], counted: Counter[str], said: Sequence[_Said]) -> Group:
    inside = set(texts)
    of = [one for one in said if one.text in inside]
    states = Counter(one.state for one in of if one.state is not None)
    return Group(
        texts[0] if len(texts) < 3 else texts[int(_likeness(texts).sum(axis=1).argmax())],
        len(of),
        len({one.call for one in of}),
        tuple((text, counted[text]) for text in texts),
        tuple(states.most_common()),
    )


def _labels(texts: Sequence[str]) -> list[int]:
    """A number for each text, the same for those of one group."""
    if len(texts) < 2:
        return [0] * len(texts)
    from sklearn.cluster import AgglomerativeClustering  # type: ignore[import-untyped]  # takes a second

    distances = np.clip(1.0 - _likeness(texts), 0.0, 1.0)
    clustering = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=DISTANCE
    )
    return [int(label) for label in clustering.fit_predict(distances)]


def _likeness(texts: Sequence[str]) -> Any:
    """Of each text with each, from 0 to 1: an array of shape (texts, texts)."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]

    vectors = TfidfVectorizer(analyzer=_sequences, lowercase=False).fit_transform(texts)
    return (vectors @ vectors.T).toarray()


def _sequences(text: str) -> list[str]:
    """Character sequences within and over words. Digits that are masked are all the same."""
    plain = f" {_MASK.sub(' ', text).casefold().strip()} "
    plain = re.sub(r"\s+", " ", plain)
    lengths = HANZI if _HANZI.search(plain) else LETTERS
    found = [plain[i : i + n] for n in lengths for i in range(len(plain) - n + 1)]
    return found or ["<>"]
