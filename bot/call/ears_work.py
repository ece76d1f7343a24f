"""What the ears give the recogniser to do, one after another."""

from __future__ import annotations

from dataclasses import dataclass

from speech.asr.port import Hints
from speech.audio import Frame


@dataclass(frozen=True, slots=True)
class Open:
    """A turn begins."""

    hints: Hints


@dataclass(frozen=True, slots=True)
class Feed:
    frame: Frame


@dataclass(frozen=True, slots=True)
class Preview:
    """The voice has perhaps stopped, at sample `end`: say what the turn would be."""

    end: int


@dataclass(frozen=True, slots=True)
class Settle:
    """The voice has stopped, at sample `end`; `voices` had begun by then."""

    end: int
    voices: int


class Finish:
    """The turn is over."""


class Discard:
    """The turn is void."""


Work = Open | Feed | Preview | Settle | Finish | Discard
