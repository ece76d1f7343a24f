"""What the demo found, as data: one entry a call, derived from its tape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.call.latency import Response, percentiles, responses
from bot.call.order import CallResult
from bot.call.tape import read_tape
from bot.call.transcript import SpokenTurn, transcript
from bot.simulation.persona import Persona


@dataclass(frozen=True, slots=True)
class DemoCall:
    """One finished call. `recording` is None for a call in text, which has no response times either."""

    persona: Persona
    language: str
    result: CallResult
    turns: tuple[SpokenTurn, ...]
    responses: tuple[Response, ...]

    @property
    def as_expected(self) -> bool:
        return self.result.outcome is self.persona.expected_outcome

    @property
    def in_text(self) -> bool:
        return self.result.recording is None


def demo_call(persona: Persona, language: str, result: CallResult) -> DemoCall:
    """Read the call's tape. Times of a text call are virtual, so it has no responses."""
    _, rows = read_tape(result.tape)
    spoken = tuple(responses(rows)) if result.recording is not None else ()
    return DemoCall(persona, language, result, tuple(transcript(rows)), spoken)


def response_times(calls: Sequence[DemoCall]) -> dict[str, float] | None:
    """p50, p95 and p99 in milliseconds over all spoken turns; None where there were none."""
    return percentiles(response.total for call in calls for response in call.responses)


def as_json(calls: Sequence[DemoCall]) -> dict[str, Any]:
    """The shape of `voicebot demo --json`."""
    return {"calls": [_call(call) for call in calls], "response_ms": response_times(calls)}


def _call(call: DemoCall) -> dict[str, Any]:
    return {
        "script": call.persona.script,
        "language": call.language,
        "customer": call.persona.name,
        "mode": "text" if call.in_text else "audio",
        "expected_outcome": call.persona.expected_outcome.value,
        "outcome": call.result.outcome.value,
        "turns": [_turn(turn, call.in_text) for turn in call.turns],
        "tape": _path(call.result.tape),
        "recording": _path(call.result.recording),
    }


def _turn(turn: SpokenTurn, in_text: bool) -> dict[str, Any]:
    return {
        "who": turn.who.value,
        "text": turn.text,
        "intent": turn.intent,
        "probability": turn.probability,
        "sentiment": turn.sentiment,
        "response_ms": None if in_text or turn.response_ms is None else round(turn.response_ms),
        "start_ms": round(turn.start_ms),
        "end_ms": round(turn.end_ms),
        "interrupted": turn.interrupted,
        "understood": turn.understood,
        "prompt": turn.prompt,
    }


def _path(path: Path | None) -> str | None:
    return str(path) if path is not None else None
