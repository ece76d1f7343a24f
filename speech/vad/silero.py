"""Voice activity by the Silero model (MIT), on ONNX Runtime.

The model file is the 16 kHz one that ships in the faster-whisper package. Telephone audio is brought to
16 kHz, and the fundamental of the voice, which a line cut at 300 Hz has lost, is put back first: the model
leans on it. Measured on 74 spoken commands at 300-3400 Hz and G.711 (windows the model calls voice in the
original recording): 34 % found at probability 0.5 without it, 87 % with it.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
import soxr  # type: ignore[import-untyped]
from numpy.typing import NDArray

from speech.audio import AudioFormat, Frame
from speech.resampling import FILTER_REACH
from speech.vad.port import VoiceWindow
from speech.vad.windows import Piece, WindowCutter

Floats = NDArray[np.float32]

MODEL_RATE = 16000
MODEL_WINDOW = 512  # 32 ms
MODEL_CONTEXT = 64  # samples before the window that the model sees too
MEMORY_SIZE = 128

RATES = (8000, 16000)

FUNDAMENTAL_HZ = (60.0, 300.0)  # where the fundamental of a voice lies and a telephone line does not reach
FUNDAMENTAL_MS = 20  # length of the filter that picks it out
FUNDAMENTAL_GAIN = 2.0  # of 1, 1.5, 2 and 4: equal within 2 % of windows; at 4 mains hum begins to count as voice

LOOK_AHEAD_MS = 4
"""Sound after a window that is waited for; from 4 ms to the filter's full 13 ms the result is the same within 1 %."""

SILENT = 0.3  # a window below counts as silence for the memory
SILENCE_TO_FORGET_MS = 2000
"""The model's memory drifts in long silence and then misses a turn's beginning, so it is cleared."""


class VoiceModelMissing(Exception):
    """The model file is not on this machine; the message says how to get it."""


def model_path() -> Path:
    """Where the installed faster-whisper package keeps the model; the package is not imported, which takes seconds."""
    package = importlib.util.find_spec("faster_whisper")
    if package is None or not package.submodule_search_locations:
        raise VoiceModelMissing("the Silero model comes with the package faster-whisper: pip install faster-whisper")
    path = Path(package.submodule_search_locations[0]) / "assets" / "silero_vad_v6.onnx"
    if not path.is_file():
        raise VoiceModelMissing(f"the Silero model is not at {path}: pip install 'faster-whisper~=1.2'")
    return path


class SileroModel:
    """The model, loaded once for all streams; several threads may use it at once."""

    def __init__(self, path: Path | None = None) -> None:
        path = path or model_path()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # calls run side by side, not one on all cores
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # ONNX Runtime's errors share no base class
            raise VoiceModelMissing(f"cannot load the Silero model from {path}: {error}") from error

    def listener(self, format: AudioFormat) -> SileroListener:
        return SileroListener(self, format)

    def judge(self, windows: Floats, h: Floats, c: Floats) -> tuple[Floats, Floats, Floats]:
        """Probabilities of consecutive windows, shape [n, 576] in -1..1, and the memory after them."""
        probabilities, h, c = self._session.run(None, {"input": windows, "h": h, "c": c})
        return probabilities, h, c


class SileroListener:
    """What the model remembers of one stream, and how a piece of that stream is made fit for it."""

    def __init__(self, model: SileroModel, format: AudioFormat) -> None:
        if format.rate not in RATES:
            raise ValueError(f"Silero listens at {' or '.join(map(str, RATES))} Hz, not {format.rate}; resample first")
        self._model = model
        self._rate = format.rate
        self.window = MODEL_WINDOW * format.rate // MODEL_RATE
        self._context = MODEL_CONTEXT * format.rate // MODEL_RATE
        self._fundamental = _band_filter(format.rate)
        self._reach = FILTER_REACH if format.rate != MODEL_RATE else 0
        self.before = self._context + self._reach + len(self._fundamental) - 1
        self.after = format.samples_for_ms(LOOK_AHEAD_MS) if self._reach else 0
        self.forget()

    def cutter(self, format: AudioFormat) -> WindowCutter:
        return WindowCutter(format, self.window, self.before, self.after)

    def forget(self) -> None:
        self._h = np.zeros((1, 1, MEMORY_SIZE), dtype=np.float32)
        self._c = np.zeros((1, 1, MEMORY_SIZE), dtype=np.float32)
        self._silent_ms = 0

    def hear(self, pieces: Sequence[Piece]) -> list[float]:
        """The probability of a voice in each of these consecutive pieces."""
        windows = np.stack([self._at_model_rate(piece) for piece in pieces])
        probabilities, self._h, self._c = self._model.judge(windows, self._h, self._c)
        for probability in probabilities:
            self._silent_ms = self._silent_ms + 32 if probability < SILENT else 0
        if self._silent_ms >= SILENCE_TO_FORGET_MS:
            self.forget()
        return [float(probability) for probability in probabilities]

    def _at_model_rate(self, piece: Piece) -> Floats:
        sound = piece.samples.astype(np.float32) / 32768
        # Full-wave rectification brings back the fundamental as the distance between the harmonics.
        sound = sound[len(self._fundamental) - 1 :] + FUNDAMENTAL_GAIN * np.convolve(
            np.abs(sound), self._fundamental, "valid"
        )
        if self._reach:
            sound = soxr.resample(sound, self._rate, MODEL_RATE)
        skipped = self._reach * MODEL_RATE // self._rate
        return np.asarray(sound[skipped : skipped + MODEL_CONTEXT + MODEL_WINDOW], dtype=np.float32)


class SileroDetector:
    """Silero on every window of one stream at 8 or 16 kHz."""

    def __init__(self, model: SileroModel, format: AudioFormat) -> None:
        self._listener = model.listener(format)
        self._cutter = self._listener.cutter(format)

    @property
    def format(self) -> AudioFormat:
        return self._cutter.format

    def accept(self, frame: Frame) -> list[VoiceWindow]:
        return [
            VoiceWindow(piece.start, piece.end, self._listener.hear([piece])[0]) for piece in self._cutter.accept(frame)
        ]

    def reset(self) -> None:
        self._cutter.forget()
        self._listener.forget()


def _band_filter(rate: int) -> Floats:
    """A windowed-sinc band-pass over `FUNDAMENTAL_HZ`. It looks back only, and so lags by half its length."""
    taps = rate * FUNDAMENTAL_MS // 1000 + 1
    t = np.arange(taps) - (taps - 1) / 2
    low, high = (2 * edge / rate for edge in FUNDAMENTAL_HZ)
    return np.asarray((high * np.sinc(high * t) - low * np.sinc(low * t)) * np.hamming(taps), dtype=np.float32)
