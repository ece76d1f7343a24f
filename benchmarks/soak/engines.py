"""A recogniser that costs nothing: what a voice said is drawn by chance."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from speech.asr.port import Hints, RecognitionStream, Transcript
from speech.audio import TELEPHONE, AudioFormat, Frame

WORDS = (
    "yes",
    "yes speaking",
    "no",
    "four",
    "i will pay on friday",
    "i have already paid",
    "can you repeat that please",
    "i want to speak to a human",
    "call me later",
    "you have the wrong number",
    "mhm",
)
"""With them calls go through what scripts have: questions, repeats, hand-over, farewells, words that mean nothing."""

KNOWN_AFTER = TELEPHONE.samples_for_ms(500)
"""From so much sound on there are partial words."""


class DrawnWords:
    """See `speech.asr.port.Recogniser`. Each utterance is one of `WORDS`, whatever was said."""

    name, version = "drawn words", "1"
    languages: tuple[str, ...] = ("en",)
    format: AudioFormat = TELEPHONE

    def __init__(self, random: Random, words: Sequence[str] = WORDS) -> None:
        self._random = random
        self._words = words

    def open(self, hints: Hints) -> RecognitionStream:
        return _Utterance(self._random.choice(self._words))


class _Utterance:
    def __init__(self, text: str) -> None:
        self._text = text
        self._start: int | None = None
        self._end = 0
        self._told = False

    def accept(self, frame: Frame) -> Transcript | None:
        self._start = frame.position if self._start is None else self._start
        self._end = frame.end
        if self._told or self._end - self._start < KNOWN_AFTER:
            return None
        self._told = True
        return self.finalise()

    def preview(self) -> Transcript:
        return self.finalise()

    def finalise(self) -> Transcript:
        return Transcript(self._text, self._start or 0, self._end, 0.9)

    def close(self) -> None:
        """Nothing is held."""
