"""Piper's voices on disk, and what is said where one is missing."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import numpy as np
import pytest

from speech.tts.piper import PiperSynthesiser, VoiceMissing
from speech.tts.port import SynthesisError, Voice
from tests.speech.tone_voice import HERTZ, SAMPLES_PER_SOUND, make_voice

pytestmark = [pytest.mark.integration, pytest.mark.requires("piper")]


def test_voices_are_found_in_folders_and_named_by_their_files(tmp_path: Path) -> None:
    for name, espeak, family in (("zh_CN-b", "cmn", "zh"), ("en_US-a", "en-us", "en")):
        (tmp_path / name).mkdir()
        make_voice(tmp_path / name, name, espeak, family, 22050)
    (tmp_path / "vad.onnx").write_bytes(b"some other model")
    assert PiperSynthesiser(tmp_path).voices() == (Voice("en", "en_US-a"), Voice("zh", "zh_CN-b"))


@pytest.mark.parametrize("rate", [22050, 16000])
def test_a_voice_of_any_rate_keeps_its_pitch(tmp_path: Path, rate: int) -> None:
    make_voice(tmp_path, "en_US-a", "en-us", "en", rate)
    engine = PiperSynthesiser(tmp_path)
    samples = np.concatenate([f.samples() for f in engine.synthesise("hello", Voice("en", "en_US-a"))])
    spectrum = np.abs(np.fft.rfft(samples))
    assert np.fft.rfftfreq(len(samples), 1 / engine.format.rate)[spectrum.argmax()] == pytest.approx(HERTZ, abs=5)
    assert len(samples) > SAMPLES_PER_SOUND * 5


def test_each_sentence_is_a_frame_of_its_own(tmp_path: Path) -> None:
    make_voice(tmp_path, "en_US-a", "en-us", "en", 22050)
    frames = list(PiperSynthesiser(tmp_path).synthesise("One. Two. Three.", Voice("en", "en_US-a")))
    assert len(frames) >= 3


def test_what_is_said_is_not_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    make_voice(tmp_path, "en_US-a", "en-us", "en", 22050)
    with caplog.at_level(logging.DEBUG):
        list(PiperSynthesiser(tmp_path).synthesise("Anna Smith", Voice("en", "en_US-a")))
    assert "Smith" not in caplog.text


def test_no_voice_in_the_folder(tmp_path: Path) -> None:
    with pytest.raises(VoiceMissing, match=r"no Piper voice under .*: voicebot models fetch"):
        PiperSynthesiser(tmp_path / "nowhere")


def test_a_voice_that_is_described_wrongly(tmp_path: Path) -> None:
    model = make_voice(tmp_path, "en_US-a", "en-us", "en", 22050)
    model.with_name("en_US-a.onnx.json").write_text("{}")
    with pytest.raises(SynthesisError, match=r"en_US-a\.onnx\.json does not describe a Piper voice"):
        PiperSynthesiser(tmp_path)


def test_a_voice_that_does_not_load(tmp_path: Path) -> None:
    make_voice(tmp_path, "en_US-a", "en-us", "en", 22050).write_bytes(b"not a model")
    with pytest.raises(SynthesisError, match=r"cannot load the Piper voice .*en_US-a\.onnx"):
        list(PiperSynthesiser(tmp_path).synthesise("hello", Voice("en", "en_US-a")))


def test_without_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "piper", None)
    with pytest.raises(VoiceMissing, match=r"pip install 'voicebot\[piper\]'"):
        PiperSynthesiser(tmp_path)
