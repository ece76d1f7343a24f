"""A persona on a telephone line: recognises what the bot says, waits its turn, and answers in a synthetic voice."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from bot.simulation.persona import Speaker, plain
from speech.asr.port import BadGrammar, Hints, Recogniser, RecognitionStream
from speech.audio import TELEPHONE, Frame, Samples, silence
from speech.resampling import resample
from speech.tts.port import Synthesiser, Voice
from telephony_bridge.simulated.customer import Said, is_loud

TICK_SAMPLES = TELEPHONE.samples_for_ms(20)


BREATH_TICKS = 10
"""A pause of 200 ms ends a sentence; what was said is understood sentence by sentence."""


class TalkingCustomer:
    """Implements `telephony_bridge.simulated.customer.Customer`.

    It takes its turn when the bot has spoken and then been quiet for `quiet_ms`, and stops listening while it
    speaks, as most people do. `quiet_ms` is longer than the pauses between the bot's sentences.
    """

    blocking = True

    def __init__(
        self,
        speaker: Speaker,
        language: str,
        recogniser: Recogniser,
        grammar: str,
        synthesiser: Synthesiser,
        voice: Voice,
        quiet_ms: float = 900,
    ) -> None:
        self._speaker = speaker
        self._recogniser = recogniser
        self._hints = Hints(language, grammar)
        self._synthesiser = synthesiser
        self._voice = voice
        self._quiet_ticks = round(quiet_ms / 20)
        self._stream: RecognitionStream | None = None
        self._quiet = 0
        self._understood: list[str] = []
        self._saying: Samples = np.zeros(0, dtype=np.int16)

    def hear_and_speak(self, heard: Frame) -> Said:
        if self._saying.size:
            return Said(self._next(heard.position))
        self._hear(heard)
        if not self._understood or self._quiet < self._quiet_ticks:
            return Said(silence(TELEPHONE, 20, heard.position))
        answer = self._speaker.answer(" ".join(self._understood))
        self._understood.clear()
        if answer.say is not None:
            self._saying = self._speak(answer.say)
        return Said(self._next(heard.position), digits=answer.press or "", hang_up=answer.hang_up)

    def _hear(self, heard: Frame) -> None:
        if is_loud(heard):
            self._quiet = 0
            if self._stream is None:
                self._stream = self._recogniser.open(self._hints)
        else:
            self._quiet += 1
        if self._stream is None:
            return
        self._stream.accept(heard)
        if self._quiet >= BREATH_TICKS:
            self._understood.append(self._stream.finalise().text)
            self._stream = None

    def _speak(self, text: str) -> Samples:
        frames = list(self._synthesiser.synthesise(text, self._voice))
        whole = Frame(frames[0].format, b"".join(frame.data for frame in frames))
        return resample(whole, TELEPHONE.rate).samples()

    def _next(self, position: int) -> Frame:
        part, self._saying = self._saying[:TICK_SAMPLES], self._saying[TICK_SAMPLES:]
        return Frame.of(np.pad(part, (0, TICK_SAMPLES - part.size)), TELEPHONE.rate, position)


def grammar_of(sentences: Iterable[str], recogniser: Recogniser, language: str) -> str:
    """A JSGF grammar of what stands between punctuation, in any order. Words that nobody can pronounce are left out."""
    texts = {plain(part) for sentence in sentences for part in re.split(r"[.,;:?!]", sentence)}
    unknown: frozenset[str] = frozenset()
    while True:
        spoken = sorted({" ".join(word for word in text.split() if word not in unknown) for text in texts} - {""})
        grammar = f"#JSGF V1.0;\ngrammar bot;\npublic <bot> = ( {' | '.join(spoken)} )+ ;\n"
        try:
            recogniser.open(Hints(language, grammar)).close()
        except BadGrammar as error:
            fresh = frozenset(error.words) - unknown
            if not fresh:
                raise
            unknown |= fresh
        else:
            return grammar
