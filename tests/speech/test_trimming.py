"""Silence is cut before and after, and never within."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.audio import Frame, Samples
from speech.tts.trimming import SILENT_BELOW, trim

pytestmark = pytest.mark.unit

RATE = 8000


def cut(samples: Samples, sizes: list[int]) -> list[Frame]:
    frames, at, turn = [], 0, 0
    while at < len(samples):
        size = sizes[turn % len(sizes)]
        frames.append(Frame.of(samples[at : at + size], RATE, at))
        at, turn = at + size, turn + 1
    return frames


def trimmed(samples: Samples, sizes: list[int]) -> list[Frame]:
    return list(trim(cut(samples, sizes)))


def speech_between(lead: int, pause: int, tail: int) -> Samples:
    voice = np.full(400, 5000, dtype=np.int16)
    quiet = [np.full(n, 3, dtype=np.int16) for n in (lead, pause, tail)]
    return np.concatenate((quiet[0], voice, quiet[1], voice, quiet[2]))


@given(
    st.integers(0, 900), st.integers(0, 900), st.integers(0, 900), st.lists(st.integers(1, 500), min_size=1, max_size=5)
)
def test_what_is_kept(lead: int, pause: int, tail: int, sizes: list[int]) -> None:
    frames = trimmed(speech_between(lead, pause, tail), sizes)
    expected = speech_between(min(lead, 80), pause, 480)  # 10 ms and 60 ms at 8 kHz
    expected[len(expected) - 480 + min(tail, 480) :] = 0
    assert np.array_equal(np.concatenate([frame.samples() for frame in frames]), expected)
    assert frames[0].position == 0
    assert all(after.position == before.end for before, after in pairwise(frames))


def test_silence_is_nothing() -> None:
    assert trimmed(np.full(5000, SILENT_BELOW - 1, dtype=np.int16), [160]) == []
    assert list(trim([])) == []


def test_sound_is_passed_on_before_the_end_is_known() -> None:
    frames = trim(frame for frame in [Frame.of(np.full(160, 900, dtype=np.int16), RATE), None] if frame)
    assert len(next(frames)) == 160


def test_the_lowest_value_counts_as_loud() -> None:
    assert len(trimmed(np.array([-32768], dtype=np.int16), [1])[0]) == 1
