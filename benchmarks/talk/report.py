"""The findings of a run as one HTML page that opens offline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from benchmarks.talk.drawing import DOT, SCALE, STRIP, WIDTH, bars, cells, strip
from benchmarks.talk.measures import Measure, verdict_counts
from benchmarks.talk.verdicts import FALSE_BARGE_INS, MISSED_BARGE_INS, Verdict
from bot.call.latency import percentiles
from bot.demo.report import STAGES

if TYPE_CHECKING:
    from benchmarks.conversation import Findings

FAILED = FALSE_BARGE_INS | MISSED_BARGE_INS | {Verdict.CUT_OFF}


def write_report(findings: Findings, path: Path) -> None:
    """Write the page; its folder is made where it is missing."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    page = environment.get_template("report.html.j2").render(
        findings=findings,
        on_the_line=[_view(measure) for measure in findings.measures],
        in_virtual_time=[_view(measure) for measure in findings.rehearsed_shares],
        bars=bars(findings.by_expectation),
        stages=STAGES,
        differences=percentiles(abs(ms) for ms in findings.edge_less_tape),
        verdicts={
            "on the switch": verdict_counts(findings.judged),
            "in virtual time": verdict_counts(findings.rehearsed),
        },
        failures=[one for one in (*findings.judged, *findings.rehearsed) if one.verdict in FAILED],
        size={"width": WIDTH, "strip": STRIP, "scale": SCALE, "dot": DOT},
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")


def _view(measure: Measure) -> dict[str, object]:
    drawn = cells(measure) if measure.unit == "%" else None
    return {"measure": measure, "strip": strip(measure) if measure.unit == "ms" else None, "cells": drawn}
