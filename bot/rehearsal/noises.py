"""Sounds without words of a customer, or of a machine in their place: 8 kHz samples, made here, always the same."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from speech.audio import TELEPHONE, Samples

RATE = TELEPHONE.rate
Wave = npt.NDArray[np.float64]


def cough(seed: int = 1, level_dbfs: float = -18) -> Samples:
    """Two bursts of breath, the first explosive: noise between 300 and 2500 Hz under a fast envelope; 420 ms."""
    noise = np.random.default_rng(seed).standard_normal(round(0.42 * RATE))
    t = np.arange(noise.size) / RATE
    first = np.where(t < 0.008, t / 0.008, np.exp(-(t - 0.008) / 0.05))
    second = 0.6 * np.where(t < 0.22, 0.0, np.exp(-(t - 0.22) / 0.06))
    return _at(_band(noise, 300, 2500) * (first + second), level_dbfs)


def hum(seed: int = 1, level_dbfs: float = -24) -> Samples:
    """ "Mhm": a voiced hum with closed lips, low then higher; 450 ms. Formants of [m]: 250, 1100 Hz."""
    random = np.random.default_rng(seed)
    t = np.arange(round(0.45 * RATE)) / RATE
    pitch = random.uniform(105, 190) * np.where(t < 0.2, 1.0, 1.18)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    harmonics = np.arange(1, 20)[:, None]
    voice = (np.sin(harmonics * phase) * _formants(harmonics * pitch)).sum(axis=0)
    gap = np.clip(np.abs(t - 0.2) / 0.03, 0.15, 1.0)
    fade = np.clip(np.minimum(t, t[-1] - t) / 0.04, 0, 1)
    return _at(voice * gap * fade, level_dbfs)


def knock(seed: int = 1, level_dbfs: float = -12) -> Samples:
    """The handset put down: a click and its ringing; 120 ms."""
    noise = np.random.default_rng(seed).standard_normal(round(0.12 * RATE))
    return _at(noise * np.exp(-np.arange(noise.size) / RATE / 0.012), level_dbfs)


def breath(seed: int = 1, level_dbfs: float = -30) -> Samples:
    """Breathing into the microphone: soft high noise, swelling; 600 ms."""
    noise = np.random.default_rng(seed).standard_normal(round(0.6 * RATE))
    return _at(_band(noise, 1200, 4000) * np.hanning(noise.size), level_dbfs)


def beep(seed: int = 1, level_dbfs: float = -12) -> Samples:
    """An answering machine's beep: 1000 Hz, 500 ms."""
    t = np.arange(round(0.5 * RATE)) / RATE
    return _at(np.sin(2 * np.pi * 1000 * t), level_dbfs)


NOISES = {"cough": cough, "hum": hum, "knock": knock, "breath": breath, "beep": beep}


def _band(noise: Wave, low: float, high: float) -> Wave:
    """What lies between two frequencies."""
    spectrum = np.fft.rfft(noise)
    frequencies = np.fft.rfftfreq(noise.size, 1 / RATE)
    spectrum[(frequencies < low) | (frequencies > high)] = 0
    return np.fft.irfft(spectrum, noise.size)


def _formants(frequency: Wave) -> Wave:
    first = 1 / (1 + ((frequency - 250) / 70) ** 2)
    second = 0.08 / (1 + ((frequency - 1100) / 160) ** 2)
    return first + second


def _at(wave: Wave, level_dbfs: float) -> Samples:
    """Scaled to a peak level."""
    scaled = wave / np.abs(wave).max() * 10 ** (level_dbfs / 20) * 32767
    return np.asarray(scaled, dtype=np.int16)
