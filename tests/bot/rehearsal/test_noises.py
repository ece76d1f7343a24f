"""Sounds without words: what they are made of, in numbers."""

from __future__ import annotations

import numpy as np
import pytest

from bot.rehearsal import noises
from bot.rehearsal.noises import NOISES
from speech.audio import TELEPHONE, Samples

pytestmark = pytest.mark.unit

RATE = TELEPHONE.rate
VOICED_FROM = 0.8
"""Of a periodic sound, this much or more is found again one period later; of noise, less than half of it."""


def peak_dbfs(samples: Samples) -> float:
    return float(20 * np.log10(np.abs(samples.astype(float)).max() / 32767))


def share_between(samples: Samples, low_hz: float, high_hz: float) -> float:
    """The share of the energy between two frequencies."""
    power = np.abs(np.fft.rfft(samples.astype(float))) ** 2
    frequencies = np.fft.rfftfreq(samples.size, 1 / RATE)
    return float(power[(frequencies >= low_hz) & (frequencies <= high_hz)].sum() / power.sum())


def pitch(samples: Samples) -> tuple[float, float]:
    """The best period between 80 and 250 Hz, as a frequency, and how much of the sound it explains."""
    wave = samples.astype(float)
    lags = range(RATE // 250, RATE // 80)
    likeness = [
        float(wave[:-lag] @ wave[lag:] / np.sqrt((wave[:-lag] @ wave[:-lag]) * (wave[lag:] @ wave[lag:])))
        for lag in lags
    ]
    best = int(np.argmax(likeness))
    return RATE / lags[best], likeness[best]


@pytest.mark.parametrize(
    ("name", "ms", "level"), [("cough", 420, -18), ("hum", 450, -24), ("knock", 120, -12), ("breath", 600, -30)]
)
def test_length_and_level(name: str, ms: float, level: float) -> None:
    samples = NOISES[name](1)
    assert samples.dtype == np.int16
    assert TELEPHONE.ms_for(samples.size) == ms
    assert peak_dbfs(samples) == pytest.approx(level, abs=0.1)


@pytest.mark.parametrize("name", ["cough", "hum", "knock", "breath"])
def test_the_same_seed_is_the_same_sound_and_another_is_another(name: str) -> None:
    assert np.array_equal(NOISES[name](1), NOISES[name](1))
    assert not np.array_equal(NOISES[name](1), NOISES[name](2))


def test_louder_is_the_same_sound_louder() -> None:
    assert peak_dbfs(noises.cough(1, -6)) == pytest.approx(-6, abs=0.1)


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_hum_is_voiced_and_rises(seed: int) -> None:
    hum = noises.hum(seed)
    first, second = hum[: round(0.17 * RATE)], hum[round(0.23 * RATE) :]
    (low, sure), (high, sure_too) = pitch(first), pitch(second)
    assert min(sure, sure_too) > VOICED_FROM
    assert 95 < low < 200
    assert high / low == pytest.approx(1.18, abs=0.05)
    assert share_between(hum, 80, 600) > 0.9, "closed lips let little else through"


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_cough_is_noise_within_its_band(seed: int) -> None:
    cough = noises.cough(seed)
    assert pitch(cough)[1] < VOICED_FROM / 2
    assert share_between(cough, 250, 2550) > 0.95


def test_a_cough_is_two_bursts_the_first_one_explosive() -> None:
    energy = np.mean([np.abs(noises.cough(seed).astype(float)) for seed in range(1, 30)], axis=0)
    loud = {ms: energy[round(ms * 8) : round((ms + 20) * 8)].mean() for ms in (8, 190, 225, 390)}
    assert loud[8] > loud[225] > 2 * loud[190]
    assert loud[225] > 3 * loud[390]


def test_a_breath_is_high_noise_that_swells() -> None:
    breath = noises.breath(1)
    assert share_between(breath, 1200, 4000) > 0.95
    thirds = [np.abs(third.astype(float)).mean() for third in np.array_split(breath, 3)]
    assert thirds[1] > 2 * max(thirds[0], thirds[2])


def test_a_knock_is_over_at_once() -> None:
    knock = np.abs(noises.knock(1).astype(float))
    assert knock[: round(0.03 * RATE)].sum() > 0.85 * knock.sum()
