"""People who do, each time the bot has spoken, one of the things that people do; which, is drawn by chance."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np

from speech.audio import TELEPHONE, Frame, Samples, silence
from telephony_bridge.simulated.customer import Said, is_loud
from telephony_bridge.simulated.sound import TICK_MS, TICK_SAMPLES

SAYINGS = ("yes speaking", "no thank you", "I will pay on Friday.", "Can you repeat that, please?", "Four.")

SPEAKS, PRESSES, HANGS_UP = 0.6, 0.2, 0.07
"""After what the bot said; otherwise they keep silent and wait for more."""
TALKS_OVER = 0.001
"""In each 20 ms in which the bot speaks."""
THINKS_MS = (300, 1500)


class Somebody:
    """See `telephony_bridge.simulated.customer.Customer`. Never leaves a silent line: who is forgotten stays there."""

    blocking = False

    def __init__(self, random: Random, sayings: Sequence[Samples]) -> None:
        self._random = random
        self._sayings = sayings
        self._saying: Samples = np.zeros(0, dtype=np.int16)
        self._heard_speech = False
        self._quiet_ticks = 0
        self._thinks_ticks = 0

    def hear_and_speak(self, heard: Frame) -> Said:
        if self._saying.size:
            return Said(self._next(heard.position))
        if is_loud(heard):
            self._heard_speech, self._quiet_ticks = True, 0
            self._thinks_ticks = self._random.randint(*THINKS_MS) // TICK_MS
            if self._random.random() < TALKS_OVER:
                self._speak()
            return Said(self._next(heard.position))
        self._quiet_ticks += 1
        if not self._heard_speech or self._quiet_ticks < self._thinks_ticks:
            return Said(silence(TELEPHONE, TICK_MS, heard.position))
        self._heard_speech = False
        return self._act(heard.position)

    def _act(self, position: int) -> Said:
        drawn = self._random.random()
        if drawn < SPEAKS:
            self._speak()
        elif drawn < SPEAKS + PRESSES:
            return Said(silence(TELEPHONE, TICK_MS, position), digits=self._random.choice("0123456789*#"))
        elif drawn < SPEAKS + PRESSES + HANGS_UP:
            return Said(silence(TELEPHONE, TICK_MS, position), hang_up=True)
        return Said(self._next(position))

    def _speak(self) -> None:
        self._saying = self._random.choice(self._sayings)

    def _next(self, position: int) -> Frame:
        part, self._saying = self._saying[:TICK_SAMPLES], self._saying[TICK_SAMPLES:]
        return Frame.of(np.pad(part, (0, TICK_SAMPLES - part.size)), TELEPHONE.rate, position)
