"""The demo's report: one page that opens offline, with sound, pictures and words of every call."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.call.latency import Response, Stage
from bot.call.transcript import SpokenTurn
from bot.demo.results import DemoCall, response_times
from bot.demo.waveform import LANE, WIDTH, Waveform, waveform
from bot.machine import machine

STAGES = {
    Stage.END_OF_TURN: ("end of turn", "#8d99ae"),
    Stage.RECOGNITION: ("recognition", "#4c9f70"),
    Stage.THINKING: ("understanding and dialogue", "#e09f3e"),
    Stage.SPEAKING: ("start of speech", "#3d5a80"),
}


@dataclass(frozen=True, slots=True)
class _Segment:
    """Part of a bar, in per cent of the longest response."""

    name: str
    colour: str
    ms: int
    percent: float


@dataclass(frozen=True, slots=True)
class _Bar:
    words: str
    total: int
    segments: tuple[_Segment, ...]


@dataclass(frozen=True, slots=True)
class _CallView:
    """One call as the page shows it."""

    call: DemoCall
    audio: str | None
    waveform: Waveform | None
    turns: tuple[SpokenTurn, ...]
    bars: tuple[_Bar, ...]


def write_report(calls: Sequence[DemoCall], folder: Path) -> Path:
    """Write `report.html` into the folder and return its path. Recordings are linked, not copied."""
    longest = max((response.total for call in calls for response in call.responses), default=1.0)
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    page = environment.get_template("report.html.j2").render(
        calls=[_view(call, folder, longest) for call in calls],
        times=response_times(calls),
        stages=STAGES.values(),
        width=WIDTH,
        lane=LANE,
        machine=machine(),
    )
    path = folder / "report.html"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")
    return path


def _view(call: DemoCall, folder: Path, longest: float) -> _CallView:
    recording = call.result.recording
    return _CallView(
        call,
        os.path.relpath(recording, folder) if recording is not None else None,
        waveform(recording) if recording is not None else None,
        call.turns,
        tuple(_bar(call, response, longest) for response in call.responses),
    )


def _bar(call: DemoCall, response: Response, longest: float) -> _Bar:
    answer = next((turn.text for turn in call.turns if turn.start_ms == response.began), "")
    segments = tuple(
        _Segment(name, colour, round(response.stages[stage]), response.stages[stage] / longest * 100)
        for stage, (name, colour) in STAGES.items()
    )
    return _Bar(answer, round(response.total), segments)
