"""The report as one page that opens offline."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.insight import wording
from bot.insight.report import Report
from bot.insight.summary import GOOD, NEITHER, CallMeasure, QuestionMeasure


def write_page(found: Report, clips: Sequence[Path | None], path: Path) -> None:
    """`clips`: a file for each of the report's worst turns, where one was cut; they are linked, not copied.

    Raises `OSError` where the page cannot be written.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters |= {
        "percent": wording.percent,
        "bounds": wording.bounds,
        "points": wording.points,
        "seconds": wording.seconds,
        "clock": wording.clock,
        "hang_ups": wording.hang_ups,
    }
    linked = [None if clip is None else os.path.relpath(clip, path.parent) for clip in clips]
    page = environment.get_template("page.html.j2").render(
        report=found,
        clips=linked or [None] * len(found.worst),
        calls=list(found.version.rates),
        questions=[one for one in QuestionMeasure if _counted(found, one)],
        plain=CallMeasure.HANDED_OVER,
        names=wording.NAMES,
        at_question=wording.AT_QUESTION,
        good=GOOD,
        neither=NEITHER,
    )
    path.write_text(page, encoding="utf-8")


def _counted(found: Report, measure: QuestionMeasure) -> bool:
    return any(measure in question.rates for question in found.version.questions)
