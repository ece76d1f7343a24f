"""How often calls came to each part of the picture, from how often they came to the script's rules and prompts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dialogue.picture.chart import Box, Chart, Edge, Kind, Listed
from dialogue.picture.layers import Node
from dialogue.picture.stories import WHEN


@dataclass(frozen=True, slots=True)
class Tried:
    """Counts by the titles of rules and stories and the names of prompts."""

    calls: int
    rules: Mapping[str, int]
    prompts: Mapping[str, int]
    stories: Mapping[str, int] = field(default_factory=dict)

    def listed(self, one: Listed) -> int | None:
        """None for what neither a rule nor a story says: it cannot be counted."""
        return (self.stories if one.when == WHEN else self.rules).get(one.title)

    def drawn(self, chart: Chart) -> dict[Node, int]:
        found: dict[Node, int] = {}
        for box in chart.boxes:
            into = sum(self._edge(edge, found) for edge in chart.edges if edge.target is box)
            out = [edge for edge in chart.edges if edge.source is box]
            found[box] = self._box(box, into, sum(self._edge(edge, found) for edge in out if edge.rules))
            found.update({edge: self._edge(edge, {**found, box: into or found[box]}) for edge in out})
        return found

    def _box(self, box: Box, into: int, out: int) -> int:
        if box.kind is Kind.QUESTION:
            return max((self.prompts.get(one.prompt, 0) for one in box.sentences), default=0)
        return max(into, out) if box.kind in {Kind.CHECK, Kind.START} else into

    def _edge(self, edge: Edge, known: Mapping[Node, int]) -> int:
        """An edge without a rule only goes on from its box."""
        return sum(self.rules.get(title, 0) for title in edge.rules) if edge.rules else known.get(edge.source, 0)
