"""What was decided in a call, turn by turn: how the customer was understood, and what the bot did. Pure.

Times, ids, probabilities and versions are not decisions. Tokens of masked digits are counted anew in the order in which
they appear, so that two tapes of the same call have the same ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from bot.replay.stand_ins import TOKEN, is_masked

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Turn:
    """The customer's go, and the bot's. The first one is the opening, with nothing said.

    `said`: words, or what else happened in brackets. `intent` and `sentiment` are the model's, `told` is what the
    dialogue was told; of words with masked digits the model's are not known. `barge_ins`: what became of prompts
    that were stopped.
    """

    said: str
    accepted: bool = True
    bearing: str = ""
    intent: str = ""
    sentiment: str = ""
    told: str = ""
    entities: tuple[str, ...] = ()
    replies: tuple[str, ...] = ()
    barge_ins: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The turn for people."""
        meaning = [self.intent, self.told if self.told != self.intent else "", self.sentiment, *self.entities]
        understood = ", ".join(filter(None, meaning))
        said = self.said or "(nothing)"
        head = [f"customer  {said}{'' if self.accepted else ' (not understood)'}"] if self != Turn("") else []
        if self.said == "" and not self.bearing:
            head = ["(the opening)"]
        if self.bearing and self.bearing != "meant":
            head.append(f"          {self.bearing}")
        if understood:
            head.append(f"          {understood}")
        return (*head, *(f"bot       {reply}" for reply in self.replies), *(f"          {b}" for b in self.barge_ins))


@dataclass(frozen=True, slots=True)
class Decisions:
    """`answered_by` and `failures` in the order they were found; `outcome` is the call's."""

    turns: tuple[Turn, ...]
    answered_by: tuple[str, ...]
    failures: tuple[str, ...]
    outcome: str


@dataclass(slots=True)
class _Draft:
    """A turn while its rows come."""

    said: str
    accepted: bool = True
    bearing: str = ""
    number: int | None = None
    intent: str = ""
    sentiment: str = ""
    told: str = ""
    entities: list[str] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    barge_ins: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Stopped:
    """A prompt that was silenced: where it is told of."""

    turn: _Draft
    place: int


