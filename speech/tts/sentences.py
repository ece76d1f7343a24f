"""A text in sentences, so that the first can sound while the next is still being spoken."""

from __future__ import annotations

import re

_END = re.compile(r"[.!?]+[\"'”’)]*\s+|[。！？]+[”’」』）]*\s*")
_ABBREVIATED = re.compile(r"(?:^|\s)(?:[A-Z][a-z]{0,2}|\S*\.\S+)$")
"""Before a full stop: Mr, Dr, St, No, an initial, a.m. A short first word like Yes is taken for one, too."""

SHORTEST = 10
"""Characters of a sentence that is spoken by itself, a Chinese one counting as three: a shorter one is over before the
next is ready."""


def sentences(text: str) -> list[str]:
    """In order, each with its punctuation: the text, but for the space between them. Empty for a text without words."""
    begins = [0]
    for end in _END.finditer(text):
        piece = text[begins[-1] : end.end()]
        abbreviated = end[0].startswith(".") and _ABBREVIATED.search(text[begins[-1] : end.start()])
        if not abbreviated and _weight(piece) >= SHORTEST <= _weight(text[end.end() :]):
            begins.append(end.end())
    pieces = (text[begin:end].strip() for begin, end in zip(begins, [*begins[1:], None], strict=True))
    return [piece for piece in pieces if piece]


def _weight(text: str) -> int:
    return sum(3 if "一" <= character <= "鿿" else 1 for character in text.strip())
