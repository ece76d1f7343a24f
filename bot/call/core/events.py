"""What can happen in a call: the inputs of the turn-taking core.

Positions are samples of the customer's audio at 8 kHz, counted from the first one that arrived.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.call.core.steps import Step
from bot.call.weighing import Bearing
from bot.vocabulary import Failure
from speech.end_of_turn import Words
from speech.tones import Tone
from telephony_bridge.line_status import Fault, HandOverFailure, HungUpBy, LineStatus


@dataclass(frozen=True, slots=True)
class Answered:
    """The customer picked up; `opening` is what the script says first. The media connects meanwhile."""

    opening: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class VoiceStarted:
    position: int


@dataclass(frozen=True, slots=True)
class VoiceStopped:
    """The voice fell silent at `position`; the detector needed `silence_ms` to be sure of it."""

    position: int
    silence_ms: float


@dataclass(frozen=True, slots=True)
class Partial:
    """Words so far, how finished they are, and what they bear on.

    `settled`: the voice has stopped, and this is what the recogniser would make of the turn if it ended here, with its
    `confidence` where it has one.
    """

    text: str
    words: Words
    bearing: Bearing
    settled: bool = False
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Utterance:
    """What the recogniser made of the customer's turn. `accepted` is False for words it does not stand by."""

    text: str
    start: int
    end: int
    confidence: float | None
    accepted: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """The recogniser has finished the turn; `bearing` as in `Partial`."""

    utterance: Utterance
    bearing: Bearing


@dataclass(frozen=True, slots=True)
class ToneHeard:
    """A machine's tone on the customer's side, recognised when it was over."""

    tone: Tone
    position: int


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """`position`: where its tone may ring in the customer's audio; None before there is audio."""

    digit: str
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """The mind's answer to turn `turn`; no steps means: nothing in it calls for an answer."""

    turn: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class PlayoutStarted:
    """`samples`: how long its audio is, at 8 kHz; None where nobody knows."""

    playout_id: str
    samples: int | None = None


@dataclass(frozen=True, slots=True)
class PlayoutEnded:
    """`heard` in samples at 8 kHz; `problem` says why it could not be played."""

    playout_id: str
    heard: int
    completed: bool
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class TimerFired:
    timer: str
    token: int


@dataclass(frozen=True, slots=True)
class Broken:
    """Something the call depends on failed; `detail` is for the operator and never spoken."""

    failure: Failure
    detail: str


@dataclass(frozen=True, slots=True)
class ControlRestored:
    """The switch can be commanded again and the leg is still there."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A colleague is on the line."""


@dataclass(frozen=True, slots=True)
class HandOverFailed:
    """Nobody took over; the leg is ours again."""

    reason: HandOverFailure


@dataclass(frozen=True, slots=True)
class Gone:
    """The leg has ended."""

    by: HungUpBy
    line_status: LineStatus
    fault: Fault
    cause: str


Event = (
    Answered
    | VoiceStarted
    | VoiceStopped
    | Partial
    | Heard
    | ToneHeard
    | KeyPressed
    | Decided
    | PlayoutStarted
    | PlayoutEnded
    | TimerFired
    | Broken
    | ControlRestored
    | HandedOver
    | HandOverFailed
    | Gone
)
