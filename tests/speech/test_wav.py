"""WAV files: what is written is read, and what cannot be read says why."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from speech import wav
from speech.audio import AudioFormat, Encoding, FormatMismatch, Frame

pytestmark = pytest.mark.unit

SAMPLES = np.array([0, 1, -1, 32767, -32768], dtype=np.int16)


def test_mono_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    wav.write(path, Frame.of(SAMPLES, 8000, position=99))
    assert wav.read(path) == Frame.of(SAMPLES, 8000)
    assert wav.inspect(path) == wav.WavInfo(AudioFormat(8000), 1, 5)
    assert wav.inspect(path).duration_ms == 0.625


def test_stereo_comes_back_as_two(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    wav.write_stereo(path, Frame.of(SAMPLES, 16000), Frame.of(SAMPLES[:2], 16000))
    left, right = wav.read_stereo(path)
    assert left == Frame.of(SAMPLES, 16000)
    assert right.samples().tolist() == [0, 1, 0, 0, 0]


def test_an_empty_file_holds_no_sound(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    wav.write(path, Frame.of(SAMPLES[:0], 8000))
    assert len(wav.read(path)) == 0


@pytest.mark.parametrize("content", [b"", b"RIFF", b"not a wav file at all, but long enough to be one....."])
def test_not_a_wav(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.wav"
    path.write_bytes(content)
    with pytest.raises(wav.WavError, match=r"bad\.wav is not a PCM WAV file .*ffmpeg"):
        wav.read(path)


def test_a_file_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "cut.wav"
    wav.write(path, Frame.of(np.zeros(800, dtype=np.int16), 8000))
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(wav.WavError, match=r"cut\.wav is cut short"):
        wav.inspect(path)


def test_the_wrong_number_of_channels(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    wav.write(path, Frame.of(SAMPLES, 8000))
    with pytest.raises(wav.WavError, match=r"a\.wav has 1 channels, not 2; .* -ac 2"):
        wav.read_stereo(path)


def test_the_wrong_width(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(b"\x80" * 100)
    with pytest.raises(wav.WavError, match="8 bits, not 16"):
        wav.read(path)


def test_an_odd_rate(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8001)
        file.writeframes(b"\x00\x00")
    with pytest.raises(wav.WavError, match=r"a\.wav: sample rate must be"):
        wav.read(path)


def test_a_missing_file_is_the_systems_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        wav.read(tmp_path / "none.wav")


def test_only_l16_is_written(tmp_path: Path) -> None:
    with pytest.raises(FormatMismatch):
        wav.write(tmp_path / "a.wav", Frame(AudioFormat(8000, Encoding.ULAW), b"\x00"))
