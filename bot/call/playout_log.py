"""When each playout sounded and how much of it was heard: what the bot's side of the recording is made of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.call.recording import Recording
from speech.audio import TELEPHONE


class PlayoutLog:
    def __init__(self) -> None:
        self._began: dict[str, float] = {}
        self._heard: dict[str, int] = {}

    def started(self, playout_id: str, at: float) -> None:
        """`at` is a monotonic time in seconds."""
        self._began[playout_id] = at

    def ended(self, playout_id: str, heard: int) -> None:
        """`heard` in samples at 8 kHz."""
        self._heard[playout_id] = heard

    def lay_over(self, recording: Recording, origin: float, files: Mapping[str, Path]) -> None:
        """Put what was heard on the recording, whose sample 0 is at the monotonic time `origin`."""
        for playout_id, began in self._began.items():
            heard = self._heard.get(playout_id, 0)
            if heard and playout_id in files:
                recording.bot(round((began - origin) * TELEPHONE.rate), files[playout_id], heard)
