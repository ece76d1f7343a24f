"""Derives the measures of a call from its tape. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.call.core.answering import SURE
from bot.call.latency import Row
from bot.call.measures import EARLY_MS, CallMeasures, CustomerTurn, HandOver, QuestionMeasures, TurnKind
from bot.call.transcript import SpokenTurn, transcript
from bot.vocabulary import Answerer, Outcome
from dialogue.protocol import Answer, Signal
from nlu.inventory import Intent, Sentiment
from telephony_bridge.line_status import HungUpBy


def measure(header: Row, rows: Sequence[Row]) -> CallMeasures:
    """From the header and lines of a tape (`tape.read_tape`); of one that ends too soon, as far as it goes."""
    reader = _Reader(transcript(rows))
    for row in rows:
        reader.read(row)
    turns = reader.turns()
    began, ended = reader.answered_at, float(rows[-1]["t"]) if rows else 0.0
    return CallMeasures(
        call=str(header["call"]),
        script=str(header["script"]),
        version=str(header.get("published") or header["script_version"]),
        language=str(header["language"]),
        at=datetime.fromisoformat(header["at"]) if "at" in header else None,
        picked_up=began is not None,
        answerer=reader.answerer,
        outcome=reader.outcome,
        duration_ms=0.0 if began is None else (reader.ended_at or ended) - began,
        hung_up_by=reader.hung_up_by,
        left=reader.left,
        left_early=reader.left_early,
        hand_over=reader.hand_over,
        questions=reader.questions(turns),
        turns=turns,
        interruptions=len(reader.interruptions()),
    )


@dataclass(frozen=True, slots=True)
class _Considered:
    """A turn when the mind is asked about it: where the call was, and until when its question had sounded."""

    at: float
    row: Row
    state: str | None
    asked_until: float | None
    key_at: float | None


class _Reader:
    """Goes over the rows of a tape once; what was said it has from the transcript."""

    def __init__(self, spoken: Sequence[SpokenTurn]) -> None:
        self.answered_at: float | None = None
        self.ended_at: float | None = None
        self.answerer = Answerer.UNCERTAIN
        self.outcome = Outcome.NOT_REACHED
        self.hung_up_by: HungUpBy | None = None
        self.left = self.left_early = False
        self.hand_over = HandOver.NOT_TRIED
        self._spoken = spoken
        self._greeting = ""
        self._greeted_at: float | None = None
        self._saying_goodbye = False
        self._states: list[tuple[float, str | None]] = []
        self._names: dict[str, str] = {}
        self._begun: set[str] = set()
        self._sounded: dict[str, float] = {}
        self._considered: dict[int, _Considered] = {}
        self._understood: dict[int, Row] = {}
        self._told: dict[int, Row] = {}
        self._key_at: float | None = None
        self._noises: list[float] = []

    @property
    def _state(self) -> str | None:
        return self._states[-1][1] if self._states else None

    def read(self, row: Row) -> None:
        t = float(row["t"])
        match row["kind"]:
            case "answered":
                self.answered_at, self.outcome = t, Outcome.UNCERTAIN
                self._go_on(t, row["opening"])
            case "decided":
                self._go_on(t, row["steps"])
                self._saying_goodbye = bool(self._states) and self._state is None
            case "speak":
                self._names[row["playout_id"]] = row["prompt"]["name"]
            case "playout_started":
                name = self._names[row["playout_id"]]
                self._begun.add(name)
                if self._greeted_at is None or (self.answerer is Answerer.SCREENER and name == self._greeting):
                    self._greeting, self._greeted_at = name, t  # whoever comes after a screener is greeted anew
            case "playout_ended" if row["heard"]:
                self._sounded[self._names[row["playout_id"]]] = t
            case "voice_started":
                self._noises.append(t)
            case "key_pressed":
                self._noises.append(t)
                self._key_at = t if self._key_at is None else self._key_at
            case _:
                self._thought(t, row)

    def _go_on(self, t: float, steps: Sequence[Row]) -> None:
        """Who is told something and not asked is still at the question before."""
        asked = [step["prompt"]["name"] for step in steps if step["kind"] == "say" and _answer(step["prompt"])]
        if any(step["kind"] in {"hang_up", "hand_over"} for step in steps):
            self._states.append((t, None))
        elif asked and asked[-1] != self._state:
            self._states.append((t, asked[-1]))

    def _thought(self, t: float, row: Row) -> None:
        match row["kind"]:
            case "consider" | "consider_keys" | "consider_absence":
                key_at, self._key_at = self._key_at, None
                asked_until = self._sounded.get(self._state or "")
                self._considered[row["turn"]] = _Considered(t, row, self._state, asked_until, key_at)
            case "understood":
                self._understood[row["turn"]] = row["understanding"]
            case "told":
                self._told[row["turn"]] = row
            case _:
                self._ended(t, row)

    def _ended(self, t: float, row: Row) -> None:
        match row["kind"]:
            case "record_answerer" if float(row["detection"]["confidence"]) >= SURE:
                self.answerer = Answerer(row["detection"]["answerer"])
            case "transfer_leg":
                self.hand_over = HandOver.UNCERTAIN
            case "handed_over":
                self.hand_over = HandOver.TAKEN
            case "hand_over_failed":
                self.hand_over = HandOver.FAILED
            case "gone":
                self.hung_up_by = HungUpBy(row["by"])
                self._gone(t)
            case "end_call":
                self.outcome = Outcome(row["outcome"])
                self.ended_at = t

    def _gone(self, t: float) -> None:
        if self.hung_up_by is not HungUpBy.CUSTOMER:
            return
        greeted = self._greeted_at if self._greeted_at is not None else t
        self.left = not self._saying_goodbye
        self.left_early = self.left and t - greeted <= EARLY_MS
        if self.hand_over is HandOver.UNCERTAIN:
            self.hand_over = HandOver.ABANDONED

    def turns(self) -> tuple[CustomerTurn, ...]:
        words = {turn.turn: turn for turn in self._spoken if turn.turn is not None}
        return tuple(self._turn(number, one, words.get(number)) for number, one in self._considered.items())

    def _turn(self, number: int, considered: _Considered, words: SpokenTurn | None) -> CustomerTurn:
        told, meaning = self._told.get(number), self._understood.get(number)
        kind = _kind(told["intent"], considered.row.get("expectation")) if told is not None else TurnKind.UNKNOWN
        began = words.start_ms if words is not None else considered.at
        if considered.row["kind"] == "consider_keys" and considered.key_at is not None:
            began = considered.key_at
        asked_until = considered.asked_until
        return CustomerTurn(
            turn=number,
            kind=kind,
            state=considered.state,
            began_ms=began,
            ended_ms=words.end_ms if words is not None else considered.at,
            text=words.text if words is not None else "",
            understood=words is None or words.understood,
            intent=told["intent"] if told is not None else None,
            meant=Intent(meaning["intent"]) if meaning is not None else None,
            probability=meaning["probability"] if meaning is not None else None,
            sentiment=Sentiment(meaning["sentiment"]) if meaning is not None else None,
            waited_ms=max(0.0, began - asked_until) if kind is TurnKind.ANSWER and asked_until is not None else None,
        )

    def interruptions(self) -> list[str | None]:
        """The state of each sentence that the customer's voice or keys cut short for good."""
        end = math.inf if self.ended_at is None else self.ended_at
        return [
            self._state_at(turn.start_ms)
            for turn in self._spoken
            if turn.interrupted and turn.end_ms < end and any(turn.start_ms <= t <= turn.end_ms for t in self._noises)
        ]

    def _state_at(self, t: float) -> str | None:
        return next((state for since, state in reversed(self._states) if since <= t), None)

    def questions(self, turns: Sequence[CustomerTurn]) -> tuple[QuestionMeasures, ...]:
        """In the order in which the call came to them."""
        hung_up_in = self._state if self.hung_up_by is HungUpBy.CUSTOMER else None
        interrupted = self.interruptions()
        return tuple(
            QuestionMeasures(
                state,
                asked=state in self._begun,
                turns=tuple(turn for turn in turns if turn.state == state),
                interruptions=interrupted.count(state),
                hung_up_here=state == hung_up_in,
            )
            for state in dict.fromkeys(state for _, state in self._states if state is not None)
        )


def _answer(prompt: Row) -> str | None:
    """The kind of answer that a prompt asks for."""
    answer: str | None = prompt["expectation"]["answer"]
    return answer


def _kind(intent: str, expectation: Row | None) -> TurnKind:
    if intent == Signal.SILENCE:
        return TurnKind.SILENCE
    if intent == Signal.NO_MATCH:
        return TurnKind.NO_MATCH
    choices = set(expectation["choices"]) if expectation is not None else set()
    if expectation is not None and expectation["answer"] == Answer.YES_NO:
        choices |= {Intent.AFFIRM, Intent.DENY}
    if intent == Signal.INFORM or intent in choices:
        return TurnKind.ANSWER
    return TurnKind.HUMAN if intent == Intent.ASK_HUMAN else TurnKind.WISH
