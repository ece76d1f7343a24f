"""How long to wait, once the customer's voice has stopped, before their turn counts as ended. Pure.

The bot knows what it asked, so it can wait long for half a phone number and hardly at all after "yes"; and it
learns within the call how long this customer pauses. All times are counted from the position where the voice
stopped (`speech.endpointing.VoiceStopped`), not from its report, so the hangover of endpointing is contained in them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal, get_args

ExpectedAnswer = Literal["yes_no", "number", "rating", "date", "amount", "choice", "free"]
"""The kinds of answer a question can expect, as scripts write them."""


class Words(StrEnum):
    """What the words of the turn so far amount to."""

    NONE = "none"  # a voice, but nothing was recognised
    INCOMPLETE = "incomplete"  # more may follow, and nothing says that it will
    TRAILING = "trailing"  # the last word wants more: "and", "the", "um"
    COMPLETE = "complete"  # a whole answer of the kind that is expected


@dataclass(frozen=True, slots=True)
class Patience:
    """Milliseconds to wait for each state of the words.

    `closed`: an answer can be known to be whole, and waits for whole ones learn from nothing but cut-offs.
    """

    complete: int
    incomplete: int
    trailing: int
    wordless: int
    closed: bool = True


def _closed(complete: int, incomplete: int) -> Patience:
    return Patience(complete, incomplete, trailing=incomplete, wordless=incomplete)


PATIENCE: dict[ExpectedAnswer | None, Patience] = {
    "yes_no": _closed(220, 700),
    "rating": _closed(240, 700),
    "choice": _closed(300, 800),
    "number": _closed(240, 900),
    "date": _closed(600, 900),
    "amount": _closed(300, 900),
    "free": Patience(complete=550, incomplete=550, trailing=1200, wordless=900, closed=False),
    None: _closed(350, 700),
}
"""The waits before anything is known of the customer; None: nothing in particular is expected.

A stop is reported 192 ms after the voice, and what the recogniser makes of the words comes about 70 ms later: below
240 ms there is nothing to gain. 220 ms mean "as soon as it is known that this is a yes". Where a whole answer may go on
("yes ... I have paid already") it gets 300 ms, and a day 600 ms: "Friday ... the twenty-seventh" is often said in two.

People pause inside an answer. Of 74 recordings of people reading commands, letters and digits (CMU AN4, cut to
the telephone band), 12 hold pauses of more than 200 ms, 15 in all: half of them above 288 ms, the longest 640 ms. So
an unfinished number waits 900 ms.

A free answer is never known to be whole. After words that could be its end 550 ms are a compromise: more than most of
those pauses, and still an answer in about 600 ms. After "and the ..." the speaker is thinking and will go on; without
words there is nothing to judge by.
"""

LONGEST_MS = 1500
"""No pause makes the bot wait longer: callers are reported to take 0.8 s of silence for sluggish, and to give up on a
bot after 1.5 s."""

MARGIN_MS = 150
"""Waited beyond the longest pause: that the voice is back is known only after 96 ms of it
(`speech.endpointing.EndpointSettings.min_voice_ms`), and the next pause is not exactly as long as the last."""

CUT_OFF_STEP_MS = 100
CUT_OFF_MAX_MS = 300
"""What one cut-off adds to the waits after whole answers, and what all together may add: at most half a second of
silence after a bare yes, even for those who are cut off again and again."""

SURE_FROM = 0.6
"""The confidence from which a whole answer is believed that the words before it did not lead to.

Made to find a sentence that ends here, a recogniser hears "june fifth" in "next ..." and four digits in two. In 53
rehearsed calls all such answers had 0.35 to 0.54; those that were right in spite of the words before had 0.69 and more.
"""

CALM_TURNS = 4
"""So many turns in a row without a long pause (or without a cut-off) undo some of what was learned, so that one
moment of thought does not slow the rest of the call."""

FORGET_MS = 200
"""By how much the longest pause shrinks after `CALM_TURNS`; a pause that much shorter is still a long one."""


@dataclass(frozen=True, slots=True)
class Pauses:
    """The customer's own pauses in this call, as far as they still count.

    `longest_ms` is the longest pause within a turn, `cut_off_ms` what is added after whole answers because turns were
    ended too soon; `calm` and `uncut` count the turns since there was a reason for the one and the other.
    """

    longest_ms: int = 0
    cut_off_ms: int = 0
    calm: int = 0
    uncut: int = 0


def remember(pauses: Pauses, pause_ms: float, *, cut_off: bool) -> Pauses:
    """What is known of the customer after one more pause, or (`pause_ms` 0) after one more turn.

    To be called when the voice comes back within a turn; when it comes back although the turn had been ended
    (`cut_off`: the wait was too short); and with 0 for every turn that is over, without which nothing is unlearned.
    A silence over `LONGEST_MS` is no pause that waiting could have covered, and teaches nothing.
    """
    if pause_ms <= 0:
        return _after_turn(pauses)
    if pause_ms > LONGEST_MS:
        return pauses
    length = min(round(pause_ms), LONGEST_MS - MARGIN_MS)
    if length >= pauses.longest_ms - FORGET_MS:
        pauses = replace(pauses, longest_ms=max(length, pauses.longest_ms), calm=0)
    if cut_off:
        more = min(CUT_OFF_MAX_MS, pauses.cut_off_ms + CUT_OFF_STEP_MS)
        pauses = replace(pauses, cut_off_ms=more, uncut=0)
    return pauses


def _after_turn(pauses: Pauses) -> Pauses:
    longest, calm = pauses.longest_ms, pauses.calm + 1
    if calm >= CALM_TURNS:
        longest, calm = max(0, longest - FORGET_MS), 0
    more, uncut = pauses.cut_off_ms, pauses.uncut + 1
    if uncut >= CALM_TURNS:
        more, uncut = max(0, more - CUT_OFF_STEP_MS), 0
    return Pauses(longest, more, calm, uncut)


def once_settled(before: Words, settled: Words, confidence: float | None) -> Words:
    """What the words amount to when the voice has stopped: `settled`, unless they were only made whole to end here.

    `before`: what the words amounted to while the voice went on. `confidence` (0 to 1) is the recogniser's in the
    settled words; None where it has none, and then it is believed.
    """
    forced = settled is Words.COMPLETE and before in {Words.INCOMPLETE, Words.TRAILING}
    return Words.INCOMPLETE if forced and confidence is not None and confidence < SURE_FROM else settled


def patience_ms(expects: str | None, words: Words, pauses: Pauses = Pauses()) -> int:
    """Milliseconds of silence after which the turn has ended, 220 to 1500.

    `expects` is the answer the open question declares, or None; `words` what was heard amounts to so far. Raises
    `ValueError` for an unknown kind of answer.
    """
    waits = next((waits for kind, waits in PATIENCE.items() if kind == expects), None)
    if waits is None:
        kinds = ", ".join(get_args(ExpectedAnswer))
        raise ValueError(f"unknown kind of answer {expects!r}; known are {kinds}")
    if words is Words.COMPLETE and waits.closed:
        return waits.complete + pauses.cut_off_ms
    return max(_usual(waits, words), _covering(pauses))


def _usual(waits: Patience, words: Words) -> int:
    match words:
        case Words.NONE:
            return waits.wordless
        case Words.INCOMPLETE:
            return waits.incomplete
        case Words.TRAILING:
            return waits.trailing
        case Words.COMPLETE:
            return waits.complete


def _covering(pauses: Pauses) -> int:
    return min(LONGEST_MS, pauses.longest_ms + MARGIN_MS) if pauses.longest_ms > 0 else 0
