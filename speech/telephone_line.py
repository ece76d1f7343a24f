"""What a telephone line does to a voice: 300 to 3400 Hz, 8 kHz, G.711 mu-law and back.

Recordings and synthetic voices sound through it before they may be called telephone speech.
"""

from __future__ import annotations

import numpy as np

from speech.audio import TELEPHONE, Encoding, Frame
from speech.codecs import decode, encode
from speech.resampling import resample

BAND_HZ = (300, 3400)


def over_the_telephone(frame: Frame) -> Frame:
    """A whole recording (L16, any rate) as it arrives at 8 kHz."""
    narrow = resample(_band_limited(frame), TELEPHONE.rate)
    return decode(encode(narrow, Encoding.ULAW))


def _band_limited(frame: Frame) -> Frame:
    low, high = BAND_HZ
    spectrum = np.fft.rfft(frame.samples().astype(float))
    hertz = np.fft.rfftfreq(len(frame), 1 / frame.format.rate)
    spectrum[(hertz < low) | (hertz > high)] = 0
    samples = np.fft.irfft(spectrum, len(frame))
    return Frame.of(np.clip(np.rint(samples), -32768, 32767).astype(np.int16), frame.format.rate, frame.position)
