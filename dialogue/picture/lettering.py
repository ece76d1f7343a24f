"""How wide words are in the picture, where their lines break, and how long sentences are shortened."""

from __future__ import annotations

import re
import unicodedata

CHARACTER = 0.56
"""The average width of a Latin letter in Verdana or DejaVu Sans, as a share of the size; a Chinese one is 1 wide."""
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

_STOPS = " .,:;?!，。：；？！、"


def width(text: str, size: float) -> float:
    return size * sum(1.0 if unicodedata.east_asian_width(one) in "WF" else CHARACTER for one in text)


def lines(text: str, size: float, room: float, most: int) -> list[str]:
    """The text in at most `most` lines that fit the room; what is left out becomes an ellipsis."""
    found = [""]
    for part in _parts(text):
        if found[-1] and width((found[-1] + part).rstrip(), size) > room:
            found.append("")
        found[-1] += part if found[-1] else part.lstrip()
    found = [line.rstrip() for line in found]
    if len(found) > most:
        found = [*found[: most - 1], found[most - 1].rstrip(_STOPS) + ELLIPSIS]
    return [_cut(line, size, room) for line in found]


def _parts(text: str) -> list[str]:
    """Where a line may break: after a space or a comma of a list, and after any Chinese character."""
    return re.findall(r"[\u3000-\u9fff\uff00-\uffef]|[^\s\u3000-\u9fff\uff00-\uffef]+\s*|\s+", text)


def _cut(line: str, size: float, room: float) -> str:
    if width(line, size) <= room:
        return line
    while line and width(line + ELLIPSIS, size) > room:
        line = line[:-1]
    return line.rstrip(_STOPS) + ELLIPSIS
