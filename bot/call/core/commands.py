"""What the turn-taking core asks its shell to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.call.answerer.classifier import Detection
from bot.call.core.events import Utterance
from bot.vocabulary import Failure, Outcome
from dialogue.prompts import Expectation, Prompt
from telephony_bridge.line_status import HandOverFailure


class Timer(StrEnum):
    NO_INPUT = "no_input"  # the customer says nothing
    END_OF_TURN = "end_of_turn"  # the customer's silence is long enough
    KEY_PAUSE = "key_pause"  # no further key
    TURN_LIMIT = "turn_limit"  # a voice that never stops
    TALK_OVER = "talk_over"  # a voice that stopped the bot and says nothing to it
    SLOW = "slow"  # recogniser or mind keep the customer waiting: say so
    HOARSE = "hoarse"  # a prompt that was sent to the line does not begin to sound
    DECISION_LIMIT = "decision_limit"  # the mind is too slow: give up
    CONTROL = "control"  # the switch stays out of reach
    CALL_LIMIT = "call_limit"  # the longest a call may last
    PLAYOUT = "playout"  # the switch never says that a prompt is over
    RECOGNITION = "recognition"  # the recogniser never says what it heard
    FAREWELL = "farewell"  # the customer still talks after the bot's last words
    LEAVING = "leaving"  # the hang-up is not confirmed
    HAND_OVER = "hand_over"  # the queue says neither yes nor no
    ANSWERER = "answerer"  # look again at who may have answered
    MACHINE_QUIET = "machine_quiet"  # the machine has fallen silent: its beep may have been missed
    MACHINE_LIMIT = "machine_limit"  # it neither beeps nor falls silent; or nobody comes after a screener


@dataclass(frozen=True, slots=True)
class Speak:
    """Play a prompt behind what is playing, from sample `start` of its audio (8 kHz) on.

    `filler`: it only bridges a delay.
    """

    playout_id: str
    prompt: Prompt
    start: int = 0
    filler: bool = False


@dataclass(frozen=True, slots=True)
class StopSpeaking:
    """Silence the line at once and forget what was queued."""


@dataclass(frozen=True, slots=True)
class Listen:
    """From the next voice on, listen for this answer."""

    expectation: Expectation


@dataclass(frozen=True, slots=True)
class Finalise:
    """The customer's turn is over: have the recogniser finish it."""


@dataclass(frozen=True, slots=True)
class Discard:
    """What the customer said so far in this turn is void: keys came, or something broke."""


@dataclass(frozen=True, slots=True)
class Consider:
    """Ask the mind what to do about what the customer said.

    `premature`: it was said before the question was heard, so it cannot be its answer.
    """

    turn: int
    utterance: Utterance
    expectation: Expectation
    premature: bool = False


@dataclass(frozen=True, slots=True)
class ConsiderKeys:
    """The same for keys. `keys` is "0" alone, or what the open question collects."""

    turn: int
    keys: str
    expectation: Expectation


class Absence(StrEnum):
    """Why there is nothing to understand."""

    SILENCE = "silence"
    NO_MATCH = "no_match"


@dataclass(frozen=True, slots=True)
class ConsiderAbsence:
    turn: int
    absence: Absence


@dataclass(frozen=True, slots=True)
class ConsiderHandOverFailure:
    """Nobody took the call over: ask the mind what to offer instead."""

    turn: int
    reason: HandOverFailure


@dataclass(frozen=True, slots=True)
class SetTimer:
    timer: Timer
    token: int
    ms: float


@dataclass(frozen=True, slots=True)
class CancelTimer:
    timer: Timer


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class RecordFailure:
    """Why the call gives up: told by an event, or by a limit that passed."""

    failure: Failure


@dataclass(frozen=True, slots=True)
class RecordAnswerer:
    """Who picked up, as far as can be told."""

    detection: Detection


@dataclass(frozen=True, slots=True)
class TransferLeg:
    queue: str


@dataclass(frozen=True, slots=True)
class HangUpLeg:
    pass


@dataclass(frozen=True, slots=True)
class EndCall:
    """Nothing more will happen; the outcome is final."""

    outcome: Outcome


Command = (
    Speak
    | StopSpeaking
    | Listen
    | Finalise
    | Discard
    | Consider
    | ConsiderKeys
    | ConsiderAbsence
    | ConsiderHandOverFailure
    | SetTimer
    | CancelTimer
    | RecordOutcome
    | RecordAnswerer
    | RecordFailure
    | TransferLeg
    | HangUpLeg
    | EndCall
)
