"""Ears and mouth for a call in text: words instead of sound, with the times that sound would take."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from bot.call.core.events import Event, Heard, Partial, PlayoutEnded, Utterance, VoiceStarted, VoiceStopped
from bot.call.weighing import Weight
from bot.rehearsal.leg import RehearsalLeg
from bot.rehearsal.noises import NOISES
from dialogue.prompts import Prompt
from speech.asr.port import Hints
from speech.audio import TELEPHONE
from telephony_bridge.leg import LegEvent

MS_PER_CHARACTER = 65
"""Speaking time, near enough: 150 English words a minute."""
MS_PER_HANZI = 230
"""Mandarin is spoken at four to five characters a second."""
ONSET_MS = 130
HANGOVER_MS = 192
"""What voice detection takes to be sure that a voice has begun, and that it has stopped."""


def spoken_ms(text: str) -> float:
    """How long it takes to say a text."""
    hanzi = sum("一" <= character <= "鿿" for character in text)
    return hanzi * MS_PER_HANZI + (len(text) - hanzi) * MS_PER_CHARACTER


class TextMouth:
    """Says words one prompt after another, as `bot.call.mouth.Mouth` does with sound."""

    def __init__(self, leg: RehearsalLeg, tell: Callable[[Event], None]) -> None:
        self._leg = leg
        self._tell = tell
        self._waiting: asyncio.Queue[tuple[str, int] | None] = asyncio.Queue()
        self.sent: dict[str, Path] = {}
        self.lengths: dict[str, int] = {}

    def speak(self, playout_id: str, prompt: Prompt, start: int = 0) -> None:
        self._waiting.put_nowait((playout_id, TELEPHONE.samples_for_ms(spoken_ms(prompt.text)) - start))

    def stop(self) -> None:
        while not self._waiting.empty():
            dropped = self._waiting.get_nowait()
            if dropped is not None:
                self._tell(PlayoutEnded(dropped[0], heard=0, completed=False))
        self._waiting.put_nowait(None)

    def joined(self, event: LegEvent) -> LegEvent:
        return event

    async def run(self) -> None:
        while True:
            item = await self._waiting.get()
            if item is None:
                await self._leg.stop_playout()
            else:
                playout_id, samples = item
                self._leg.say(samples, playout_id)

    def close(self) -> None:
        """Nothing was made."""


class TextEars:
    """Hears words that the customer says in whole sentences."""

    def __init__(self, tell: Callable[[Event], None], weigh: Callable[[str, bool], Weight]) -> None:
        self._tell = tell
        self._weigh = weigh
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._words: list[str] = []
        self._start = 0
        self.origin: float | None = None

    def listen(self, hints: Hints) -> None:
        """Words need no grammar."""

    def say(self, text: str) -> float:
        """The customer begins to say this now; returns for how many milliseconds they speak."""
        ms = spoken_ms(text)
        onset = self._position()
        self._loop.call_later(ONSET_MS / 1000, self._begin, onset)
        self._loop.call_later((ms + HANGOVER_MS) / 1000, self._stop, text, onset + TELEPHONE.samples_for_ms(ms))
        return ms

    def sound(self, kind: str) -> float:
        """A sound without words: a voice begins and stops, and nothing can be recognised."""
        ms = TELEPHONE.ms_for(NOISES[kind]().size)
        onset = self._position()
        self._loop.call_later(ONSET_MS / 1000, self._begin, onset)
        self._loop.call_later((ms + HANGOVER_MS) / 1000, self._stop, "", onset + TELEPHONE.samples_for_ms(ms))
        return ms

    def _begin(self, onset: int) -> None:
        self._start = onset if not self._words else self._start
        self._tell(VoiceStarted(onset))

    def _stop(self, text: str, end: int) -> None:
        if text:
            self._words.append(text)
        self._tell(VoiceStopped(end, TELEPHONE.ms_for(self._position() - end)))
        words = " ".join(self._words)
        weight = self._weigh(words, True)
        self._tell(Partial(words, weight.words, weight.bearing, settled=True))

    def finalise(self) -> None:
        words, self._words = " ".join(self._words), []
        utterance = Utterance(words, self._start, self._position(), None, accepted=True)
        self._tell(Heard(utterance, self._weigh(words, True).bearing))

    def discard(self) -> None:
        self._words = []

    async def run(self) -> str:
        await asyncio.Event().wait()
        return ""

    async def media_stopped(self, reason: str) -> bool:
        return False

    def _position(self) -> int:
        return TELEPHONE.samples_for_ms((self._loop.time() - self._began) * 1000)
