"""The report as one HTML page without any link to elsewhere: styles and pictures are inside."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

WIDTH, HEIGHT, MARGIN = 420, 260, 36


def page(report: dict[str, Any]) -> str:
    """`report` as `voicebot nlu evaluate --json` writes it."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    environment.filters |= {"share": _share, "interval": _interval}
    pictures = {
        language: {
            "calibration": _points([(b["confidence"], b["accuracy"], b["rows"]) for b in found["calibration"]]),
            "noise": _line([(point["rate"], point["accuracy"]) for point in found["noise"]]),
        }
        for language, found in report["languages"].items()
    }
    return environment.get_template("page.j2").render(report=report, pictures=pictures, size=(WIDTH, HEIGHT, MARGIN))


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _interval(value: Sequence[float]) -> str:
    return f"{value[0]:.2f}–{value[1]:.2f}"


def _x(share: float) -> float:
    return round(MARGIN + share * (WIDTH - 2 * MARGIN), 1)


def _y(share: float) -> float:
    return round(HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN), 1)


def _points(bins: Sequence[tuple[float, float, int]]) -> list[tuple[float, float, float]]:
    """Centre and radius of each bin's dot; its area grows with its rows."""
    most = max((rows for *_, rows in bins), default=1)
    return [
        (_x(confidence), _y(accuracy), round(3 + 9 * (rows / most) ** 0.5, 1)) for confidence, accuracy, rows in bins
    ]


def _line(points: Sequence[tuple[float, float]]) -> list[tuple[float, float, float, float]]:
    """Place on the picture, and the figures that belong to it."""
    widest = max((rate for rate, _ in points), default=0.0) or 1.0
    return [(_x(rate / widest), _y(accuracy), rate, accuracy) for rate, accuracy in points]
