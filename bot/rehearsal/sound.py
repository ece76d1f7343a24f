"""A rehearsed customer in sound: synthetic speech, noises, or any samples, put on the line, and a line that echoes."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import lru_cache

from bot.rehearsal.leg import RehearsalLeg
from bot.rehearsal.line import Line
from bot.rehearsal.link import RehearsalLink
from bot.rehearsal.noises import NOISES
from speech.audio import TELEPHONE, Frame, Samples
from speech.resampling import resample
from speech.tts.port import Synthesiser, Voice

Speak = Callable[[str], Samples]
"""How a text sounds when this customer says it: samples at 8 kHz."""


class SpokenVoice:
    def __init__(self, link: RehearsalLink, speak: Speak) -> None:
        self._link = link
        self._speak = speak
        self._seeds = itertools.count(1)

    def say(self, text: str) -> float:
        return self._put(self._speak(text))

    def sound(self, kind: str) -> float:
        return self._put(NOISES[kind](next(self._seeds)))

    def _put(self, samples: Samples) -> float:
        self._link.put(samples)
        return TELEPHONE.ms_for(samples.size)


class SoundLine(Line):
    """A line that may give back what the customer hears."""

    def __init__(self, leg: RehearsalLeg, link: RehearsalLink, speak: Speak) -> None:
        super().__init__(leg, SpokenVoice(link, speak))
        self._link = link

    def echo(self, level_db: float, delay_ms: float) -> None:
        """See `RehearsalLink.give_back`."""
        self._link.give_back(self._leg.last_heard, level_db, delay_ms)

    def end_echo(self) -> None:
        self._link.end_echo()


def synthetic(synthesiser: Synthesiser, voice: Voice) -> Speak:
    """Text as this voice says it on a telephone; what was said before is remembered."""

    @lru_cache(maxsize=256)
    def speak(text: str) -> Samples:
        frames = list(synthesiser.synthesise(text, voice))
        whole = Frame(frames[0].format, b"".join(frame.data for frame in frames))
        return resample(whole, TELEPHONE.rate).samples()

    return speak
