"""What a customer must be able to tell a machine without it being kept: sensitive digits become tokens.

A question marked `sensitive` collects digits by speech or keys. The tape gets `<4 digits #1>` in their place: the
same value has the same token throughout the call, and the token says nothing else of it. (A hash would: there are
only 10,000 values of four digits.) Words that are no digits stay readable. A value that is known to be sensitive,
from the contact or because it was the answer to such a question, is masked wherever three of its digits are said.
The same rows tell which stretches of the customer's audio to silence.

Pure: rows of the tape go in and come out (`row`); nothing is kept of the call but the values themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.call.spoken_digits import Run, runs
from bot.call.weighing import Bearing
from speech.audio import TELEPHONE

WHOLE = "<speech>"
"""In place of words that the recogniser does not stand by: they may be digits it misheard."""

TELLING = 3
"""So many digits in a row give a value away; fewer happen to be in any date or sum."""

BEFORE_VOICE, AFTER_VOICE = TELEPHONE.samples_for_ms(300), TELEPHONE.samples_for_ms(100)
"""Soft first sounds come before what the recogniser calls the beginning."""
BEFORE_KEY, AFTER_KEY = TELEPHONE.samples_for_ms(100), TELEPHONE.samples_for_ms(300)
"""A key's tone lasts 100 to 200 ms, and is told when it has been recognised or when it is over."""

TO_THE_END = 2**31 - 1
"""The end of a stretch that is not known: three days of samples."""

_OF_THE_TAPE = frozenset({"tape_closed", "masked"})
"""Numbers and a checksum of the tape's own, whose digits mean nothing."""
_OF_THE_BOT = frozenset({"answered", "decided", "listen", "rendered", "speak"})
_NAMES = frozenset({"kind", "model", "name", "playout_id", "prompt_name", "timer", "type"})
"""Fields that the machine fills with names of its own; a digit in them is nobody's."""
_SAID = frozenset({"text", "value", "keys"})
"""Fields that hold what the customer said or typed."""

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Masked:
    """A note: the customer's audio is silence from sample `start` to before `end`."""

    start: int
    end: int


