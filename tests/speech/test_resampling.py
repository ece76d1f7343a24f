"""Changing the rate: the stream equals the whole, positions fit, nothing comes late."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speech.audio import AudioFormat, Encoding, FormatMismatch, Frame, Samples
from speech.resampling import Resampler, resample

pytestmark = pytest.mark.unit

RATES = [(8000, 16000), (16000, 8000), (22050, 8000), (48000, 8000), (8000, 48000), (44100, 16000)]


def sound(rate: int, seconds: float) -> Samples:
    """A chirp-like sum of tones below 3.4 kHz."""
    t = np.arange(int(rate * seconds)) / rate
    wave = sum(np.sin(2 * np.pi * hz * t * (1 + 0.1 * t)) for hz in (220, 610, 1340, 2700))
    return (5000 * np.asarray(wave)).astype(np.int16)


def stream(samples: Samples, rate: int, to_rate: int, sizes: list[int]) -> list[Frame]:
    resampler = Resampler(AudioFormat(rate), to_rate)
    frames, position, turn = [], 0, 0
    while position < len(samples):
        size = sizes[turn % len(sizes)]
        frames.append(resampler.accept(Frame.of(samples[position : position + size], rate, position)))
        position += size
        turn += 1
    return [*frames, resampler.flush()]


def joined(frames: list[Frame]) -> Samples:
    return np.concatenate([frame.samples() for frame in frames])


@pytest.mark.parametrize(("rate", "to_rate"), RATES)
def test_a_stream_sounds_like_the_whole(rate: int, to_rate: int) -> None:
    samples = sound(rate, 0.7)
    whole = resample(Frame.of(samples, rate), to_rate).samples()
    streamed = joined(stream(samples, rate, to_rate, [rate // 50]))
    assert len(streamed) == len(whole)
    difference = np.abs(streamed.astype(int) - whole.astype(int))
    assert difference.max() <= 8  # of 20000: more than 67 dB down


@pytest.mark.parametrize(("rate", "to_rate"), RATES)
def test_a_tone_keeps_its_time_and_level(rate: int, to_rate: int) -> None:
    tone = (8000 * np.sin(2 * np.pi * 500 * np.arange(rate) / rate)).astype(np.int16)
    got = joined(stream(tone, rate, to_rate, [rate // 100])).astype(float)
    ideal = 8000 * np.sin(2 * np.pi * 500 * np.arange(len(got)) / to_rate)
    inside = slice(to_rate // 20, -to_rate // 20)
    assert np.abs(got - ideal)[inside].max() < 20


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 700), min_size=1, max_size=8), st.sampled_from([(8000, 16000), (22050, 8000)]))
def test_frame_sizes_do_not_matter(sizes: list[int], rates: tuple[int, int]) -> None:
    samples = sound(rates[0], 0.3)
    reference = joined(stream(samples, *rates, [160]))
    frames = stream(samples, *rates, sizes)
    assert np.array_equal(joined(frames), reference)
    for before, after in itertools.pairwise(frames):
        assert after.position == before.end


@pytest.mark.parametrize(("rate", "to_rate"), RATES)
def test_no_sample_waits_longer_than_promised(rate: int, to_rate: int) -> None:
    resampler = Resampler(AudioFormat(rate), to_rate)
    samples, given_ms = sound(rate, 1), 0.0
    for position in range(0, len(samples), rate // 100):
        frame = resampler.accept(Frame.of(samples[position : position + rate // 100], rate, position))
        given_ms = resampler.output_format.ms_for(frame.end)
        assert (position + rate // 100) * 1000 / rate - given_ms <= resampler.latency_ms + 1e-6
    assert given_ms > 0
    assert resampler.latency_ms <= 60


def test_positions_begin_where_the_stream_does() -> None:
    resampler = Resampler(AudioFormat(8000), 16000)
    first = resampler.accept(Frame.of(sound(8000, 0.1), 8000, position=4000))
    assert first.position == 8000
    assert resampler.flush().end == 8000 + 1600


def test_after_a_flush_a_new_stream_begins() -> None:
    resampler = Resampler(AudioFormat(8000), 16000)
    piece = Frame.of(sound(8000, 0.1), 8000)
    once = joined([resampler.accept(piece), resampler.flush()])
    again = joined([resampler.accept(piece), resampler.flush()])
    assert np.array_equal(once, again)


def test_the_same_rate_passes_through_at_once() -> None:
    resampler = Resampler(AudioFormat(8000), 8000)
    frame = Frame.of(sound(8000, 0.02), 8000, position=160)
    assert resampler.accept(frame) is frame
    assert (resampler.latency_ms, len(resampler.flush())) == (0.0, 0)


def test_loud_sound_is_clipped_not_wrapped() -> None:
    square = np.where(np.arange(800) % 80 < 40, 32767, -32768).astype(np.int16)
    got = resample(Frame.of(square, 8000), 16000).samples()
    assert np.all(np.sign(got[10:70].astype(int)) == 1)


def test_other_formats_are_refused() -> None:
    with pytest.raises(FormatMismatch):
        Resampler(AudioFormat(8000), 16000).accept(Frame.of(sound(16000, 0.02), 16000))
    with pytest.raises(FormatMismatch):
        resample(Frame(AudioFormat(8000, Encoding.ULAW), b"\x00"), 16000)
    with pytest.raises(ValueError, match="multiple of 50"):
        Resampler(AudioFormat(8000), 11025 + 1)
