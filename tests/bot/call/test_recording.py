"""The recording: two voices on one timeline, to the sample."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from bot.call.playout_log import PlayoutLog
from bot.call.recording import Recording, RecordingError
from speech.audio import FormatMismatch, Frame

pytestmark = pytest.mark.unit


def tone(path: Path, samples: int, value: int) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(np.full(samples, value, dtype="<i2").tobytes())
    return path


def channels(path: Path) -> np.ndarray:
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels()) == (8000, 2)
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").reshape(-1, 2)


def test_the_customer_is_left_and_the_bot_is_right_where_it_was_heard(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "call.wav")
    recording.customer(Frame.of(np.full(400, 7, dtype=np.int16), 8000))
    recording.bot(100, tone(tmp_path / "p.wav", 300, 9), heard=50)
    both = channels(recording.close())
    assert (both[:, 0] == 7).all()
    assert np.flatnonzero(both[:, 1]).tolist() == list(range(100, 150))


def test_a_prompt_that_began_before_the_audio_came_is_cut_at_its_head(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "call.wav")
    recording.customer(Frame.of(np.zeros(400, dtype=np.int16), 8000))
    log = PlayoutLog()
    log.started("p1", at=9.99)
    log.ended("p1", 160)
    log.lay_over(recording, origin=10.0, files={"p1": tone(tmp_path / "p.wav", 160, 9)})
    assert np.count_nonzero(channels(recording.close())[:, 1]) == 80


def test_a_prompt_longer_than_the_customers_audio_lengthens_the_recording(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "call.wav")
    recording.bot(0, tone(tmp_path / "p.wav", 300, 9), heard=300)
    assert len(channels(recording.close())) == 300


def test_a_prompt_whose_file_is_gone_by_the_end_of_the_call_is_there(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "call.wav")
    recording.bot(0, tone(tmp_path / "p.wav", 300, 9), heard=300)
    (tmp_path / "p.wav").unlink()
    assert (channels(recording.close())[:, 1] == 9).all()


def test_a_prompt_whose_file_was_never_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"lacks what .*p\.wav"):
        Recording(tmp_path / "call.wav").bot(0, tmp_path / "p.wav", heard=300)


def test_what_is_to_be_silent_is_silent_on_the_customers_side_alone(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "call.wav")
    recording.customer(Frame.of(np.full(400, 7, dtype=np.int16), 8000))
    recording.bot(0, tone(tmp_path / "p.wav", 400, 9), heard=400)
    both = channels(recording.close([(0, 10), (100, 200), (390, 2**31 - 1), (500, 600)]))
    silent = [*range(10), *range(100, 200), *range(390, 400)]
    assert np.flatnonzero(both[:, 0] == 0).tolist() == silent
    assert (both[:, 1] == 9).all()


def test_a_recording_that_cannot_be_finished_leaves_its_raw_side_silenced(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "call.wav")
    recording.customer(Frame.of(np.full(400, 7, dtype=np.int16), 8000))
    (tmp_path / "call.wav").mkdir()
    with pytest.raises(RecordingError, match=r"call\.wav"):
        recording.close([(100, 200)])
    raw = np.fromfile(tmp_path / "call.customer.l16", dtype="<i2")
    assert np.flatnonzero(raw == 0).tolist() == list(range(100, 200))


def test_audio_of_another_rate_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatMismatch, match="recording"):
        Recording(tmp_path / "call.wav").customer(Frame.of(np.zeros(2, dtype=np.int16), 16000))


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordingError, match="file"):
        Recording(tmp_path / "file" / "call.wav")
