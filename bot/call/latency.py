"""How long the customer waited for each answer, whole and by stage. Derived from the tape.

Response time is the silence the customer hears: from the last sample of their voice to the first sample of
the bot's. These are the call's own clocks; the benchmark measures the same at the switch's edge.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.vocabulary import Answerer
from speech.audio import TELEPHONE

Row = Mapping[str, Any]


class Stage(StrEnum):
    """In the order they follow each other; together they are the response time."""

    END_OF_TURN = "end_of_turn"  # waiting to be sure that the customer has finished
    RECOGNITION = "recognition"  # the recogniser's last words
    THINKING = "thinking"  # understanding and dialogue
    SPEAKING = "speaking"  # rendering, and the switch's start of the playout


@dataclass(frozen=True, slots=True)
class Response:
    """One answer of the bot; times in milliseconds, `began` on the call's clock.

    `bridged`: the silence ended with "one moment"; `began` and `total` are up to that, and so are the stages, of which
    those that came later are 0.
    """

    turn: int
    began: float
    total: float
    stages: Mapping[Stage, float]
    bridged: bool


def responses(rows: Iterable[Row]) -> list[Response]:
    """The answers to spoken turns, from the lines of a tape.

    None for a turn that was spoken into a prompt, so that no silence followed it, and none where the customer spoke
    again before the answer.
    """
    held = list(rows)
    follower = _Follower(audio_origin(held))
    found = (follower.take(row) for row in held)
    return [response for response in found if response is not None]


def audio_origin(rows: Iterable[Row]) -> float | None:
    """The time of the recording's sample 0 on the call's clock; None while the call is under way, or without audio."""
    return next((float(row["ms"]) for row in rows if row["kind"] == "audio_origin"), None)


def voice_end(stopped: Row, origin: float | None) -> float:
    """When a voice ended, by its sample. Without the audio's origin by the report of it, which may have come late."""
    if origin is None:
        return float(stopped["t"]) - float(stopped["silence_ms"])
    return origin + TELEPHONE.ms_for(int(stopped["position"]))


def span(utterance: Row) -> tuple[int, int]:
    """What tells the utterances of a call apart: the samples from which to which each goes."""
    return int(utterance["start"]), int(utterance["end"])


@dataclass(slots=True)
class _Wait:
    """The customer's wait for the answer to one utterance; times as they become known."""

    voice_ended: float
    finalised: float
    heard: float = 0.0
    turn: int = 0
    decided: float | None = None
    answers: set[str] = field(default_factory=set)
    """The playouts that answer it: sent once it was decided. What is said on was begun before and is none of them."""


class _Follower:
    """Follows the lines of a tape from a voice's end to the answer."""

    def __init__(self, origin: float | None) -> None:
        self._origin = origin
        self._sounding: set[str] = set()
        self._fillers: set[str] = set()
        self._voice_ended: float | None = None
        self._bridged_at: float | None = None
        self._finalised: list[_Wait | None] = []
        self._heard: dict[tuple[int, int], _Wait] = {}
        self._wait: _Wait | None = None

    def take(self, row: Row) -> Response | None:
        """The response that this line completes."""
        t = float(row["t"])
        match row["kind"]:
            case "speak":
                self._sent(row)
            case "playout_started":
                return self._sounds(row["playout_id"], t)
            case "playout_ended":
                self._sounding.discard(row["playout_id"])
            case "broken" | "record_failure":
                self._wait = None  # what is said next is an apology
            case "record_answerer" if row["detection"]["answerer"] not in {Answerer.HUMAN, Answerer.UNCERTAIN}:
                self._wait = None  # what is said next is said to a machine
            case _:
                self._customer(row, t)
        return None

    def _customer(self, row: Row, t: float) -> None:
        match row["kind"]:
            case "voice_started":
                self._spoke_again()
            case "voice_stopped":
                self._voice_ended = voice_end(row, self._origin) if not self._sounding else None
                self._bridged_at = None
            case "finalise":
                ended, self._voice_ended = self._voice_ended, None
                self._finalised.append(None if ended is None else _Wait(ended, t))
            case "heard" if self._finalised:
                wait = self._finalised.pop(0)
                if wait is not None:
                    wait.heard = t
                    self._heard[span(row["utterance"])] = wait
            case "consider":
                self._wait = self._heard.pop(span(row["utterance"]), None)
                if self._wait is not None:
                    self._wait.turn = int(row["turn"])
            case "consider_keys" | "consider_absence" | "consider_hand_over_failure":
                self._wait = None
            case "decided" if self._wait is not None and self._wait.turn == row["turn"]:
                self._wait.decided = t
                if not row["steps"]:
                    self._wait = None

    def _spoke_again(self) -> None:
        """Whoever speaks does not wait."""
        self._finalised = [None for _ in self._finalised]
        self._heard.clear()
        self._voice_ended = self._wait = None

    def _sent(self, speak: Row) -> None:
        if speak.get("filler", False):
            self._fillers.add(speak["playout_id"])
        elif self._wait is not None and self._wait.decided is not None and not speak.get("start", 0):
            self._wait.answers.add(speak["playout_id"])

    def _sounds(self, playout_id: str, t: float) -> Response | None:
        if playout_id in self._fillers:
            self._bridged_at = t if self._bridged_at is None else self._bridged_at
            return None
        self._sounding.add(playout_id)
        wait = self._wait
        if wait is None or wait.decided is None or playout_id not in wait.answers:
            return None
        self._wait = None
        return _response(wait, wait.decided, t, self._bridged_at)


def _response(wait: _Wait, decided: float, began: float, bridged_at: float | None) -> Response:
    sound = began if bridged_at is None else bridged_at
    times = [min(t, sound) for t in (wait.voice_ended, wait.finalised, wait.heard, decided, began)]
    stages = {stage: until - since for stage, since, until in zip(Stage, times[:-1], times[1:], strict=True)}
    return Response(wait.turn, sound, sound - wait.voice_ended, stages, bridged=bridged_at is not None)


def percentiles(values: Iterable[float]) -> dict[str, float] | None:
    """p50, p95 and p99 (nearest rank), or None without values."""
    ordered = sorted(values)
    if not ordered:
        return None
    return {f"p{p}": round(ordered[max(0, -(-len(ordered) * p // 100) - 1)], 1) for p in (50, 95, 99)}
