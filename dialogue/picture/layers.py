"""What is drawn where: boxes in layers by depth, the labels of edges in layers between them, few lines crossing.

The usual way for layered graphs: order each layer by where its neighbours are, over and over, and keep the order with
the fewest crossings; then move everything as near to its neighbours as it can go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dialogue.picture.chart import Box, Chart, Edge

SWEEPS = 24
ACROSS, DOWN = 18.0, 22.0
"""The least distances between neighbours."""

Node = Box | Edge
Layer = list[Node]


@dataclass(frozen=True, slots=True)
class Rectangle:
    left: float
    top: float
    width: float
    height: float

    @property
    def centre(self) -> float:
        return self.left + self.width / 2

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def meets(self, other: Rectangle) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


Size = Callable[[Node], tuple[float, float]]


def layout(chart: Chart, size: Size) -> dict[Node, Rectangle]:
    """The place of each box, and of each edge's label; `size` gives width and height."""
    if not chart.boxes:
        return {}
    neighbours = _Neighbours(chart)
    layers = _ordered(_layers(chart), neighbours)
    centres = _centres(layers, neighbours, size)
    leftmost = min(centres[node] - size(node)[0] / 2 for layer in layers for node in layer)
    places: dict[Node, Rectangle] = {}
    top = 0.0
    for layer in layers:
        for node in layer:
            width, height = size(node)
            places[node] = Rectangle(centres[node] - width / 2 - leftmost, top, width, height)
        top += max((size(node)[1] for node in layer), default=0.0) + DOWN
    return places


class _Neighbours:
    def __init__(self, chart: Chart) -> None:
        self.above: dict[Node, list[Node]] = {}
        self.below: dict[Node, list[Node]] = {}
        for edge in chart.edges:
            for upper, lower in ((edge.source, edge), (edge, edge.target)):
                self.below.setdefault(upper, []).append(lower)
                self.above.setdefault(lower, []).append(upper)


def _layers(chart: Chart) -> list[Layer]:
    """Boxes and labels by turns, at first in the order in which a walk from the top comes to them."""
    layers: list[Layer] = [[] for _ in range(2 * max(box.depth for box in chart.boxes) + 1)]
    seen: set[Box] = set()

    def visit(box: Box) -> None:
        seen.add(box)
        layers[2 * box.depth].append(box)
        for edge in chart.edges:
            if edge.source is box:
                layers[2 * box.depth + 1].append(edge)
                if edge.target not in seen:
                    visit(edge.target)

    for box in chart.boxes:
        if box not in seen:
            visit(box)
    return layers


def _ordered(layers: list[Layer], neighbours: _Neighbours) -> list[Layer]:
    best, fewest = layers, _crossings(layers, neighbours)
    for sweep in range(SWEEPS):
        layers = [list(layer) for layer in layers]
        beside, order = (neighbours.above, layers) if sweep % 2 == 0 else (neighbours.below, layers[::-1])
        for fixed, moving in pairwise(order):
            rank = {node: float(number) for number, node in enumerate(fixed)}
            own = {node: float(number) for number, node in enumerate(moving)}
            moving.sort(key=lambda node: _mean([rank[one] for one in beside.get(node, [])], own[node]))
        crossings = _crossings(layers, neighbours)
        if crossings < fewest:
            best, fewest = layers, crossings
    return best


def _crossings(layers: Sequence[Layer], neighbours: _Neighbours) -> int:
    found = 0
    for upper, lower in pairwise(layers):
        rank = {node: number for number, node in enumerate(lower)}
        ends = [rank[below] for node in upper for below in sorted(neighbours.below.get(node, []), key=rank.__getitem__)]
        found += sum(later < earlier for number, earlier in enumerate(ends) for later in ends[number + 1 :])
    return found


def _centres(layers: Sequence[Layer], neighbours: _Neighbours, size: Size) -> dict[Node, float]:
    centres: dict[Node, float] = {}
    for layer in layers:
        _settle(layer, [0.0] * len(layer), size, centres)
    down = (layers, neighbours.above)
    up = (layers[::-1], neighbours.below)
    for order, beside in [down, up] * SWEEPS + [down]:
        for layer in order:
            wanted = [_mean([centres[one] for one in beside.get(node, [])], centres[node]) for node in layer]
            _settle(layer, wanted, size, centres)
    return centres


def _settle(layer: Layer, wanted: Sequence[float], size: Size, centres: dict[Node, float]) -> None:
    """Put a layer as near to the wanted centres as its order allows: least squares, by pooling what is too near."""
    offsets = [0.0]
    for one, other in pairwise(layer):
        offsets.append(offsets[-1] + (size(one)[0] + size(other)[0]) / 2 + ACROSS)
    pools: list[list[float]] = []
    for centre, offset in zip(wanted, offsets, strict=False):
        pools.append([centre - offset])
        while len(pools) > 1 and _mean(pools[-2], 0) > _mean(pools[-1], 0):
            last = pools.pop()
            pools[-1] += last
    shifts = [_mean(pool, 0) for pool in pools for _ in pool]
    centres |= {node: shift + offset for node, shift, offset in zip(layer, shifts, offsets, strict=False)}


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
