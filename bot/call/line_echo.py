"""The bot's own voice on the customer's side of a line: told by its wave, and not heard again once it has been told.

A line that gives one prompt back gives the next one back, too. Each would be stopped by its own echo, and said on
again, and never be said to its end. So the first echo of a call, which does stop its prompt, also tells how loud the
line gives back; after that whatever is no louder than an echo may be is kept from the voice detector.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.call.playout_log import PlayoutLog
from speech import echo
from speech.audio import TELEPHONE, Frame, Samples

ECHO_FROM = 0.42
"""The likeness from which a sound is an echo (`python -m benchmarks.echo`). Copies 21 and 28 dB softer have 0.88 and
more, through the filter and reflections of a poor line 0.53; of those 35 dB softer half stay below, and are mostly too
soft to be taken for a voice. 148 recordings of people have up to 0.22, the bot's own voice in other words 0.15."""


LOUDEST = 0.25
"""No line is taken to give back more of the amplitude (-12 dB): at twice that, customers would have to shout."""


class LineEcho:
    """`origin`, throughout, is the monotonic time (seconds) of the line's sample 0, or None before there is any audio;
    `files` has each playout's."""

    def __init__(self, playouts: PlayoutLog) -> None:
        self._playouts = playouts
        self._coupling = 0.0

    def is_echo(self, sound: Frame, origin: float | None, files: Mapping[str, Path]) -> bool:
        """Whether `sound` is a copy of what was sounding; in any thread.

        It lies where its positions say on the line. From it `suppressed` knows how loud this line gives back.
        """
        if origin is None:
            return False
        played, heard = self._played(sound, origin, files), sound.samples()
        if echo.likeness(heard, played) < ECHO_FROM:
            return False
        self._coupling = min(LOUDEST, echo.coupling(heard, played))
        return True

    def suppressed(self, frame: Frame, origin: float | None, files: Mapping[str, Path]) -> Frame:
        """The frame; silence in its place if it may be an echo, as loud as this line has given one back."""
        if origin is None or not self._coupling:
            return frame
        if echo.may_be_echo(frame.samples(), self._played(frame, origin, files), self._coupling):
            return Frame(frame.format, bytes(len(frame.data)), frame.position)
        return frame

    def _played(self, sound: Frame, origin: float, files: Mapping[str, Path]) -> Samples:
        earliest = sound.position - TELEPHONE.samples_for_ms(echo.LATEST_MS)
        return self._playouts.sounding(earliest, sound.end, origin, files)
