"""The state of a call's turn-taking, its timing, and the builder that the decisions work with."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from bot.call.answerer.classifier import AnswererState
from bot.call.core.commands import CancelTimer, Command, SetTimer, Timer
from bot.call.core.events import Utterance
from bot.call.core.steps import HandOver, HangUp, Say, Step
from bot.vocabulary import Answerer, Outcome
from dialogue.prompts import Expectation, Prompt
from dialogue.script import Treatment
from speech.end_of_turn import Pauses, Words


@dataclass(frozen=True, slots=True)
class Timing:
    """How long the call waits for what, in milliseconds."""

    no_input_ms: float = 5000
    """Silence after a question before the script is told. People take 0.2 s to answer, and some need to think."""
    slow_ms: float = 1700
    """So long after the customer's last sound the bot says "one moment" if it has nothing else to say, and again
    after each such sentence: no silence passes two seconds, the 0.2 s to start a playout included."""
    decision_limit_ms: float = 12_000
    """A mind slower than this is broken. A dialogue worker that is the only one needs 5 to 10 s to be started anew."""
    key_pause_ms: float = 3000
    """After this pause the keys pressed so far are the answer."""
    lone_zero_ms: float = 1500
    """A zero that nothing follows for so long asks for a human."""
    playout_ms: float = 5000
    playout_ms_per_character: float = 150
    """What a prompt may take, generously, where nobody knows how long its audio is. Speech takes 65 ms a character."""
    playout_late_ms: float = 1500
    """So long after the end of its audio the switch has lost a prompt; the apology for it must begin within 2 s."""
    recognition_ms: float = 3000
    """What the recogniser may take to finish a turn; it takes tenths of a second."""
    turn_limit_ms: float = 15_000
    free_turn_limit_ms: float = 60_000
    """A turn ends after this even if the voice does not: what goes on is a radio. A comment may be long."""
    talk_over_ms: float = 3000
    """A voice that stopped the bot and has said nothing to it by then does not speak with it: the bot goes on."""
    farewell_ms: float = 2500
    """The customer may finish what they say into the bot's last words."""
    control_ms: float = 10_000
    """The switch out of reach for this long ends the call for us."""
    leaving_ms: float = 5000
    """A hang-up that is not confirmed by then counts as done."""
    hand_over_ms: float = 180_000
    """A queue has limits of its own; one that says nothing for so long has lost the customer."""
    answerer_ms: float = 1000
    """How often to look again who may have answered, while it is not clear."""
    machine_quiet_ms: float = 2500
    """A machine that is silent for so long has beeped, heard or not."""
    screener_quiet_ms: float = 700
    """Nor does a screener wait long for its answer."""
    machine_limit_ms: float = 30_000
    """A greeting longer than this is none; and nobody comes after a screener has been told so long ago."""
    call_limit_ms: float = 10 * 60 * 1000


ECHO_MS = 700
"""The end of a prompt can come back so long after it: up to 0.5 s of echo on a bad line, 0.2 s to notice a voice."""


HEARING = frozenset({Timer.END_OF_TURN, Timer.TURN_LIMIT, Timer.RECOGNITION})
"""The timers of a customer's turn."""


class Phase(StrEnum):
    """Whose turn it is."""

    RINGING = "ringing"
    SPEAKING = "speaking"
    LISTENING = "listening"
    THINKING = "thinking"
    OUT_OF_REACH = "out_of_reach"  # the switch cannot be commanded
    HANDING_OVER = "handing_over"  # in a queue of the switch
    LEAVING = "leaving"
    ENDED = "ended"


class AtMachine(StrEnum):
    """What the bot waits for while a machine has the word."""

    BEEP = "beep"
    SCREENER = "screener"  # to finish its question
    SCREENED = "screened"  # somebody to come, now that it knows who is calling


@dataclass(frozen=True, slots=True)
class Playing:
    """A prompt on the line, or stopped on it. `filler`: it only bridges a delay.

    `start` is where in its audio it began, `heard` how far the customer has heard it: samples at 8 kHz.
    """

    playout_id: str
    prompt: Prompt
    filler: bool = False
    start: int = 0
    heard: int = 0
    concludes: Outcome | None = None
    """The outcome that stands once this has been heard."""

    @property
    def gives_way(self) -> bool:
        """To a customer who speaks. The others are heard out."""
        return self.prompt.interruptible and not self.prompt.legal


@dataclass(frozen=True, slots=True)
class SafePrompts:
    """What can be said without the mind: spoken when it is slow, and when something broke."""

    one_moment: Prompt
    apology: Prompt


@dataclass(frozen=True, slots=True)
class AnsweringPolicy:
    """What the script wants done when no person answers. Whoever is not in it is talked to.

    `message` is left on a machine, `who_is_calling` told to a screener; None where the script has no such treatment.
    """

    treatments: Mapping[Answerer, Treatment] = field(default_factory=lambda: MappingProxyType({}))
    message: Prompt | None = None
    who_is_calling: Prompt | None = None


@dataclass(frozen=True, slots=True)
class FailurePolicy:
    """What the script wants tried before goodbye when mind or hearing break; None where it wants it not tried.

    `queue` takes the call over, after `putting_through` has been said. `keys_only` asks for keys instead of words.
    """

    queue: str | None = None
    putting_through: Prompt | None = None
    keys_only: Prompt | None = None


