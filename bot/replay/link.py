"""The customer's side of a recording as a line in virtual time."""

from __future__ import annotations

import numpy as np

from bot.rehearsal.link import FRAME, RehearsalLink
from speech.audio import Samples


class RecordedLink(RehearsalLink):
    """Plays the recording; while it is held, and after its end, there is silence."""

    def __init__(self, call_id: str, sound: Samples, begins_ms: float) -> None:
        super().__init__(call_id, begins_ms)
        self._sound = sound
        self._at = 0
        self.held = False

    def _next(self) -> Samples:
        if self.held:
            return np.zeros(FRAME, dtype=np.int16)
        part = self._sound[self._at : self._at + FRAME]
        self._at += FRAME
        return part
