"""Lines of a tape, written by hand. A sample is an eighth of a millisecond, and the audio begins with the call."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]
Rows = list[Row]

HANGOVER_MS = 200
"""What it takes to be sure that a voice has stopped."""


def row(t: float, kind: str, **fields: Any) -> Row:
    return {"t": t, "kind": kind, **fields}


def speak(t: float, playout_id: str, text: str, start: int = 0, filler: bool = False) -> Row:
    prompt = {"name": f"utter_{text[:5]}", "text": text}
    return row(t, "speak", playout_id=playout_id, prompt=prompt, start=start, filler=filler)


def played(start: float, end: float, playout_id: str, completed: bool = True) -> Rows:
    heard = round((end - start) * 8)
    return [
        row(start, "playout_started", playout_id=playout_id),
        row(end, "playout_ended", playout_id=playout_id, heard=heard, completed=completed),
    ]


def said(began: float, ended: float, text: str, late_ms: float = 0.0) -> Rows:
    """A voice and what was heard of it; `late_ms`: the process handles its end so much later."""
    reported = ended + HANGOVER_MS + late_ms
    utterance = {"text": text, "start": round(began * 8), "end": round(reported * 8), "accepted": True}
    return [
        row(began, "voice_started", position=round(began * 8)),
        row(reported, "voice_stopped", position=round(ended * 8), silence_ms=HANGOVER_MS),
        row(reported + 20, "finalise"),
        row(reported + 50, "heard", utterance=utterance),
    ]


def considered(t: float, turn: int, voice: Rows, intent: str, steps: tuple[str, ...] = ("say",)) -> Rows:
    """The mind takes 20 ms for what was `said`; without steps nothing is to be answered."""
    meaning = {"intent": intent, "probability": 0.9, "sentiment": "neutral"}
    return [
        row(t, "consider", turn=turn, utterance=voice[-1]["utterance"]),
        row(t + 10, "understood", turn=turn, understanding=meaning),
        row(t + 15, "told", turn=turn, source="speech", intent=intent),
        row(t + 20, "decided", turn=turn, steps=[{"kind": step} for step in steps]),
    ]


YES = said(1500, 1900, "yes")

ANSWERED_TURN = [
    speak(0, "p1", "Is that you?"),
    *played(20, 1000, "p1"),
    *YES,
    *considered(2150, 1, YES, "affirm"),
    speak(2171, "p2", "Thank you."),
    *played(2200, 3000, "p2"),
]
"""The voice ends at 1900, the answer begins at 2200."""
