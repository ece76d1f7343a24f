"""What a telephone line does to a recording: 300 to 3400 Hz, 8 kHz, G.711 mu-law."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from speech import wav
from speech.audio import TELEPHONE, Encoding, Frame, Samples
from speech.codecs import decode, encode
from speech.resampling import resample


def over_the_telephone(path: Path, lead_ms: float = 0, tail_ms: float = 0, noise_db: float | None = None) -> Frame:
    """A mono WAV as it arrives at 8 kHz, with silence around it and, if asked for, white noise (dBFS) under it."""
    narrow = resample(_band_limited(wav.read(path)), TELEPHONE.rate).samples()
    lead = np.zeros(TELEPHONE.samples_for_ms(lead_ms), dtype=np.int16)
    tail = np.zeros(TELEPHONE.samples_for_ms(tail_ms), dtype=np.int16)
    whole = np.concatenate((lead, narrow, tail))
    if noise_db is not None:
        whole = mixed(whole, white_noise(len(whole), noise_db))
    return decode(encode(Frame.of(whole, TELEPHONE.rate), Encoding.ULAW))


def white_noise(samples: int, level_db: float) -> Samples:
    """Gaussian noise with this RMS level in dBFS, the same on every call."""
    noise = np.random.default_rng(20).normal(0, 32768 * 10 ** (level_db / 20), samples)
    return np.clip(np.rint(noise), -32768, 32767).astype(np.int16)


def mixed(one: Samples, other: Samples) -> Samples:
    return np.asarray(np.clip(one.astype(np.int32) + other, -32768, 32767), dtype=np.int16)


def _band_limited(frame: Frame) -> Frame:
    spectrum = np.fft.rfft(frame.samples().astype(float))
    hertz = np.fft.rfftfreq(len(frame), 1 / frame.format.rate)
    spectrum[(hertz < 300) | (hertz > 3400)] = 0
    samples = np.fft.irfft(spectrum, len(frame))
    return Frame.of(np.clip(np.rint(samples), -32768, 32767).astype(np.int16), frame.format.rate)
