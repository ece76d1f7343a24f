"""What a tape says was said: turns with their words and meaning. Derived, never stored.

Only what was heard counts as said by the bot: a prompt that was cut off ends where it was cut, one that was stopped
and said on is one turn, and one that never sounded is not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.call.core.barge_in import REWIND
from bot.call.latency import Row, audio_origin, responses, span, voice_end
from speech.audio import TELEPHONE

MS_PER_CHARACTER = 65
MS_PER_HANZI = 230
"""How long a voice usually speaks, where no playout of a prompt was heard to its end: 150 English words a minute, and
four to five Chinese characters a second."""

_HANZI = "一-鿿"
_WORD = re.compile(rf"[{_HANZI}]|[^\s{_HANZI}]+")
"""What is heard whole or not at all; between Chinese characters, a cut may fall anywhere."""
_BETWEEN = " ,.;:!?-–、，。；：！？"
"""What stands between words and is not put before an ellipsis."""


class Who(StrEnum):
    BOT = "bot"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """One party's go; times in milliseconds of the call.

    `response_ms` (bot): the silence before it, where it ends the wait for the answer to a spoken turn. `interrupted`
    (bot): cut off, and `text` what was heard of it. `understood` (customer): False for sounds the recogniser would not
    stand by.
    """

    who: Who
    text: str
    start_ms: float
    end_ms: float
    intent: str | None = None
    probability: float | None = None
    sentiment: str | None = None
    response_ms: float | None = None
    interrupted: bool = False
    prompt: str | None = None
    understood: bool = True
    turn: int | None = None


def transcript(rows: Sequence[Row]) -> list[SpokenTurn]:
    """Turns in the order they began, from the lines of a tape (`tape.read_tape`)."""
    answered = {response.began: response.total for response in responses(rows)}
    bots = [replace(turn, response_ms=answered.get(turn.start_ms)) for turn in _bot_turns(rows)]
    return sorted([*bots, *_customer_turns(rows)], key=lambda turn: turn.start_ms)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a prompt that sounded; `since` and `until` are samples of the whole prompt, at 8 kHz."""

    name: str
    text: str
    since: int
    until: int
    start_ms: float
    end_ms: float
    completed: bool


def _bot_turns(rows: Sequence[Row]) -> list[SpokenTurn]:
    pieces = _pieces(rows)
    lengths = {piece.text: piece.until for piece in pieces if piece.completed}
    whole: list[_Piece] = []
    for piece in pieces:
        begun = next((index for index, earlier in enumerate(whole) if _said_on(earlier, piece)), None)
        if begun is None:
            whole.append(piece)
        else:
            whole[begun] = replace(piece, since=whole[begun].since, start_ms=whole[begun].start_ms)
    pace = _pace(lengths)
    return [_bot_turn(piece, lengths.get(piece.text, _usual_length(piece.text) * pace)) for piece in whole]


def _pieces(rows: Sequence[Row]) -> list[_Piece]:
    """In the order in which they began. One that sounds when the tape ends was heard until then."""
    sent: dict[str, Row] = {}
    began: dict[str, float] = {}
    pieces: list[_Piece] = []
    for row in rows:
        match row["kind"]:
            case "speak":
                sent[row["playout_id"]] = row
            case "playout_started":
                began[row["playout_id"]] = float(row["t"])
            case "playout_ended" if row["playout_id"] in began:
                start_ms, speak = began.pop(row["playout_id"]), sent[row["playout_id"]]
                if row["heard"]:
                    pieces.append(_piece(speak, int(row["heard"]), start_ms, float(row["t"]), row["completed"]))
    for playout_id, start_ms in began.items():
        end_ms = max(start_ms, float(rows[-1]["t"]))
        heard = TELEPHONE.samples_for_ms(end_ms - start_ms)
        if heard:
            pieces.append(_piece(sent[playout_id], heard, start_ms, end_ms, completed=False))
    return sorted(pieces, key=lambda piece: piece.start_ms)


def _piece(speak: Row, heard: int, start_ms: float, end_ms: float, completed: bool) -> _Piece:
    prompt, since = speak["prompt"], int(speak.get("start", 0))
    return _Piece(prompt["name"], prompt["text"], since, since + heard, start_ms, end_ms, completed)


def _said_on(earlier: _Piece, piece: _Piece) -> bool:
    """Whether one goes on where the other was stopped: a little before that, which may be the prompt's beginning."""
    same = (earlier.name, earlier.text) == (piece.name, piece.text)
    return same and not earlier.completed and piece.since == max(0, earlier.until - REWIND)


