"""The picture: boxes, frames, curved arrows and their labels, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import hypot

from bot.call.core.picture.arrows import Arrow, End, Frame
from bot.call.core.picture.exploration import Node
from bot.call.core.picture.places import COURSES, FRAMES, HEIGHT, WIDTH, Course, Rectangle, box_of, rectangle_of

Point = tuple[float, float]

SIZE = 13
LINE_HEIGHT = 16
CHARACTER = 7.3
"""Width of a character of that size in the widest of the usual fonts."""
BEND = 34.0
"""So the two arrows between the same boxes keep apart."""

STYLE = f"""\
text {{ font: {SIZE}px Verdana, 'DejaVu Sans', Arial, sans-serif; fill: #1d2733 }}
.box {{ fill: #ffffff; stroke: #33475b; stroke-width: 1.6 }}
.talk {{ fill: #e3eefc }} .end {{ fill: #eceff1 }} .broken {{ fill: #fdeae4 }}
.frame {{ fill: none; stroke: #9fb1c4; stroke-dasharray: 6 4 }}
.name {{ font-size: 15px; font-weight: bold; text-anchor: middle }}
.title {{ fill: #5b7086; font-style: italic }}
.arrow {{ fill: none; stroke: #55697d; stroke-width: 1.4; marker-end: url(#head) }}
.label {{ fill: #ffffff; fill-opacity: 0.9 }}"""

LEGEND = (
    "CamelCase: an event and its kind. lower_case: a timer that has run out. Behind the slash: what the core commands.",
    "An arrow at a dashed frame stands for more than one of the states in it.",
)

KINDS = {
    **dict.fromkeys((Node.SPEAKING, Node.LISTENING, Node.PAUSED, Node.THINKING), "box talk"),
    **dict.fromkeys((Node.APOLOGISING, Node.OUT_OF_REACH), "box broken"),
    **dict.fromkeys((Node.LEAVING, Node.ENDED), "box end"),
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """An arrow with its curve (begin, control point, end) and the place of its label."""

    arrow: Arrow
    curve: tuple[Point, Point, Point]
    label: Rectangle


def drawn(arrow: Arrow) -> Drawn:
    course = COURSES.get((arrow.source, arrow.target), Course(BEND))
    source, target = rectangle_of(arrow.source), rectangle_of(arrow.target)
    begin, end = course.begin or source.centre, course.end or target.centre
    control = _control(begin, end, course.bend)
    begin = course.begin or _border(source, control)
    end = course.end or _border(target, control)
    x, y = course.at or _middle(begin, control, end)
    wide, high = max(map(len, arrow.label)) * CHARACTER + 6, len(arrow.label) * LINE_HEIGHT + 4
    return Drawn(arrow, (begin, control, end), Rectangle(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2))


def _control(begin: Point, end: Point, bend: float) -> Point:
    """The curve leaves the straight line by `bend` in its middle."""
    dx, dy = end[0] - begin[0], end[1] - begin[1]
    length = hypot(dx, dy)
    return (begin[0] + end[0]) / 2 + 2 * bend * dy / length, (begin[1] + end[1]) / 2 - 2 * bend * dx / length


def _border(box: Rectangle, towards: Point) -> Point:
    """Where the line from the centre of a box to a point leaves the box."""
    x, y = box.centre
    dx, dy = towards[0] - x, towards[1] - y
    across = (box.right - box.left) / 2 / abs(dx) if dx else float("inf")
    down = (box.bottom - box.top) / 2 / abs(dy) if dy else float("inf")
    share = min(across, down)
    return x + dx * share, y + dy * share


def _middle(begin: Point, control: Point, end: Point) -> Point:
    return (begin[0] + 2 * control[0] + end[0]) / 4, (begin[1] + 2 * control[1] + end[1]) / 4


def svg(arrows: Sequence[Arrow]) -> str:
    """The whole picture."""
    all_drawn = [drawn(arrow) for arrow in arrows]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img">',
        "<title>The turn-taking core</title>",
        f"<style>{STYLE}</style>",
        '<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
        'orient="auto"><path d="M0 0 L10 5 L0 10 z" fill="#55697d"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fbfcfe"/>',
        *(_frame(frame) for frame in Frame),
        *(_curve(one) for one in all_drawn),
        *(_box(node) for node in Node),
        *(_label(one) for one in all_drawn),
        *(
            f'<text class="title" x="{FRAMES[Frame.CALL].left:.0f}" y="{HEIGHT - 28 + 17 * number}">{line}</text>'
            for number, line in enumerate(LEGEND)
        ),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _frame(frame: Frame) -> str:
    place = FRAMES[frame]
    return (
        f'{_rectangle(place, "frame", 14)}\n<text class="title" x="{place.left + 12:.0f}" y="{place.top + 17:.0f}">'
        f"{frame}</text>"
    )


def _box(node: Node) -> str:
    place = box_of(node)
    x, y = place.centre
    name = node.value.replace("_", " ")
    return (
        f'{_rectangle(place, KINDS.get(node, "box"), 10)}\n<text class="name" x="{x:.0f}" y="{y + 5:.0f}">{name}</text>'
    )


def _curve(one: Drawn) -> str:
    (x0, y0), (x1, y1), (x2, y2) = one.curve
    return f'<path class="arrow" d="M{x0:.0f} {y0:.0f} Q{x1:.0f} {y1:.0f} {x2:.0f} {y2:.0f}"/>'


def _label(one: Drawn) -> str:
    place = one.label
    lines = "".join(
        f'<tspan x="{place.left + 4:.0f}" y="{place.top + LINE_HEIGHT * number - 2:.0f}">{escape(line)}</tspan>'
        for number, line in enumerate(one.arrow.label, start=1)
    )
    return f"{_rectangle(place, 'label', 3)}\n<text>{lines}</text>"


def _rectangle(place: Rectangle, kind: str, radius: int) -> str:
    return (
        f'<rect class="{kind}" x="{place.left:.0f}" y="{place.top:.0f}" width="{place.right - place.left:.0f}" '
        f'height="{place.bottom - place.top:.0f}" rx="{radius}"/>'
    )


def overlapping(arrows: Sequence[Arrow]) -> list[tuple[End, End]]:
    """The arrows whose labels cannot be read: they lie on another label, on a box, or outside the picture."""
    labels = [drawn(arrow) for arrow in arrows]
    paper = Rectangle(0, 0, WIDTH, HEIGHT)
    found = []
    for one in labels:
        others = [other.label for other in labels if other is not one] + [box_of(node) for node in Node]
        inside = paper.left <= one.label.left and one.label.right <= paper.right
        inside = inside and paper.top <= one.label.top and one.label.bottom <= paper.bottom
        if not inside or any(one.label.meets(other) for other in others):
            found.append((one.arrow.source, one.arrow.target))
    return found