@dataclass(frozen=True, slots=True)
class CallState:
    safe: SafePrompts
    language: str = "en"
    answering: AnsweringPolicy = AnsweringPolicy()
    on_failure: FailurePolicy = FailurePolicy()
    phase: Phase = Phase.RINGING

    # what the bot says
    queue: tuple[Playing, ...] = ()
    paused: tuple[Playing, ...] = ()
    """Stopped by the customer's voice; said on from there if the voice turns out to mean nothing."""
    behind: tuple[Playing, ...] = ()
    """Follows a prompt on the line that must be heard out; not sent before what is said into that one is settled."""
    then: HandOver | HangUp | None = None
    """What follows when the queue has been heard."""
    cut_short: bool = False
    """The customer did not hear to its end what would have concluded the call."""
    farewell: HandOver | HangUp | None = None
    """What was to follow, while the mind considers what the customer said during the farewell."""
    question: tuple[Prompt, ...] = ()
    """The last thing the bot said."""
    last_heard: str = ""
    """The text of the prompt that ended last."""
    expectation: Expectation = field(default_factory=Expectation)
    asked: bool = False
    """The prompt of the open question has begun to sound, so that words can be its answer."""
    opening: tuple[Step, ...] = ()

    # what the customer says
    customer_speaking: bool = False
    voice_stopped_at: float = 0.0
    voice_end: int = 0
    """The sample at which the customer's last voice ended."""
    last_sound_at: float = 0.0
    """When the last voice or prompt ended."""
    line_quiet_at: float = -math.inf
    """When the last prompt on the line ended or was stopped."""
    over: tuple[str, ...] = ()
    """What the bot was saying, or had just said, when the customer's turn began: its echo may be in the turn."""
    talked_over: bool = False
    """The voice that goes on has been found not to speak with the bot."""
    words: Words = Words.NONE
    """How finished the words of the turn are."""
    pauses: Pauses = field(default_factory=Pauses)
    turn_ended: bool = False
    """The turn was ended and nothing of the answer to it has sounded: a voice now means that it was cut off."""
    premature: bool = False
    """The customer began to speak before the question."""
    held: tuple[Utterance, ...] = ()
    """Said during a prompt that cannot be interrupted, during a farewell, in a queue, or while the mind was busy."""
    keys: str = ""
    typed_ahead: str = ""
    """Keys pressed while the mind was busy, or the switch out of reach."""
    no_input_at: float = 0.0

    # what the mind does
    turn: int = 0
    """Number of the last turn given to the mind."""
    awaiting: bool = False
    """The mind has not answered turn `turn` yet."""

    answerer: AnswererState = field(default_factory=AnswererState)
    at_machine: AtMachine | None = None
    somebody_came: bool = False
    """A voice was heard while a screener was told who is calling."""
    answered_at: float = 0.0
    hoarse: bool = False
    """ "One moment" was said because a prompt did not begin to sound, and it still has not."""
    next_playout: int = 1
    next_token: int = 1
    timers: Mapping[Timer, int] = field(default_factory=lambda: MappingProxyType({}))
    with_switch: bool = False
    """The switch has taken the leg: to a queue, or to a colleague. It is not ours to hang up."""
    deaf: bool = False
    """The audio broke while the switch had the leg."""
    outcome: Outcome | None = None
    failing: bool = False
    """The apology has been sent, or the sentence before the hand-over that takes its place: only that follows."""
    keys_only: bool = False
    """The hearing broke: the customer answers with keys."""

    @property
    def may_be_interrupted(self) -> bool:
        """Nothing on the line forbids it: no legal prompt, no farewell, no apology."""
        if self.closing:
            return False
        return all(playing.gives_way for playing in self.queue[:1])

    @property
    def closing(self) -> bool:
        return self.then is not None or self.failing

    @property
    def sounding(self) -> tuple[str, ...]:
        """The texts that may come back as an echo: what is on the line, and what was when the turn began.

        An echo ends soon after the line has fallen quiet; who speaks on after that is a person.
        """
        now = tuple(playing.prompt.text for playing in self.queue[:2])
        if not self.customer_speaking and self.voice_stopped_at - self.line_quiet_at > ECHO_MS:
            return now
        return tuple(dict.fromkeys((*self.over, *now)))

    @property
    def interrupting(self) -> bool:
        """What the customer says is said into the bot's words."""
        return bool(self.paused) or bool(self.queue)


class Move:
    """One step being worked out: the state so far and the commands gathered for the shell."""

    def __init__(self, state: CallState, now: float, timing: Timing) -> None:
        self.state = state
        self.now = now
        self.timing = timing
        self.commands: list[Command] = []

    def set(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)

    def do(self, *commands: Command) -> None:
        self.commands.extend(commands)

    def arm(self, timer: Timer, ms: float) -> None:
        """Start a timer, replacing one of the same name."""
        token = self.state.next_token
        self.set(timers=MappingProxyType({**self.state.timers, timer: token}), next_token=token + 1)
        self.do(SetTimer(timer, token, max(0.0, ms)))

    def disarm(self, *timers: Timer) -> None:
        for timer in timers:
            if timer in self.state.timers:
                self.set(timers=MappingProxyType({t: n for t, n in self.state.timers.items() if t is not timer}))
                self.do(CancelTimer(timer))

    def bridge_in(self, least_ms: float) -> float:
        """How long the silence on the line may still last before the bot must say something; `least_ms` or more."""
        silent_ms = 0.0 if self.state.customer_speaking else self.now - self.state.last_sound_at
        return max(least_ms, self.timing.slow_ms - silent_ms)

    def running(self, timer: Timer) -> bool:
        return timer in self.state.timers


def prompts_of(steps: tuple[Step, ...]) -> tuple[Prompt, ...]:
    return tuple(step.prompt for step in steps if isinstance(step, Say))
