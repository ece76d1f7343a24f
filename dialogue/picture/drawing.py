"""The picture as SVG: title and legend, the boxes with their edges, and below them the rules that hold anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from dialogue.picture.chart import Box, Chart, Edge, Fills, Kind
from dialogue.picture.layers import Node, Rectangle, layout
from dialogue.picture.lettering import lines
from dialogue.picture.listing import listing
from dialogue.picture.marks import MARK, SMALL, TIMES, Row, number, rectangle, said, text
from dialogue.picture.tried import Tried

MARGIN = 30.0
HEAD, FILLS = 96.0, 22.0
"""Height above the boxes, and what the line about their fills adds to it."""
PAD = 10.0
SENTENCE_LINES = 2
LABEL_ITEMS = 5
WIDTHS = {Kind.START: 190.0, Kind.CHECK: 200.0, Kind.BACK: 190.0}
BOX, LABEL = 262.0, 158.0

STYLE = f"""\
text {{ font: 13px Verdana, 'DejaVu Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif; \
fill: #1d2733 }}
.head {{ font-size: 20px; font-weight: bold }} .small {{ font-size: {SMALL:.0f}px }} .bold {{ font-weight: bold }}
.legal {{ fill: #8a1c1c }} .quiet {{ fill: #4c6073; font-style: italic }} .when {{ fill: #24507c; font-weight: bold }}
.box {{ fill: #ffffff; stroke: #33475b; stroke-width: 1.4 }}
.start {{ fill: #33475b }} .on-start {{ fill: #ffffff; font-weight: bold }}
.question {{ fill: #dfecfb; stroke-width: 2 }} .check {{ fill: #fdf3d4 }} .back {{ stroke-dasharray: 5 3 }}
.hangs_up {{ fill: #e9ecef; stroke-width: 3 }} .hands_over {{ fill: #dcf1e2; stroke: #1d6b3a; stroke-width: 3 }}
.edge {{ fill: none; stroke: #6b7f93; stroke-width: 1.3 }} .tip {{ marker-end: url(#tip) }}
.rule {{ stroke: #d3dce5 }} .times {{ font-weight: bold }}
.box.tried {{ fill: #cdeccf }} .box.start.tried {{ fill: #33475b }} .edge.tried {{ stroke: #2c6e3f; stroke-width: 2 }}
.box.never {{ fill: #ffffff; stroke: #8a8f95; stroke-dasharray: 3 4 }} .edge.never {{ stroke-dasharray: 3 4 }}
.box.start.never {{ fill: #33475b }}"""

LEGEND = {
    Kind.QUESTION: "the bot asks",
    Kind.SAYS: "the bot says",
    Kind.CHECK: "a value is checked",
    Kind.BACK: "drawn elsewhere",
    Kind.HANGS_UP: "the call ends",
    Kind.HANDS_OVER: "a colleague takes over",
}


def svg(chart: Chart, title: str, note: str, tried: Tried | None = None) -> str:
    """The whole picture; `note` stands small beside the title. `tried` marks what calls came to, and how often."""
    times = tried.drawn(chart) if tried is not None else {}
    rows = {box: [*_rows(box), *_counted(box, times)] for box in chart.boxes}
    labels = {edge: [*_label(edge), *_counted(edge, times)] for edge in chart.edges}

    def size(node: Node) -> tuple[float, float]:
        if isinstance(node, Box):
            return _width(node), sum(row.height for row in rows[node]) + 2 * PAD
        return (LABEL, sum(row.height for row in labels[node]) + 4) if labels[node] else (8.0, 0.0)

    head = HEAD + (FILLS if chart.fills is not None else 0.0)
    places = {node: _moved(place, MARGIN, head) for node, place in layout(chart, size).items()}
    below = max((place.bottom for place in places.values()), default=head) + MARGIN
    right = max([place.right for place in places.values()] + [1000.0])
    listed, bottom = listing(chart.listed, MARGIN, below, right - MARGIN, tried)
    wide, high = right + MARGIN, bottom + MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(wide)} {number(high)}" '
        f'width="{number(wide)}" height="{number(high)}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>{STYLE}</style>",
        '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
        'orient="auto"><path d="M0 0 L10 5 L0 10 z" fill="#6b7f93"/></marker></defs>',
        f'<rect width="{number(wide)}" height="{number(high)}" fill="#fbfcfe"/>',
        *_fills(chart.fills),
        text(MARGIN, 40, title, "head"),
        text(MARGIN, 60, note, "small quiet"),
        *_legend(tried),
        *_edges(chart, places, times),
        *(part for edge, those in labels.items() for part in _lettered(places[edge], those, 2.0, centred=True)),
        *(part for box in chart.boxes for part in _boxed(box, places[box], rows[box], times.get(box))),
        *listed,
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _rows(box: Box) -> list[Row]:
    room = _width(box) - 2 * PAD
    title = [Row(line, "on-start" if box.kind is Kind.START else "bold") for line in _titled(box.title, room)]
    words = [row for sentence in box.sentences for row in said(sentence, room, SENTENCE_LINES)]
    closing = [Row(line, "small quiet") for line in lines(box.closing, SMALL, room, 2) if line]
    closing += [Row(line, "small bold") for line in lines(box.note, SMALL, room, 1) if line]
    return [*title, *words, *closing] if box.kind is Kind.QUESTION else [*words, *title, *closing]


def _titled(title: str, room: float) -> list[str]:
    return [line for line in lines(title, 14.5, room, 2) if line]


def _width(box: Box) -> float:
    return WIDTHS.get(box.kind, BOX)


def _label(edge: Edge) -> list[Row]:
    items = list(dict.fromkeys(item for label in edge.labels for item in label.split(", ")))
    shown = items[:LABEL_ITEMS] + ([f"and {len(items) - LABEL_ITEMS} more"] if len(items) > LABEL_ITEMS else [])
    return [Row(line, "small") for line in lines(", ".join(shown), SMALL, LABEL, 5) if line]


def _moved(place: Rectangle, right: float, down: float) -> Rectangle:
    return Rectangle(place.left + right, place.top + down, place.width, place.height)


def _counted(node: Node, times: Mapping[Node, int]) -> list[Row]:
    """How often calls came to it; of an edge without a rule, its box says so already."""
    if node not in times or (isinstance(node, Edge) and not node.rules):
        return []
    return [Row(f"{times[node]} {TIMES}" if times[node] else "never", "small times")]


def _legend(tried: Tried | None) -> Iterator[str]:
    signs = {str(kind): meaning for kind, meaning in LEGEND.items()}
    yield from _signs(signs, MARGIN)
    left = MARGIN + _room(signs)
    yield text(left, 81, f"{MARK} legal: said to its end", "small legal")
    if tried is not None:
        counts = {"tried": f"of {tried.calls} calls, so many came to it", "never": "no call came to it"}
        yield from _signs(counts, left + 190)


def _signs(meanings: Mapping[str, str], left: float) -> Iterator[str]:
    for kind, meaning in meanings.items():
        yield rectangle(Rectangle(left, 70, 22, 14), f"box {kind}", 3)
        yield text(left + 28, 81, meaning, "small")
        left += _room({kind: meaning})


def _fills(fills: Fills | None) -> Iterator[str]:
    if fills is None:
        return
    yield text(MARGIN, 103, fills.title, "small bold")
    left = MARGIN + 8.8 * len(fills.title)
    for fill, meaning in fills.meanings:
        yield rectangle(Rectangle(left, 92, 22, 14), "box question", 3, fill)
        yield text(left + 28, 103, meaning, "small")
        left += 40 + 7.0 * len(meaning)


def _room(meanings: Mapping[str, str]) -> float:
    return sum(40 + 7.0 * len(meaning) for meaning in meanings.values())


def _boxed(box: Box, place: Rectangle, rows: Sequence[Row], times: int | None) -> Iterator[str]:
    radius = place.height / 2 if box.kind in {Kind.START, Kind.CHECK, Kind.BACK} else 6
    yield rectangle(place, f"box {box.kind}{_state(times)}", radius, box.fill)
    yield from _lettered(place, rows, PAD, centred=box.kind in {Kind.START, Kind.CHECK, Kind.BACK})


def _state(times: int | None) -> str:
    """For black and white, too: what was never reached has a broken line."""
    return "" if times is None else " tried" if times else " never"


def _lettered(place: Rectangle, rows: Sequence[Row], down: float, *, centred: bool) -> Iterator[str]:
    y = place.top + down
    for row in rows:
        y += row.height
        yield text(place.centre if centred else place.left + PAD, y - 4, row.text, row.kind, centred=centred)


@dataclass(frozen=True, slots=True)
class _Bend:
    """From (x, y) straight down to `level`, so that boxes beside are kept clear of, then in a curve to the end."""

    x: float
    y: float
    level: float
    end_x: float
    end_y: float

    def path(self, kind: str) -> str:
        x, end_x, middle = number(self.x), number(self.end_x), number((self.level + self.end_y) / 2)
        down = f"M{x} {number(self.y)} V{number(self.level)}"
        return f'<path class="{kind}" d="{down} C{x} {middle} {end_x} {middle} {end_x} {number(self.end_y)}"/>'


def _edges(chart: Chart, places: dict[Node, Rectangle], times: Mapping[Node, int]) -> Iterator[str]:
    levels: dict[float, float] = {}
    for place in places.values():
        levels[place.top] = max(levels.get(place.top, 0.0), place.bottom)
    for edge in chart.edges:
        source, label, target = places[edge.source], places[edge], places[edge.target]
        state = _state(times.get(edge))
        yield _Bend(source.centre, source.bottom, levels[source.top], label.centre, label.top).path(f"edge{state}")
        yield _Bend(label.centre, label.bottom, levels[label.top], target.centre, target.top).path(f"edge tip{state}")
