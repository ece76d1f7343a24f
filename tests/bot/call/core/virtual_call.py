"""A call in virtual time: events go into the turn-taking core, its commands are kept, its timers fire when due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from bot.call.core import events
from bot.call.core.commands import CancelTimer, Command, SetTimer, Speak, Timer
from bot.call.core.state import AnsweringPolicy, CallState, FailurePolicy, SafePrompts, Timing
from bot.call.core.step import step
from bot.call.core.steps import Say, Step
from bot.call.weighing import Bearing
from bot.vocabulary import Answerer
from dialogue.prompts import Expectation, Prompt
from dialogue.protocol import Answer
from dialogue.script import Treatment
from speech.end_of_turn import Words
from telephony_bridge.line_status import Fault, HungUpBy, LineStatus

C = TypeVar("C", bound=Command)


def prompt(
    name: str,
    answer: Answer | None = None,
    *,
    legal: bool = False,
    interruptible: bool = True,
    length: int | None = None,
    choices: tuple[str, ...] = (),
    patience_ms: int | None = None,
) -> Prompt:
    """A prompt that says its own name."""
    expectation = Expectation(answer=answer, choices=choices, length=length, patience_ms=patience_ms)
    return Prompt(name=name, variation=0, text=name, expectation=expectation, legal=legal, interruptible=interruptible)


SAFE = SafePrompts(one_moment=prompt("one moment"), apology=prompt("apology", interruptible=False))
DISCLOSURE = prompt("disclosure", legal=True, interruptible=False)
QUESTION = prompt("is that you", Answer.YES_NO)
GOODBYE = prompt("goodbye", interruptible=False)
MESSAGE = prompt("message", legal=True, interruptible=False)
WHO = prompt("who is calling", legal=True, interruptible=False)
POLICY = AnsweringPolicy(
    {
        Answerer.MACHINE: Treatment.LEAVE_MESSAGE,
        Answerer.SCREENER: Treatment.SAY_WHO,
        Answerer.FAX: Treatment.HANG_UP,
        Answerer.ANNOUNCEMENT: Treatment.HANG_UP,
        Answerer.UNCERTAIN: Treatment.GO_ON,
    },
    MESSAGE,
    WHO,
)
FAILURE_POLICY = FailurePolicy("service", prompt("putting you through", interruptible=False), prompt("keys please"))
VOICE_MAIL = "please leave a message after the tone"
SCREENING = "please state your name and why you are calling"
CUSTOMER_LEFT = events.Gone(HungUpBy.CUSTOMER, LineStatus.ANSWERED, Fault.NOBODY, "NORMAL_CLEARING")
BOT_LEFT = events.Gone(HungUpBy.BOT, LineStatus.ANSWERED, Fault.NOBODY, "NORMAL_CLEARING")


STARTS_MS = 40.0
"""What the switch takes to begin a prompt."""


@dataclass
class VirtualCall:
    """`now` in milliseconds; `commands` since the start. Unless `mute`, what is said begins to sound as time passes."""

    timing: Timing = field(default_factory=Timing)
    state: CallState = field(default_factory=lambda: CallState(SAFE))
    now: float = 0.0
    commands: list[Command] = field(default_factory=list)
    timers: dict[Timer, tuple[float, int]] = field(default_factory=dict)
    mute: bool = False
    sounding: str | None = None
    starts_at: float = 0.0

    def tell(self, event: events.Event) -> list[Command]:
        if isinstance(event, events.PlayoutStarted):
            self.sounding = event.playout_id
        first = self._first
        self.state, commands = step(self.state, event, self.now, self.timing)
        for command in commands:
            if isinstance(command, SetTimer):
                self.timers[command.timer] = (self.now + command.ms, command.token)
            elif isinstance(command, CancelTimer):
                self.timers.pop(command.timer, None)
        self.commands.extend(commands)
        if self._first != first:
            self.starts_at = self.now + STARTS_MS
        return list(commands)

    @property
    def _first(self) -> str | None:
        return self.state.queue[0].playout_id if self.state.queue else None

    def wait(self, ms: float) -> list[Command]:
        """Let time pass; timers that fall due fire in order."""
        until, made = self.now + ms, []
        while self.timers:
            timer, (due, token) = min(self.timers.items(), key=lambda item: item[1])
            if not self.mute and self._first not in {None, self.sounding} and self.starts_at <= min(due, until):
                self.now = max(self.now, self.starts_at)
                made += self.tell(events.PlayoutStarted(self._first or ""))
                continue
            if due > until:
                break
            self.now = due
            del self.timers[timer]
            made += self.tell(events.TimerFired(timer.value, token))
        self.now = until
        return made

    def answer(self, *steps: Step) -> list[Command]:
        """The customer picks up."""
        return self.tell(events.Answered(steps))

    def asked(self, *prompts: Prompt) -> None:
        """The customer has heard these prompts and it is their turn."""
        self.answer(*(Say(p) for p in prompts))
        self.hear_out()

    def hear_out(self) -> list[Command]:
        """Everything on the line is played to its end."""
        made: list[Command] = []
        while self.state.queue:
            playing = self.state.queue[0]
            if self.sounding != playing.playout_id:
                made += self.tell(events.PlayoutStarted(playing.playout_id))
            made += self.wait(1000)
            if not self.state.queue or self.state.queue[0] is not playing:
                continue
            made += self.tell(events.PlayoutEnded(playing.playout_id, 8000, completed=True))
        return made

    def voice(self, ms: float = 600) -> None:
        """The customer speaks for so long and stops; the detector is sure 200 ms later."""
        self.tell(events.VoiceStarted(round(self.now * 8)))
        self.wait(ms)
        end = round(self.now * 8)
        self.wait(200)
        self.tell(events.VoiceStopped(end, silence_ms=200))

    def partial(
        self,
        text: str,
        words: Words,
        bearing: Bearing = Bearing.MEANT,
        *,
        settled: bool = False,
        confidence: float | None = None,
    ) -> list[Command]:
        return self.tell(events.Partial(text, words, bearing, settled, confidence))

    def hears(self, text: str, bearing: Bearing | None = None, *, accepted: bool = True) -> list[Command]:
        """The recogniser's last word on the turn."""
        bearing = bearing or (Bearing.MEANT if accepted and text else Bearing.NOTHING)
        return self.tell(events.Heard(events.Utterance(text, 0, 8000, 0.9, accepted), bearing))

    def decide(self, *steps: Step) -> list[Command]:
        return self.tell(events.Decided(self.state.turn, steps))


def of(kind: type[C], commands: Iterable[Command]) -> list[C]:
    return [command for command in commands if isinstance(command, kind)]


def spoken(commands: Iterable[Command]) -> list[str]:
    """Names of the prompts sent to the line."""
    return [command.prompt.name for command in of(Speak, commands)]
