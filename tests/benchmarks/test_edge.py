"""The measure of response time at the switch's edge, on recordings whose answer is known."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from benchmarks.edge import EdgeRecording, Pause

pytestmark = pytest.mark.unit


def recorded(path: Path, customer: list[tuple[int, int]], bot: list[tuple[int, int]]) -> Path:
    """Voices as (start, end) in milliseconds."""
    both = np.zeros((8 * 5000, 2), dtype="<i2")
    for channel, voices in enumerate((customer, bot)):
        for start, end in voices:
            both[start * 8 : end * 8, channel] = 5000
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, 8000, 0, "NONE", ""))
        file.writeframes(both.tobytes())
    return path


def test_the_silence_between_the_voices_is_the_response(tmp_path: Path) -> None:
    path = recorded(tmp_path / "r.wav", [(1000, 1500), (3000, 3200)], [(100, 800), (1800, 2500), (3700, 4000)])
    edge = EdgeRecording(path)
    assert [(r.at_ms, r.ms) for r in edge.responses()] == [(1800, 300), (3700, 500)]
    assert edge.greeting_ms() == 100


def test_pauses_within_a_turn_are_not_answers(tmp_path: Path) -> None:
    path = recorded(tmp_path / "r.wav", [(1000, 1200), (1600, 1900)], [(2200, 2500)])
    assert [r.ms for r in EdgeRecording(path).responses()] == [300]


def test_silence_has_no_greeting(tmp_path: Path) -> None:
    assert EdgeRecording(recorded(tmp_path / "r.wav", [], [])).greeting_ms() is None


def test_the_onset_is_the_first_sound_after_a_moment(tmp_path: Path) -> None:
    edge = EdgeRecording(recorded(tmp_path / "r.wav", [(1000, 1200), (3000, 3300)], []))
    assert edge.onset_ms(1203) == 3000
    assert edge.onset_ms(3400) is None


def test_a_bot_that_is_stopped_is_silent_until_it_goes_on(tmp_path: Path) -> None:
    path = recorded(tmp_path / "r.wav", [(1000, 1500)], [(200, 600), (800, 1240), (2100, 4000)])
    assert EdgeRecording(path).pause_after(1000) == Pause(1240, 860)


def test_a_breath_between_sentences_is_no_pause(tmp_path: Path) -> None:
    path = recorded(tmp_path / "r.wav", [], [(200, 1200), (1400, 3000)])
    assert EdgeRecording(path).pause_after(1000) == Pause(3000, None)


def test_a_bot_that_had_finished_is_not_stopped(tmp_path: Path) -> None:
    path = recorded(tmp_path / "r.wav", [(1000, 1500)], [(200, 600), (2100, 4000)])
    assert EdgeRecording(path).pause_after(1000) is None