class _Reader:
    """Goes over the rows of a tape once."""

    def __init__(self) -> None:
        self.turns: list[_Draft] = []
        self.answered_by: list[str] = []
        self.failures: list[str] = []
        self.outcome = "the tape ends before the call did"
        self._speaking: _Draft | None = None
        self._decided: list[str] = []
        self._on_line: dict[str, str] = {}
        self._stopped: dict[str, _Stopped] = {}

    def read(self, row: Row) -> None:
        match row["kind"]:
            case "answered":
                self._replies(self._new(_Draft("")), row["opening"])
            case "heard":
                utterance = row["utterance"]
                self._new(_Draft(utterance["text"], utterance["accepted"], row["bearing"]))
            case "consider" | "consider_keys" | "consider_absence" | "consider_hand_over_failure":
                self._considered(row)
            case "understood" | "told" | "decided" if (turn := self._turn(row["turn"])) is not None:
                self._thought(turn, row)
            case "speak":
                self._spoken(row)
            case "playout_ended":
                self._on_line.pop(row["playout_id"], None)
            case "stop_speaking":
                self._silenced()
            case "record_answerer":
                self.answered_by.append(row["detection"]["answerer"])
            case "record_failure":
                self.failures.append(row["failure"])
            case "end_call":
                self.outcome = row["outcome"]

    def _new(self, turn: _Draft) -> _Draft:
        self.turns.append(turn)
        return turn

    def _turn(self, number: int) -> _Draft | None:
        return next((turn for turn in reversed(self.turns) if turn.number == number), None)

    def _considered(self, row: Row) -> None:
        """What is considered has been heard already, or is told of here."""
        match row["kind"]:
            case "consider":
                words = row["utterance"]["text"]
                waiting = (t for t in reversed(self.turns) if t.number is None and t.bearing and t.said == words)
                turn = next(waiting, None) or self._new(_Draft(words))
            case "consider_keys":
                turn = self._new(_Draft(f"[keys {row['keys']}]"))
            case "consider_absence" if row["absence"] == "no_match" and self.turns[-1].bearing:
                turn = self.turns[-1]
            case "consider_absence":
                turn = self._new(_Draft(f"[{row['absence']}]"))
            case _:
                turn = self._new(_Draft(f"[nobody took over: {row['reason']}]"))
        turn.number = row["turn"]

    def _thought(self, turn: _Draft, row: Row) -> None:
        match row["kind"]:
            case "understood" if not is_masked(row["text"]):
                meaning = row["understanding"]
                turn.intent, turn.sentiment = meaning["intent"], meaning["sentiment"]
                turn.entities = [f"{entity['type']} {entity['value']}" for entity in meaning["entities"]]
            case "told":
                turn.told = row["intent"]
            case "decided":
                self._replies(turn, row["steps"])

    def _replies(self, turn: _Draft, steps: Sequence[Row]) -> None:
        turn.replies += [_step(step) for step in steps]
        self._decided = [_prompt(step["prompt"]) for step in steps if step["kind"] == "say"]
        if steps:
            self._speaking = turn
            self._stopped.clear()

    def _spoken(self, row: Row) -> None:
        """A prompt that was decided, one that goes on, or one that the call says of its own accord."""
        prompt = _prompt(row["prompt"])
        self._on_line[row["playout_id"]] = prompt
        if prompt in self._stopped:
            stopped = self._stopped.pop(prompt)
            stopped.turn.barge_ins[stopped.place] = f"{row['prompt']['name']} stopped, and said on"
        elif prompt in self._decided:
            self._decided.remove(prompt)
        else:
            (self._speaking or self.turns[-1]).replies.append(f"of its own accord: {prompt}")

    def _silenced(self) -> None:
        turn = self._speaking or self.turns[-1]
        for prompt in self._on_line.values():
            self._stopped[prompt] = _Stopped(turn, len(turn.barge_ins))
            turn.barge_ins.append(f"{prompt.partition(' ')[0]} stopped, and dropped")
        self._on_line.clear()


def decisions_of(header: Row, rows: Sequence[Row]) -> Decisions:
    """From a tape (`tape.read_tape`)."""
    reader = _Reader()
    for row in rows:
        reader.read(row)
    tokens = _Tokens(str(header.get("contact", "")))
    turns = tuple(tokens.turn(turn) for turn in reader.turns)
    return Decisions(turns, tuple(reader.answered_by), tuple(reader.failures), reader.outcome)


def _prompt(prompt: Row) -> str:
    variation = f"/{prompt['variation']}" if prompt["variation"] else ""
    return f"{prompt['name']}{variation} “{prompt['text']}”"


def _step(step: Row) -> str:
    match step["kind"]:
        case "say":
            return _prompt(step["prompt"])
        case "conclude":
            return f"outcome {step['outcome']}"
        case "hand_over":
            return f"hands over to {step['queue']}"
        case _:
            return "hangs up"


class _Tokens:
    """Numbers of masked values in the order in which they appear, the contact's first."""

    def __init__(self, contact: str) -> None:
        self._numbers: dict[str, int] = {}
        self._plain(contact)

    def turn(self, draft: _Draft) -> Turn:
        values: dict[str, Any] = {}
        for one in fields(Turn):
            value = getattr(draft, one.name)
            if isinstance(value, list):
                values[one.name] = tuple(self._plain(item) for item in value)
            else:
                values[one.name] = self._plain(value) if isinstance(value, str) else value
        return Turn(**values)

    def _plain(self, text: str) -> str:
        return TOKEN.sub(lambda match: match[0].replace(f"#{match['number']}", f"#{self._number(match)}"), text)

    def _number(self, match: Any) -> int:
        return self._numbers.setdefault(match["number"], len(self._numbers) + 1)
