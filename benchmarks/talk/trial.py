"""One thing a benchmark customer tried, and when."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    COUGH = "cough"
    HUM = "hum"  # with closed lips
    NOD = "nod"  # spoken
    ECHO = "echo"
    INTERRUPTION = "interruption"  # words to the bot, over a prompt that may be interrupted
    DIGITS = "digits"  # said with a pause inside
    DATE = "date"  # the same


NOISES = (Kind.COUGH, Kind.HUM, Kind.NOD, Kind.ECHO)
PAUSED = (Kind.DIGITS, Kind.DATE)


@dataclass(frozen=True, slots=True)
class Trial:
    """`at` and `done`: when the sound began and ended, in milliseconds on the clock of the call's tape.

    `until`: how many lines the tape had when the customer took the trial for over. `playout_id` is what was sounding
    (noises and interruptions); `pause_ms` the silence inside what was said.
    """

    kind: Kind
    what: str
    at: float
    done: float
    until: int
    playout_id: str | None = None
    prompt: str | None = None
    pause_ms: float = 0.0
