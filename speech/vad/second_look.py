"""A short sound in which the detector found no voice, heard once more as a whole.

The model judges a sound while it begins, at whatever level it comes and wherever the windows happen to fall. A digit
that is over in a third of a second may pass that way: of people's 60 digits over a telephone line 3 % went unheard at
the average place of the windows, of 300 ms cut out of other sentences 4 %, and 11 % of those 18 dB softer. Once the
sound is over its level is known, so it can be brought to the one the model hears best at, and be cut into windows at
other places too. With both the figures are 0, 2 and 8 %. Of coughs, knocks, breaths and beeps made here no more are
taken for a voice than before; of bursts of noise that swell and fade, 12 % instead of 7.

A sound of 400 ms in which there is no voice takes 9 ms of CPU, once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from speech.audio import AudioFormat, Frame, Samples
from speech.vad.energy import level_db
from speech.vad.port import VoiceWindow
from speech.vad.silero import SileroModel

LEVEL_DB = -33.0
"""What the loudest window is brought to (dBFS). From here to -24 the same digits are found; the louder, the more noise
is taken for a voice."""

SOFTEST_DB = -48.0
"""A sound whose loudest window lies below is left alone: it would be somebody in the room, or our own echo."""

LEAD_WINDOWS = 2
"""Silence that the model hears first."""

SHIFTS = (0.0, 0.25, 0.5, 0.75)
"""Where the windows fall, in parts of one. With two of them 2 % of the digits one to five went unheard."""

BEST_OF = 3
"""The hearing counts that is surest for so many windows in a row: as long as the shortest voice."""


def hear_again(model: SileroModel, format: AudioFormat, sound: Samples, start: int) -> tuple[VoiceWindow, ...]:
    """The windows of a whole sound (int16, shape [n], its first sample at `start`); none where it is too soft."""
    loudest = max((level_db(piece) for piece in _halves(sound, format)), default=-100.0)
    if loudest < SOFTEST_DB:
        return ()
    even = np.clip(np.rint(sound * 10 ** ((LEVEL_DB - loudest) / 20)), -32768, 32767).astype(np.int16)
    return max((_hearing(model, format, even, start, shift) for shift in SHIFTS), key=_surest)


def _halves(sound: Samples, format: AudioFormat) -> list[Samples]:
    """Pieces of one window's length, each beginning in the middle of the last."""
    length = format.samples_for_ms(32)
    return [sound[at : at + length] for at in range(0, max(1, len(sound) - length + 1), length // 2)]


def _hearing(
    model: SileroModel, format: AudioFormat, sound: Samples, start: int, shift: float
) -> tuple[VoiceWindow, ...]:
    listener = model.listener(format)
    lead = LEAD_WINDOWS * listener.window + round(shift * listener.window)
    tail = 2 * listener.window
    whole = np.concatenate((np.zeros(lead, np.int16), sound, np.zeros(tail, np.int16)))
    pieces = listener.cutter(format).accept(Frame.of(whole, format.rate))
    heard = zip(pieces, listener.hear(pieces), strict=True)
    within = [(piece, probability) for piece, probability in heard if lead <= piece.start < lead + len(sound)]
    return tuple(
        VoiceWindow(start + piece.start - lead, start + piece.end - lead, probability) for piece, probability in within
    )


def _surest(windows: Sequence[VoiceWindow]) -> float:
    """The probability that `BEST_OF` windows in a row all have, at best."""
    sure = [window.probability for window in windows]
    return max((min(sure[at : at + BEST_OF]) for at in range(len(sure) - BEST_OF + 1)), default=0.0)
