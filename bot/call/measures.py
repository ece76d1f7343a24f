"""What one call shows about its script: how each question went, and what the customer did.

`bot.call.measuring` derives it from the tape.

A *state* is the part of the call that belongs to one question: the sentences that lead to it, the question, and all
that follows until the bot sets out to ask another one or to end the call. Its name is the question's prompt, as in
`told.state` on the tape; a question that is asked again, in other words or later, is still the same state. What belongs
to no state happened when the call was ending: during the last words, or in a queue.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.vocabulary import Answerer, Outcome
from nlu.inventory import Intent, Sentiment
from telephony_bridge.line_status import HungUpBy

EARLY_MS = 10_000.0
"""Who hangs up so soon after the greeting began did not want this call."""

NEGATIVE = frozenset({Sentiment.ANGRY, Sentiment.ANXIOUS})


class TurnKind(StrEnum):
    """What a turn of the customer was to the question that was open."""

    ANSWER = "answer"  # a value it asks for, or one of its choices
    WISH = "wish"  # something else that the script was told: "who are you", "say that again"
    HUMAN = "human"  # asks for a person, where the question has not offered one
    NO_MATCH = "no_match"  # said, and not understood
    SILENCE = "silence"
    UNKNOWN = "unknown"  # nothing came of it: said before the question was heard, or something broke


class HandOver(StrEnum):
    """What became of handing the call over."""

    NOT_TRIED = "not_tried"
    TAKEN = "taken"
    FAILED = "failed"  # nobody took it; the customer was with the bot again
    ABANDONED = "abandoned"  # the customer left while waiting
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class CustomerTurn:
    """One turn that the mind was asked about; times in milliseconds of the call.

    `text` as on the tape, so with sensitive digits masked; "[keys 1]" and "[silence]" for those, empty for a sound
    without words. `understood` is False for words that the recogniser would not stand by. `intent` is what the dialogue
    was told, `meant` what the model of meaning made of the words. `waited_ms`: from the end of the question to the
    first sound of the answer, 0 where it was answered before its end; None where this is no answer.
    """

    turn: int
    kind: TurnKind
    state: str | None
    began_ms: float
    ended_ms: float
    text: str = ""
    understood: bool = True
    intent: str | None = None
    meant: Intent | None = None
    probability: float | None = None
    sentiment: Sentiment | None = None
    waited_ms: float | None = None

    @property
    def negative(self) -> bool:
        return self.sentiment in NEGATIVE


@dataclass(frozen=True, slots=True)
class QuestionMeasures:
    """How a call went at one state. A state is listed in a call when the call reached it.

    `asked`: the question itself has sounded, at least its beginning. `interruptions` counts sentences that the customer
    cut short. `waited_ms`: how long the first answer was waited for.
    """

    state: str
    asked: bool
    turns: tuple[CustomerTurn, ...]
    interruptions: int
    hung_up_here: bool

    @property
    def answered(self) -> bool:
        return self.count(TurnKind.ANSWER) > 0

    @property
    def no_matches(self) -> int:
        return self.count(TurnKind.NO_MATCH)

    @property
    def silences(self) -> int:
        return self.count(TurnKind.SILENCE)

    @property
    def human_asked(self) -> bool:
        return self.count(TurnKind.HUMAN) > 0

    @property
    def waited_ms(self) -> float | None:
        return next((turn.waited_ms for turn in self.turns if turn.kind is TurnKind.ANSWER), None)

    @property
    def sentiments(self) -> tuple[Sentiment, ...]:
        """Of the turns whose words had one."""
        return tuple(turn.sentiment for turn in self.turns if turn.sentiment is not None)

    @property
    def negative_turns(self) -> int:
        return sum(turn.negative for turn in self.turns)

    def count(self, kind: TurnKind) -> int:
        return sum(turn.kind is kind for turn in self.turns)


@dataclass(frozen=True, slots=True)
class CallMeasures:
    """One call. `at` is when it was dialled; `duration_ms` from the answer to the end, 0 where nobody picked up.

    `hung_up_by` is None while nobody did: no answer, or a tape that ends before the call did. `left`: the
    customer hung up before the bot took its leave; `left_early`: within `EARLY_MS` of the greeting's beginning.
    `interruptions` also counts those when the call was ending. `version`: the published one that the call had, or
    that of the rules where it followed the working folder.
    """

    call: str
    script: str
    version: str
    language: str
    at: datetime | None
    picked_up: bool
    answerer: Answerer
    outcome: Outcome
    duration_ms: float
    hung_up_by: HungUpBy | None
    left: bool
    left_early: bool
    hand_over: HandOver
    questions: tuple[QuestionMeasures, ...]
    turns: tuple[CustomerTurn, ...]
    interruptions: int

    @property
    def with_person(self) -> bool:
        """Somebody picked up who is not known to be a machine, or came to the phone after one that screens calls."""
        screened = self.answerer is Answerer.SCREENER and self.outcome is not Outcome.ANSWERED_BY_MACHINE
        return self.picked_up and (screened or self.answerer in {Answerer.HUMAN, Answerer.UNCERTAIN})

    @property
    def human_asked_at(self) -> int | None:
        """In which of the customer's turns they first asked for a person, counted from 1; None where they never did."""
        return next((n for n, turn in enumerate(self.turns, 1) if turn.kind is TurnKind.HUMAN), None)

    @property
    def no_matches(self) -> int:
        return sum(turn.kind is TurnKind.NO_MATCH for turn in self.turns)

    @property
    def silences(self) -> int:
        return sum(turn.kind is TurnKind.SILENCE for turn in self.turns)

    @property
    def negative_turns(self) -> int:
        return sum(turn.negative for turn in self.turns)
