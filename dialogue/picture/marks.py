"""The pieces of the picture: rectangles, texts, and rows of text within a box."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from dialogue.picture.chart import Sentence
from dialogue.picture.layers import Rectangle
from dialogue.picture.lettering import lines
from dialogue.wording import PLACEHOLDER

MARK = "\N{SECTION SIGN}"
TIMES = "\N{MULTIPLICATION SIGN}"
SIZE, SMALL = 13.0, 12.0
ROW = 17.0


@dataclass(frozen=True, slots=True)
class Row:
    text: str
    kind: str
    height: float = ROW


def said(sentence: Sentence, room: float, most: int) -> list[Row]:
    """A sentence in rows, marked where it is legal. A slot stands as its name, without the way it is spoken."""
    words = PLACEHOLDER.sub(r"{\1}", sentence.text)
    words = f"{MARK} {words}" if sentence.legal else words
    return [Row(line, "legal" if sentence.legal else "") for line in lines(words, SIZE, room, most)]


def rectangle(place: Rectangle, kind: str, radius: float, fill: str | None = None) -> str:
    """`fill`: a CSS colour in place of that of the kind."""
    filled = f' style="fill: {fill}"' if fill is not None else ""
    return (
        f'<rect class="{kind}" x="{number(place.left)}" y="{number(place.top)}" width="{number(place.width)}" '
        f'height="{number(place.height)}" rx="{number(radius)}"{filled}/>'
    )


def text(x: float, y: float, words: str, kind: str, *, centred: bool = False) -> str:
    anchor = ' text-anchor="middle"' if centred else ""
    return f'<text class="{kind}" x="{number(x)}" y="{number(y)}"{anchor}>{escape(words)}</text>'


def number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