def _bot_turn(piece: _Piece, length: float) -> SpokenTurn:
    text = piece.text if piece.completed else _cut(piece.text, piece.until / length)
    return SpokenTurn(Who.BOT, text, piece.start_ms, piece.end_ms, interrupted=not piece.completed, prompt=piece.name)


def _pace(lengths: Mapping[str, int]) -> float:
    """How much longer than usual this call's voice takes, by the texts that it said to their end."""
    usual = sum(_usual_length(text) for text in lengths)
    return sum(lengths.values()) / usual if usual else 1.0


def _usual_length(text: str) -> int:
    hanzi = sum("一" <= character <= "鿿" for character in text)
    return TELEPHONE.samples_for_ms(hanzi * MS_PER_HANZI + (len(text) - hanzi) * MS_PER_CHARACTER)


def _cut(text: str, share: float) -> str:
    """The words of a text that were heard, when so much of it was."""
    until = round(len(text) * share)
    if until >= len(text):
        return text
    heard = [word.end() for word in _WORD.finditer(text) if word.end() <= until]
    return text[: heard[-1] if heard else 0].rstrip(_BETWEEN) + "…"


class _Customer:
    """Gathers the customer's turns from the lines of a tape."""

    def __init__(self, origin: float | None) -> None:
        self.turns: list[SpokenTurn] = []
        self._origin = origin
        self._began: float | None = None
        self._ended = 0.0
        self._finalised: list[tuple[float, float]] = []
        self._by_span: dict[tuple[int, int], int] = {}
        self._by_turn: dict[int, int] = {}
        self._last_heard: int | None = None
        """The words heard last, unless the last sound had none: what cannot be understood is told of right after."""

    def take(self, row: Row) -> None:
        t = float(row["t"])
        match row["kind"]:
            case "voice_started":
                self._began = t if self._began is None else self._began
            case "voice_stopped":
                self._ended = voice_end(row, self._origin)
            case "finalise":
                began = t if self._began is None else self._began
                self._finalised.append((began, max(began, self._ended)))
                self._began = None
            case "discard":
                self._began = None
            case "heard":
                self._heard(row["utterance"], *(self._finalised.pop(0) if self._finalised else (t, t)))
            case "consider_keys":
                keys = SpokenTurn(Who.CUSTOMER, f"[keys {row['keys']}]", t, t, turn=row["turn"])
                self._by_turn[row["turn"]] = self._add(keys)
            case "consider_absence" if row["absence"] == "silence":
                self._add(SpokenTurn(Who.CUSTOMER, "[silence]", t, t, turn=row["turn"]))
            case "consider_absence" if self._last_heard is not None:
                self._number(self._last_heard, row["turn"])
            case _:
                self._meant(row)

    def _heard(self, utterance: Row, began: float, ended: float) -> None:
        self._last_heard = None
        if utterance["text"]:
            turn = SpokenTurn(Who.CUSTOMER, utterance["text"], began, ended, understood=utterance["accepted"])
            self._last_heard = self._by_span[span(utterance)] = self._add(turn)

    def _meant(self, row: Row) -> None:
        """What was said may be considered much later; the number of the turn says which words a meaning belongs to."""
        match row["kind"]:
            case "consider" if span(row["utterance"]) in self._by_span:
                index = self._by_turn[row["turn"]] = self._by_span[span(row["utterance"])]
                self._number(index, row["turn"])
            case "understood" if row["turn"] in self._by_turn:
                index, meaning = self._by_turn[row["turn"]], row["understanding"]
                self.turns[index] = replace(
                    self.turns[index],
                    intent=meaning["intent"],
                    probability=meaning["probability"],
                    sentiment=meaning["sentiment"],
                )
            case "told" if row["turn"] in self._by_turn and row["source"] != "event":
                index = self._by_turn[row["turn"]]
                self.turns[index] = replace(self.turns[index], intent=row["intent"])

    def _number(self, index: int, turn: int) -> None:
        self.turns[index] = replace(self.turns[index], turn=turn)

    def _add(self, turn: SpokenTurn) -> int:
        self.turns.append(turn)
        return len(self.turns) - 1


def _customer_turns(rows: Iterable[Row]) -> list[SpokenTurn]:
    held = list(rows)
    customer = _Customer(audio_origin(held))
    for row in held:
        customer.take(row)
    return customer.turns
