"""The detectors' own rules: the noise floor, the model's memory, the gate."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from speech.audio import TELEPHONE, AudioFormat, Frame, Samples
from speech.vad.energy import EnergyGate, EnergySettings, level_db
from speech.vad.gated import GatedDetector
from speech.vad.port import VoiceWindow
from speech.vad.silero import Floats, SileroDetector, SileroModel, VoiceModelMissing
from tests.speech.telephone_line import white_noise

pytestmark = pytest.mark.integration

WINDOW = 256


class CountedModel(SileroModel):
    """Counts the windows the model hears."""

    heard = 0

    def judge(self, windows: Floats, h: Floats, c: Floats) -> tuple[Floats, Floats, Floats]:
        self.heard += len(windows)
        return super().judge(windows, h, c)


@pytest.fixture(scope="module")
def model() -> SileroModel:
    return SileroModel()


def all_windows(detector: GatedDetector | SileroDetector, samples: Samples) -> list[VoiceWindow]:
    return detector.accept(Frame.of(samples, detector.format.rate))


def test_levels_are_relative_to_full_scale() -> None:
    assert level_db(np.full(256, -32768, dtype=np.int16)) == pytest.approx(0, abs=0.01)
    assert level_db(np.full(256, 3277, dtype=np.int16)) == pytest.approx(-20, abs=0.01)
    assert level_db(np.zeros(256, dtype=np.int16)) == -100
    assert level_db(np.zeros(0, dtype=np.int16)) == -100


def test_the_gate_learns_a_steady_noise() -> None:
    gate = EnergyGate()
    noise = white_noise(WINDOW * 100, -35).reshape(-1, WINDOW)
    opened = [gate.probability(window) >= 0.5 for window in noise]
    assert opened[0]  # it could be a voice
    assert not any(opened[63:])  # after 2 s it is known to be noise
    assert gate.probability(white_noise(WINDOW, -25)) >= 0.5  # 10 dB over the noise


def test_the_gate_stays_shut_for_what_no_one_would_hear() -> None:
    gate = EnergyGate()
    assert all(gate.probability(window) < 0.5 for window in white_noise(WINDOW * 50, -62).reshape(-1, WINDOW))


def test_a_reset_gate_assumes_a_quiet_line() -> None:
    gate = EnergyGate(EnergySettings())
    window = white_noise(WINDOW, -30)
    for _ in range(70):
        gate.probability(window)
    assert gate.probability(window) < 0.5
    gate.reset()
    assert gate.probability(window) >= 0.5


def test_the_model_rests_while_the_line_is_quiet() -> None:
    model = CountedModel()
    quiet = white_noise(WINDOW * 200, -65)
    assert {window.probability for window in all_windows(GatedDetector(model, TELEPHONE), quiet)} == {0.0}
    assert model.heard == 0


def test_the_model_hears_what_came_before_the_gate_opened() -> None:
    model = CountedModel()
    samples = np.concatenate((np.zeros(WINDOW * 20, dtype=np.int16), white_noise(WINDOW * 3 + 50, -20)))
    all_windows(GatedDetector(model, TELEPHONE), samples)
    assert model.heard == 8 + 3  # the look-back, then the loud windows


def with_quiet(sound: Samples) -> Samples:
    """The sound after, and before, ten quiet windows."""
    quiet = np.zeros(WINDOW * 10, dtype=np.int16)
    return np.concatenate((quiet, sound, quiet))


def test_a_short_sound_without_a_voice_is_heard_again_when_it_is_over() -> None:
    model = CountedModel()
    short = with_quiet(white_noise(WINDOW * 5, -20))
    windows = all_windows(GatedDetector(model, TELEPHONE), short)
    (again,) = (window.again for window in windows if window.again)
    assert max(window.probability for window in again) < 0.5  # it is noise the second time, too
    once = 8 + 5 + 10  # what came before, the sound, and what the gate stays open for
    assert model.heard > once
    assert [window.start for window in windows] == [n * WINDOW for n in range(len(windows))]


@pytest.mark.parametrize("windows", [2, 30], ids=["a click", "long enough to be found at once"])
def test_another_sound_is_not_heard_again(windows: int) -> None:
    model = CountedModel()
    all_windows(GatedDetector(model, TELEPHONE), with_quiet(white_noise(WINDOW * windows, -20)))
    assert model.heard <= 8 + windows + 10


def test_the_models_memory_is_cleared_in_long_silence(model: SileroModel) -> None:
    """What follows 2 s of silence is judged as at the start of a call."""
    burst = white_noise(WINDOW * 10, -15)
    detector = SileroDetector(model, TELEPHONE)
    silent = 63  # the first whole number of windows in 2000 ms
    late = all_windows(detector, np.concatenate((np.zeros(WINDOW * silent, dtype=np.int16), burst)))[silent:]
    fresh = all_windows(SileroDetector(model, TELEPHONE), burst)
    assert [w.probability for w in late] == pytest.approx([w.probability for w in fresh], abs=1e-6)


@pytest.mark.parametrize("level", [-65, -50, -35, -20])
def test_noise_is_no_voice(model: SileroModel, level: float) -> None:
    noise = white_noise(8000 * 20, level)
    assert max(window.probability for window in all_windows(SileroDetector(model, TELEPHONE), noise)) < 0.3
    assert max(window.probability for window in all_windows(GatedDetector(model, TELEPHONE), noise)) < 0.3


def test_a_rate_the_model_cannot_take(model: SileroModel) -> None:
    with pytest.raises(ValueError, match="Silero listens at 8000 or 16000 Hz, not 22050; resample first"):
        SileroDetector(model, AudioFormat(22050))


def test_a_model_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "silero.onnx"
    broken.write_bytes(b"not a model")
    with pytest.raises(VoiceModelMissing, match=r"cannot load the Silero model from .*silero\.onnx"):
        SileroModel(broken)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(VoiceModelMissing, match="pip install faster-whisper"):
        SileroModel()
