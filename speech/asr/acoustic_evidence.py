"""How well the sound bears out the words of a grammar: a likelihood ratio against a free sequence of phones.

A grammar finds its nearest sentence in whatever was said. A decoder that knows only phones finds the best
explanation without any words; the less the grammar's words fall short of it, frame by frame, the likelier
they were said.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch that a decoder put down to one word or phone: frames `first` to `last`, and its acoustic
    log-likelihood over them, in a unit that both decoders share."""

    name: str
    first: int
    last: int
    score: float

    @property
    def frames(self) -> int:
        return self.last - self.first + 1


EVEN = -22.0
"""The ratio per frame, in PocketSphinx's log units, at which the words are as likely said as not."""

SPREAD = 8.0
"""How many units of the ratio change the odds by a factor of e."""


def confidence(words: Sequence[Span], phones: Sequence[Span]) -> float:
    """0..1 for the words of the grammar; 0 if there are none."""
    if not words:
        return 0.0
    exponent = (likelihood_ratio(words, phones) - EVEN) / SPREAD
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, exponent))))


def likelihood_ratio(words: Sequence[Span], phones: Sequence[Span]) -> float:
    """Log-likelihood of the words minus that of the phones in the same frames, per frame."""
    frames = sum(word.frames for word in words)
    by_words = sum(word.score for word in words)
    by_phones = sum(_within(phone, word) for word in words for phone in phones)
    return (by_words - by_phones) / frames


def _within(phone: Span, word: Span) -> float:
    """The part of the phone's score that belongs to the frames it shares with the word."""
    shared = min(phone.last, word.last) - max(phone.first, word.first) + 1
    return phone.score * shared / phone.frames if shared > 0 else 0.0
