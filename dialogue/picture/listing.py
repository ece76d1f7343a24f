"""The rules that hold anywhere, as a list in the corner below the picture: who says what, what the bot does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dialogue.picture.chart import ANYWHERE, Listed
from dialogue.picture.lettering import lines
from dialogue.picture.marks import ROW, SIZE, SMALL, TIMES, Row, number, said, text
from dialogue.picture.tried import Tried

TITLE, SAID, CLOSING = 240.0, 400.0, 220.0
GAP = 16.0
COLUMN = TITLE + SAID + CLOSING + 2 * GAP
HEADING = 2 * ROW


@dataclass(frozen=True, slots=True)
class _Entry:
    when: str
    cells: tuple[list[Row], list[Row], list[Row]]

    @property
    def height(self) -> float:
        return max(map(len, self.cells)) * ROW + 4


def listing(
    listed: Sequence[Listed], left: float, top: float, room: float, tried: Tried | None = None
) -> tuple[list[str], float]:
    """The marks, and where they end; in as many columns as there is room for, about equally long."""
    entries = [_entry(one, tried) for one in sorted(listed, key=lambda one: (one.when != ANYWHERE, one.when))]
    columns = max(1, int((room + 2 * GAP) // (COLUMN + 2 * GAP)))
    headings = len({entry.when for entry in entries}) + columns
    share = (headings * HEADING + sum(entry.height for entry in entries)) / columns
    marks: list[str] = []
    y, bottom, when = top, top, ""
    for entry in entries:
        if y - top >= share:
            left, y, when = left + COLUMN + 2 * GAP, top, ""
        if entry.when != when:
            when = entry.when
            y += HEADING
            marks.append(text(left, y - 8, when[0].upper() + when[1:], "when"))
        marks += _drawn(entry, left, y)
        y += entry.height
        bottom = max(bottom, y)
    return marks, bottom


def _entry(one: Listed, tried: Tried | None) -> _Entry:
    times = tried.listed(one) if tried is not None else None
    counted = [] if times is None else [Row(f"{times} {TIMES}" if times else "never", "small times")]
    return _Entry(
        one.when,
        (
            [*(Row(line, "bold") for line in lines(one.title, 1.1 * SIZE, TITLE, 4)), *counted],
            [row for sentence in one.sentences for row in said(sentence, SAID, 1)],
            [Row(line, "small quiet") for line in lines(one.closing, SMALL, CLOSING, 2)],
        ),
    )


def _drawn(entry: _Entry, left: float, top: float) -> Iterator[str]:
    yield f'<path class="rule" d="M{number(left)} {number(top)} H{number(left + COLUMN)}"/>'
    for rows, x in zip(entry.cells, (left, left + TITLE + GAP, left + TITLE + SAID + 2 * GAP), strict=True):
        for line, row in enumerate(rows, 1):
            yield text(x, top + line * ROW - 3, row.text, row.kind)
