"""The mind of a call: what the customer said is understood, told to the dialogue, and its reply made ready to say."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import structlog

from bot.call import interpretation
from bot.call.core.commands import Absence, Consider, ConsiderAbsence, ConsiderHandOverFailure, ConsiderKeys
from bot.call.core.steps import Conclude, HandOver, HangUp, Say, Step
from bot.call.weighing import Weight, weigh
from bot.vocabulary import Outcome
from dialogue import protocol
from dialogue.prompts import Expectation, PromptCatalogue
from dialogue.protocol import Reply, Signal, Source, Started, WireEntity
from nlu.inventory import Intent
from nlu.understanding import Context, Understander, Understanding
from telephony_bridge.hand_over import DeskNote

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Understood:
    """What the model made of a turn's words, and how long that took."""

    turn: int
    text: str
    understanding: Understanding
    ms: float


@dataclass(frozen=True, slots=True)
class Shadowed:
    """What the shadow model would have made of the same words; nothing follows from it."""

    turn: int
    intent: str
    probability: float
    action: str
    model: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the dialogue was told and how long it took to answer. Entities are in the `Understood` before it."""

    turn: int
    intent: str
    source: Source
    state: str | None
    ms: float


@dataclass(frozen=True, slots=True)
class Thought:
    """The outcome of considering one turn: what to do, and what to note on the tape."""

    steps: tuple[Step, ...]
    notes: tuple[Understood | Shadowed | Told, ...]


class DialogueTurns(Protocol):
    """The dialogue's side of one call: `dialogue.conversation.Conversation`."""

    async def start(self) -> Started: ...
    async def turn(
        self, intent: str, source: Source, sentiment: str, entities: tuple[WireEntity, ...] = ()
    ) -> Reply: ...
    async def end(self) -> None: ...


Considered = Consider | ConsiderKeys | ConsiderAbsence | ConsiderHandOverFailure


class Mind:
    def __init__(
        self,
        conversation: DialogueTurns,
        understander: Understander,
        catalogue: PromptCatalogue,
        script: str,
        language: str,
        day: date,
        shadow: Understander | None = None,
    ) -> None:
        self._conversation = conversation
        self._understander = understander
        self._shadow = shadow
        self._catalogue = catalogue
        self._script = script
        self._language = language
        self._day = day
        self._last: Reply | None = None
        self._meant: Understanding | None = None
        self._known: dict[tuple[str, Expectation], Understanding] = {}
        self.version = ""
        """Version of the script this conversation is pinned to; known after `begin`."""

    @property
    def understander(self) -> str:
        """Version of the model that is obeyed."""
        return self._understander.version

    async def begin(self) -> tuple[Step, ...]:
        """Start the conversation; its opening. Raises `DialogueError` or `DialogueUnavailable`."""
        started = await self._conversation.start()
        self.version = started.version
        self._last = started.reply
        return self._steps(started.reply)

    async def end(self) -> None:
        await self._conversation.end()

    async def consider(self, command: Considered) -> Thought:
        """Raises `DialogueError`, `DialogueUnavailable` or `PromptError`."""
        understood: tuple[Understood | Shadowed, ...] = ()
        if isinstance(command, Consider):
            note = self._understand(command)
            understood = (note, *self._shadowed(command))
            self._meant = note.understanding
            turn = interpretation.of_speech(
                note.text, note.understanding, command.expectation, premature=command.premature
            )
            if turn is None:
                return Thought((), understood)
        else:
            turn = _of_event(command)
        began = time.monotonic()
        reply = await self._conversation.turn(turn.intent, turn.source, turn.sentiment.value, turn.entities)
        self._last = reply
        told = Told(command.turn, turn.intent, turn.source, reply.state, (time.monotonic() - began) * 1000)
        return Thought(self._steps(reply), (*understood, told))

    def weigh(
        self,
        text: str,
        accepted: bool,
        expectation: Expectation,
        sounding: tuple[str, ...],
        asked: bool,
        interrupting: bool,
    ) -> Weight:
        """What words are worth at a moment of the call; see `bot.call.weighing`."""
        understanding = self._meaning(text, expectation)
        return weigh(text, accepted, understanding, expectation, self._language, sounding, asked, interrupting)

    def desk_note(self, queue: str) -> DeskNote:
        """What a colleague should know who takes the call: no words of the customer, only what was made of them."""
        question = self._last.state if self._last is not None else None
        verified = self._last is not None and self._last.slots.get("identity_verified") is True
        intent = self._meant.intent.value if self._meant is not None else ""
        summary = f"{self._script}, at {question or 'the end'}; identity {'' if verified else 'not '}verified"
        if intent:
            summary += f"; last wish: {intent}"
        sentiment = self._meant.sentiment.value if self._meant is not None else ""
        return DeskNote(queue, summary, verified, intent, sentiment)

    def _meaning(self, text: str, expectation: Expectation) -> Understanding:
        """Partial words come again and again, and the last ones as the utterance: understood once.

        So the ears' thread has mostly weighed what comes to be considered. What it has not, as where two utterances
        were joined, is understood on the event loop: 1.2 ms for a word, 4 ms for 200 letters, 8 ms for 200 characters
        of Mandarin.
        """
        key = (text, expectation)
        if key not in self._known:
            self._known[key] = self._understander.understand(text, self._context(expectation))
        return self._known[key]

    def _understand(self, command: Consider) -> Understood:
        began = time.monotonic()
        text = command.utterance.text
        understanding = self._meaning(text, command.expectation)
        return Understood(command.turn, text, understanding, (time.monotonic() - began) * 1000)

    def _shadowed(self, command: Consider) -> tuple[Shadowed, ...]:
        """A shadow that breaks is let go: no call suffers from a model that is only on trial."""
        if self._shadow is None:
            return ()
        try:
            found = self._shadow.understand(command.utterance.text, self._context(command.expectation))
        except Exception as error:
            log.warning("nlu.shadow_failed", error=error)
            self._shadow = None
            return ()
        decision = found.decision
        return (
            Shadowed(command.turn, decision.intent.value, decision.probability, decision.action.value, found.model),
        )

    def _context(self, expectation: Expectation) -> Context:
        return Context(
            language=self._language,
            reference=self._day,
            expects=expectation.answer.value if expectation.answer is not None else None,
            choices=tuple(Intent(name) for name in expectation.choices),
            length=expectation.length,
        )

    def _steps(self, reply: Reply) -> tuple[Step, ...]:
        return tuple(self._step(step) for step in reply.steps)

    def _step(self, step: protocol.Step) -> Step:
        match step:
            case protocol.Say():
                return Say(self._catalogue.render(step, self._language))
            case protocol.SetOutcome(outcome=outcome):
                return Conclude(Outcome(outcome))
            case protocol.Transfer(queue=queue):
                return HandOver(queue)
            case protocol.HangUp():
                return HangUp()


def _of_event(command: ConsiderKeys | ConsiderAbsence | ConsiderHandOverFailure) -> interpretation.Interpretation:
    match command:
        case ConsiderKeys(_, keys, expectation):
            return interpretation.of_keys(keys, expectation)
        case ConsiderAbsence(_, absence):
            signal = Signal.SILENCE if absence is Absence.SILENCE else Signal.NO_MATCH
            return interpretation.Interpretation(signal.value, Source.EVENT)
        case ConsiderHandOverFailure(_, reason):
            why = WireEntity(type="reason", value=reason.value, text=reason.value)
            return interpretation.Interpretation(Signal.HAND_OVER_FAILED.value, Source.EVENT, entities=(why,))
