"""Tapes of calls made by hand, question by question, for what is derived from many of them.

Each prompt sounds for two seconds. A customer answers half a second after it, in a second; what is said goes to the
mind 300 ms later, and the bot speaks again at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.bot.call.rows import Row, Rows, row

PROMPT_MS, PAUSE_MS, SPEECH_MS, END_OF_TURN_MS = 2000.0, 500.0, 1000.0, 300.0
CHOICES = ("affirm", "deny")


def prompt(name: str, answer: str | None = "yes_no", choices: tuple[str, ...] = CHOICES) -> Row:
    expectation = {"answer": answer, "choices": list(choices) if answer else []}
    return {"name": name, "variation": 0, "text": f"the words of {name}", "expectation": expectation}


def statement(name: str) -> Row:
    return prompt(name, None)


def say(one: Row) -> Row:
    return {"kind": "say", "prompt": one}


@dataclass
class MadeCall:
    """One call; `t` is the time that has passed, in milliseconds."""

    call: str = "call-1"
    version: str = "v1"
    script: str = "reminder"
    at: str = "2026-11-20T09:00:00.000+00:00"
    rows: Rows = field(default_factory=list)
    t: float = 0.0
    _question: Row = field(default_factory=dict)
    _playouts: int = 0
    _turn: int = 0

    @property
    def header(self) -> Row:
        return {
            "tape": 1,
            "call": self.call,
            "at": self.at,
            "script": self.script,
            "script_version": self.version,
            "language": "en",
        }

    def opens(self, *prompts: Row) -> MadeCall:
        self._add("answered", opening=[say(one) for one in prompts])
        return self._speaks(prompts)

    def is_(self, answerer: str, confidence: float = 0.95) -> MadeCall:
        return self._add("record_answerer", detection={"answerer": answerer, "confidence": confidence})

    def says(
        self,
        text: str,
        intent: str,
        *then: Row,
        meant: str | None = None,
        sentiment: str = "neutral",
        into: bool = False,
    ) -> MadeCall:
        """`into`: while the last prompt, which is taken off the tape's end, still sounds."""
        if into:
            self._cut_short()
        else:
            self.t += PAUSE_MS
        start = round(self.t * 8)
        self._add("voice_started", position=start)
        self.t += SPEECH_MS
        self._add("voice_stopped", position=round(self.t * 8), silence_ms=0)
        self.t += END_OF_TURN_MS
        utterance = {"text": text, "start": start, "end": round(self.t * 8), "accepted": True}
        self._add("finalise")
        self._add("heard", utterance=utterance)
        self._turn += 1
        expectation = self._question["expectation"]
        self._add("consider", turn=self._turn, utterance=utterance, expectation=expectation, premature=False)
        meaning = {"intent": meant or intent, "probability": 0.9, "sentiment": sentiment}
        self._add("understood", turn=self._turn, text=text, understanding=meaning)
        return self._replies(intent, "speech", then)

    def presses(self, keys: str, intent: str, *then: Row) -> MadeCall:
        """Each key a second after the one before."""
        self.t += PAUSE_MS
        for key in keys:
            self._add("key_pressed", digit=key)
            self.t += SPEECH_MS
        self._turn += 1
        self._add("consider_keys", turn=self._turn, keys=keys, expectation=self._question["expectation"])
        return self._replies(intent, "keypad", then)

    def is_silent(self, *then: Row) -> MadeCall:
        self.t += 5000
        self._turn += 1
        self._add("consider_absence", turn=self._turn, absence="silence")
        return self._replies("silence", "event", then)

    def mumbles(self, text: str, *then: Row) -> MadeCall:
        """Words that the recogniser does not stand by."""
        self.t += PAUSE_MS
        start = round(self.t * 8)
        self._add("voice_started", position=start)
        self.t += SPEECH_MS
        self._add("voice_stopped", position=round(self.t * 8), silence_ms=0)
        self._add("finalise")
        utterance = {"text": text, "start": start, "end": round(self.t * 8), "accepted": False}
        self._add("heard", utterance=utterance)
        self._turn += 1
        self._add("consider_absence", turn=self._turn, absence="no_match")
        return self._replies("no_match", "event", then)

    def hands_over(self, *, taken: bool = True) -> MadeCall:
        self._add("transfer_leg", queue="service")
        self.t += 1000
        return self._add("handed_over") if taken else self._add("hand_over_failed", reason="nobody_free")

    def nobody_took_over(self, *then: Row) -> MadeCall:
        self._turn += 1
        self._add("consider_hand_over_failure", turn=self._turn, reason="nobody_free")
        return self._replies("hand_over_failed", "event", then)

    def hangs_up(self, after_ms: float = PAUSE_MS, by: str = "customer", outcome: str = "hung_up") -> MadeCall:
        self.t += after_ms
        self._add("gone", by=by, line_status="answered", fault="nobody", cause="made")
        return self._add("end_call", outcome=outcome)

    def hangs_up_into_the_prompt(self) -> MadeCall:
        self._cut_short()
        return self.hangs_up(0.0)

    def ends(self, outcome: str) -> MadeCall:
        return self.hangs_up(by="bot", outcome=outcome)

    def _replies(self, intent: str, source: str, then: tuple[Row, ...]) -> MadeCall:
        self._add("told", turn=self._turn, intent=intent, source=source)
        steps = [one if "kind" in one else say(one) for one in then]
        self._add("decided", turn=self._turn, steps=steps)
        return self._speaks([step["prompt"] for step in steps if step["kind"] == "say"])

    def _speaks(self, prompts: Any) -> MadeCall:
        for one in prompts:
            if one["expectation"]["answer"]:
                self._question = one
            self._playouts += 1
            playout = f"p{self._playouts}"
            self._add("speak", playout_id=playout, prompt=one, start=0, filler=False)
            self._add("playout_started", playout_id=playout)
            self.t += PROMPT_MS
            self._add("playout_ended", playout_id=playout, heard=round(PROMPT_MS * 8), completed=True)
        return self

    def _cut_short(self) -> None:
        """Half of the last prompt is taken back."""
        ended = self.rows.pop()
        self.t -= PROMPT_MS / 2
        self._add("playout_ended", playout_id=ended["playout_id"], heard=round(PROMPT_MS * 4), completed=False)

    def _add(self, kind: str, **fields: Any) -> MadeCall:
        self.rows.append(row(self.t, kind, **fields))
        return self


HANG_UP: Row = {"kind": "hang_up"}
HAND_OVER: Row = {"kind": "hand_over", "queue": "service"}
DISCLOSURE, GOODBYE, PURPOSE = (statement(name) for name in ("utter_disclosure", "utter_goodbye", "utter_purpose"))
WHO, PAY = (prompt(name) for name in ("utter_ask_who", "utter_ask_pay"))
CODE = prompt("utter_ask_code", "number", ())
