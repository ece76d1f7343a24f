"""The bot's answers to what customers said: their response times at the edge, beside what the tape says of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from benchmarks.edge import EdgeRecording
from benchmarks.talk.held import HeldCall, Row
from benchmarks.talk.trial import NOISES
from bot.call.latency import Response, Stage, responses

SAME_WITHIN_MS = 400
"""An answer on the tape and one on the recording are the same if they begin this close; answers lie seconds apart."""

FREE = "free"
REQUEST = "request"


@dataclass(frozen=True, slots=True)
class Answered:
    """`expects`: the answer that the open question declared, or `request` for words that were no answer to it.

    `ms` at the edge; `on_tape` by the call's own clocks: from the sample at which its ears say that the voice ended to
    the first sound of the bot. `stages` are those of `bot.call.latency` and add up to `on_tape`.
    """

    number: str
    expects: str
    at_ms: float
    ms: float
    on_tape: float
    stages: Mapping[Stage, float]


def answered(call: HeldCall) -> list[Answered]:
    """Every answer on the tape that the recording of the line shows, too. Of a rehearsed call: none."""
    if call.recording is None:
        return []
    at_edge = EdgeRecording(call.recording).responses()
    found = []
    for response in responses(call.rows):
        if _to_noise(call, response):
            continue
        near = min(at_edge, key=lambda edge: abs(edge.at_ms - response.began), default=None)
        if near is None or abs(near.at_ms - response.began) > SAME_WITHIN_MS:
            continue
        expects = _expects(call.rows, response)
        if expects is not None:
            found.append(Answered(call.number, expects, near.at_ms, near.ms, response.total, response.stages))
    return found


def _before(rows: Iterable[Row], kind: str, response: Response) -> Row:
    """The last line of a kind before the answer began."""
    return [row for row in rows if row["kind"] == kind and row["t"] < response.began][-1]


def _to_noise(call: HeldCall, response: Response) -> bool:
    """An answer to a sound that meant nothing is a false barge-in and no response."""
    began = _before(call.rows, "voice_started", response)["t"]
    return any(one.kind in NOISES and one.at <= began <= one.done for one in call.trials)


def _expects(rows: Iterable[Row], response: Response) -> str | None:
    """None where the dialogue was told nothing, as of a silence."""
    turns = [row for row in rows if row.get("turn") == response.turn]
    asked = next((row["expectation"] for row in turns if row["kind"] == "consider"), None)
    told = next((row["intent"] for row in turns if row["kind"] == "told"), None)
    if asked is None or told is None:
        return None
    answers = told == "inform" or told in asked["choices"]
    if asked["answer"] == FREE:
        return FREE
    return str(asked["answer"]) if answers and asked["answer"] is not None else REQUEST
