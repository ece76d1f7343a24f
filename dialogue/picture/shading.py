"""What calls or tests add to a picture: boxes filled by a figure, with a line that says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dialogue.picture.chart import Box


@dataclass(frozen=True, slots=True)
class Shade:
    """The fill of one box, a CSS colour, and a line below its words."""

    fill: str
    note: str


@dataclass(frozen=True, slots=True)
class Shading:
    """`boxes` that are filled; `legend`: each fill and what it means, after the `title`."""

    title: str = ""
    boxes: Mapping[Box, Shade] = field(default_factory=dict)
    legend: Sequence[tuple[str, str]] = ()


PLAIN = Shading()
"""Nothing is known but the script."""
