"""A changed text piece by piece: sentences word by word (Chinese by the character), rules line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORD = re.compile(r"\s*[\u3000-\u9fff\uff00-\uffef]|\s*[^\s\u3000-\u9fff\uff00-\uffef]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """`old` gives way to `new`; where the two are equal, nothing has changed."""

    old: str
    new: str


def by_words(before: str, after: str) -> list[Piece]:
    return list(_pieces(_WORD.findall(before), _WORD.findall(after)))


def by_lines(before: str, after: str) -> list[Piece]:
    """Each piece ends its lines."""
    old, new = ([f"{line}\n" for line in text.splitlines()] for text in (before, after))
    return list(_pieces(old, new))


def _pieces(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for _, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield Piece("".join(old[i1:i2]), "".join(new[j1:j2]))
