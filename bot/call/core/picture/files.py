"""The two files in docs/ that are made from the core."""

from __future__ import annotations

from bot.call.core.picture.arrows import arrows
from bot.call.core.picture.drawing import svg
from bot.call.core.picture.exploration import explore
from bot.call.core.picture.page import markdown

PICTURE, PAGE = "turn_taking.svg", "turn_taking.md"


def files() -> dict[str, str]:
    """Their contents by name."""
    edges = explore()
    return {PICTURE: svg(arrows(edges)), PAGE: markdown(edges, PICTURE)}
