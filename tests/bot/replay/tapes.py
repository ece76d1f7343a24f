"""Lines of tapes, as short as their readers allow."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]


def prompt(name: str, text: str = "Some words.") -> Row:
    return {"name": name, "variation": 0, "text": text}


def say(name: str, text: str = "Some words.") -> Row:
    return {"kind": "say", "prompt": prompt(name, text)}


def row(t: float, kind: str, **fields: Any) -> Row:
    return {"t": t, "kind": kind, **fields}


def speak(t: float, playout_id: str, name: str, start: int = 0) -> Row:
    return row(t, "speak", playout_id=playout_id, prompt=prompt(name), start=start)


def started(t: float, playout_id: str) -> Row:
    return row(t, "playout_started", playout_id=playout_id)


def ended(t: float, playout_id: str, completed: bool = True) -> Row:
    return row(t, "playout_ended", playout_id=playout_id, completed=completed)


def heard(t: float, text: str, accepted: bool = True, bearing: str = "meant") -> Row:
    utterance = {"text": text, "start": 0, "end": 8000, "confidence": None, "accepted": accepted}
    return row(t, "heard", utterance=utterance, bearing=bearing)


def consider(t: float, turn: int, text: str) -> Row:
    return row(t, "consider", turn=turn, utterance={"text": text})


def understood(t: float, turn: int, text: str, intent: str, *entities: tuple[str, str]) -> Row:
    found = [{"type": kind, "value": value} for kind, value in entities]
    meaning = {"intent": intent, "sentiment": "neutral", "entities": found}
    return row(t, "understood", turn=turn, text=text, understanding=meaning)


def told(t: float, turn: int, intent: str) -> Row:
    return row(t, "told", turn=turn, intent=intent)


def decided(t: float, turn: int, *steps: Row) -> Row:
    return row(t, "decided", turn=turn, steps=list(steps))


def turn(t: float, number: int, text: str, intent: str, *steps: Row) -> list[Row]:
    """A whole turn of the customer, and the answer to it."""
    return [
        heard(t, text),
        consider(t, number, text),
        understood(t, number, text, intent),
        told(t, number, intent),
        decided(t, number, *steps),
    ]