class Masker:
    """One call's. `secrets` are the sensitive values of the contact, in an order that does not depend on the call.

    `asks`: the script has a sensitive question, so that keys pressed ahead of it may be its answer.
    """

    def __init__(self, secrets: Iterable[str] = (), *, asks: bool = False) -> None:
        self._numbers: dict[str, int] = {}
        self._telling: set[str] = set()
        self._asks = asks
        self._open = False
        self._turns: dict[int, bool] = {}
        self._considered: int | None = None
        self._keys = ""
        self._voice_began: int | None = None
        self._voice_ended: int | None = None
        self._voice_matters = False
        self._void = False
        self._spans: list[tuple[int, int]] = []
        for secret in secrets:
            self.token(secret)

    def token(self, value: str) -> str:
        """What stands for a sensitive value: its digits count, however they are grouped."""
        digits = "".join(character for character in value if character.isdecimal())
        known = digits or value
        number = self._numbers.setdefault(known, len(self._numbers) + 1)
        if not digits:
            return f"<text #{number}>"
        self._learn(digits)
        return f"<{len(digits)} digit{'s' if len(digits) > 1 else ''} #{number}>"

    def _learn(self, digits: str) -> None:
        self._telling |= {digits[i : i + TELLING] for i in range(len(digits) - TELLING + 1)}

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Stretches of the customer's audio to silence, margins included: samples, first and one past the last."""
        merged: list[tuple[int, int]] = []
        for start, end in sorted([*self._spans, *self._not_understood()]):
            if merged and start <= merged[-1][1]:
                start, end = merged[-1][0], max(end, merged.pop()[1])
            merged.append((start, end))
        return tuple(merged)

    def key_at(self, position: int) -> None:
        """A key was pressed at this sample of the customer's audio; its tone may ring in it."""
        if self._keys_hidden:
            self._spans.append((max(0, position - BEFORE_KEY), position + AFTER_KEY))

    def row(self, kind: str, fields: Fields) -> Fields:
        """The fields of one row as they may be written."""
        if kind in _OF_THE_TAPE:
            return fields
        sensitive = self._sensitive(kind, fields)
        self._follow(kind, fields)
        if kind == "key_pressed":
            return self._key(fields)
        if kind == "partial" and sensitive and fields["text"] and fields.get("bearing") == Bearing.NOTHING:
            return {**fields, "text": WHOLE}  # words the recogniser does not stand by may be digits all the same
        masked = {name: self._masked(name, value, sensitive) for name, value in fields.items()}
        if kind == "heard":
            self._heard(fields["utterance"], silence=masked != fields)
        return masked

    def _sensitive(self, kind: str, fields: Fields) -> bool:
        """Whether the row holds what the customer said to a sensitive question."""
        if kind in _OF_THE_BOT:
            return False
        if "expectation" in fields:
            return _is_sensitive(fields["expectation"])
        if kind in {"partial", "heard"}:  # a voice that began at the question may be heard after it
            return self._open or (self._voice_began is not None and self._voice_matters)
        return self._turns.get(fields.get("turn", -1), self._open)

    def _follow(self, kind: str, fields: Fields) -> None:
        """Which question is open, which turn the mind is at, and where the customer's voice is."""
        match kind:
            case "listen":
                self._open = _is_sensitive(fields["expectation"])
                self._voice_matters |= self._open
            case "consider" | "consider_keys" | "consider_absence" | "consider_hand_over_failure":
                self._considered = fields["turn"]
                self._turns[fields["turn"]] = self._sensitive(kind, fields)
            case "decided" if fields["turn"] == self._considered:
                self._considered = None
            case "voice_started" if self._voice_began is None:
                self._voice_began, self._voice_ended = fields["position"], None
                self._voice_matters = self._open
            case "voice_started":
                self._voice_ended = None
            case "voice_stopped":
                self._voice_ended = fields["position"]
                self._drop_void()
            case "discard" if self._voice_began is not None:
                self._void = True
                self._drop_void()

    @property
    def _keys_hidden(self) -> bool:
        """A key pressed while the mind is busy counts for the question that it asks next."""
        return self._open or (self._asks and self._considered is not None)

    def _key(self, fields: Fields) -> Fields:
        digit = fields["digit"]
        if not digit.isdecimal():
            return fields
        self._keys = "" if self._keys_hidden else (self._keys + digit)[-TELLING:]
        if not self._keys_hidden and self._keys not in self._telling:
            return fields
        if fields.get("position") is not None:
            self.key_at(fields["position"])
        return {**fields, "digit": "*"}

    def _masked(self, name: str, value: Any, sensitive: bool) -> Any:
        """The value of the field `name`, or of one within it."""
        if isinstance(value, Mapping):
            if sensitive and value.get("accepted") is False and value.get("text"):
                value = {**value, "text": WHOLE}
            return {
                key: self._masked("slots" if name == "slots" else key, item, sensitive) for key, item in value.items()
            }
        if isinstance(value, list):
            return [self._masked(name, item, sensitive) for item in value]
        if name in _NAMES or value == WHOLE:
            return value
        if isinstance(value, str):
            everything = sensitive and name in _SAID
            return self._keys_token(value, everything) if name == "keys" else self._words(value, everything)
        if name in {*_SAID, "slots"} and isinstance(value, int | float) and not isinstance(value, bool):
            written = f"{value:g}" if isinstance(value, float) and value.is_integer() else str(value)
            masked = self._words(written, sensitive and name in _SAID)
            return masked if masked != written else value
        return value

    def _keys_token(self, keys: str, sensitive: bool) -> str:
        """A lone zero asks for a human and stays."""
        digits = "".join(key for key in keys if key.isdecimal())
        hidden = sensitive and digits not in {"", "0"}
        return self.token(digits) if hidden or self._tells([digits]) else keys

    def _words(self, text: str, everything: bool) -> str:
        """The text with a token in place of each run of digits: of every one, or of those that give a value away."""
        found = runs(text)
        if everything:
            self._learn("".join(run.digits for run in found))
        telling = self._tells([run.digits for run in found])
        hidden = [run for index, run in enumerate(found) if index in telling or (everything and not run.idiom)]
        return _replaced(found[0].source, [(run, self.token(run.digits)) for run in hidden]) if hidden else text

    def _tells(self, digits: list[str]) -> set[int]:
        """Which of these strings of digits, read one after another, give away a known value."""
        line = "".join(digits)
        owners = [index for index, each in enumerate(digits) for _ in each]
        return {
            owners[at + offset]
            for at in range(len(line) - TELLING + 1)
            if line[at : at + TELLING] in self._telling
            for offset in range(TELLING)
        }

    def _heard(self, utterance: Mapping[str, Any], *, silence: bool) -> None:
        """The voice has been understood: it is silenced if something in it was masked. What follows is not heard."""
        start, end = utterance["start"], utterance["end"]
        if self._voice_began is not None:
            start, end = min(start, self._voice_began), max(end, self._voice_ended or 0)
        if silence:
            self._spans.append(self._voice(start, end))
        if self._voice_began is not None and self._voice_ended is None:
            self._voice_began, self._void = end, True
        else:
            self._voice_began = None

    def _drop_void(self) -> None:
        """The voice that nobody will understand has ended."""
        if self._void and self._voice_ended is not None:
            self._spans += self._not_understood()
            self._voice_began, self._void = None, False

    def _not_understood(self) -> list[tuple[int, int]]:
        """What was said to a sensitive question and not understood (yet) is silenced unheard."""
        if self._voice_began is None or not self._voice_matters:
            return []
        return [self._voice(self._voice_began, self._voice_ended)]

    def _voice(self, start: int, end: int | None) -> tuple[int, int]:
        return max(0, start - BEFORE_VOICE), TO_THE_END if end is None else end + AFTER_VOICE


def _is_sensitive(expectation: Mapping[str, Any]) -> bool:
    return bool(expectation.get("sensitive", False))


def _replaced(text: str, tokens: list[tuple[Run, str]]) -> str:
    for run, token in reversed(tokens):
        text = text[: run.start] + token + text[run.end :]
    return text
