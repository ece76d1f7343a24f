"""Piper: neural voices from files, on ONNX Runtime.

The package piper-tts (GPL-3.0-or-later) is an extra, so it is imported only when this engine is chosen. A voice
is two files side by side, `NAME.onnx` and `NAME.onnx.json`, anywhere under the engine's folder.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from speech.audio import AudioFormat, Frame
from speech.resampling import resample
from speech.tts.port import SynthesisError, UnknownVoice, Voice
from speech.tts.spoken_text import require_words
from speech.tts.trimming import trim

if TYPE_CHECKING:
    from piper import PiperVoice  # type: ignore[import-not-found,unused-ignore]

RATE = 22050
"""Most voices speak at this rate; the sound of others is brought to it, so that the engine has one format."""

SLOWEST, FASTEST = 0.5, 2.0

VOLUME = 0.7
"""Piper scales each sentence to its peak; this peak leaves room for the overshoot of resampling."""


class VoiceMissing(SynthesisError):
    """The engine or its voices are not on this machine; the message says how to get them."""


@dataclass(frozen=True, slots=True)
class _VoiceFile:
    voice: Voice
    model: Path
    normal_length: float  # the length scale its maker set for normal speed


class PiperSynthesiser:
    """The voices under a folder, each loaded when it first speaks; several threads may use it."""

    def __init__(self, folder: Path) -> None:
        try:
            import piper  # type: ignore[import-not-found,unused-ignore]  # noqa: F401
        except ImportError as error:
            raise VoiceMissing(
                "the engine piper is not installed: pip install 'voicebot[piper]' (GPL-3.0-or-later)"
            ) from error
        logging.getLogger("piper").setLevel(logging.INFO)  # at DEBUG it logs what it says, customers' names included
        self._files = {file.voice.name: file for file in _voice_files(folder)}
        if not self._files:
            raise VoiceMissing(f"there is no Piper voice under {folder}: voicebot models fetch en_US-lessac-medium")
        self._lock = threading.Lock()
        self._loaded: dict[str, PiperVoice] = {}

    @property
    def name(self) -> str:
        return "piper"

    @property
    def version(self) -> str:
        return version("piper-tts")

    @property
    def format(self) -> AudioFormat:
        return AudioFormat(RATE)

    def voices(self) -> tuple[Voice, ...]:
        return tuple(file.voice for file in self._files.values())

    def synthesise(self, text: str, voice: Voice) -> Iterator[Frame]:
        require_words(text)
        file = self._files.get(voice.name)
        if file is None or file.voice.language != voice.language:
            known = ", ".join(f"{name} ({file.voice.language})" for name, file in self._files.items())
            raise UnknownVoice(f"piper has no voice {voice.name!r} for the language {voice.language!r}; it has {known}")
        if not SLOWEST <= voice.rate <= FASTEST:
            raise ValueError(f"the rate of a voice must be {SLOWEST} to {FASTEST}, not {voice.rate}")
        return trim(self._sentences(text, file, file.normal_length / voice.rate))

    def _sentences(self, text: str, file: _VoiceFile, length_scale: float) -> Iterator[Frame]:
        from piper import SynthesisConfig  # type: ignore[import-not-found,unused-ignore]

        engine, position = self._engine(file), 0
        try:
            for chunk in engine.synthesize(text, SynthesisConfig(length_scale=length_scale, volume=VOLUME)):
                frame = resample(Frame.of(chunk.audio_int16_array, chunk.sample_rate), RATE)
                yield Frame(frame.format, frame.data, position)
                position += len(frame)
        except ImportError as error:
            raise VoiceMissing(
                f"the voice {file.voice.name} needs more: pip install 'piper-tts[zh]' ({error})"
            ) from error
        except (RuntimeError, OSError) as error:
            raise SynthesisError(f"piper could not speak with the voice {file.voice.name}: {error}") from error

    def _engine(self, file: _VoiceFile) -> PiperVoice:
        from piper import PiperVoice  # type: ignore[import-not-found,unused-ignore]

        with self._lock:
            if file.voice.name not in self._loaded:
                try:
                    self._loaded[file.voice.name] = PiperVoice.load(file.model, download_dir=file.model.parent)
                except Exception as error:  # ONNX Runtime's errors share no base class
                    raise SynthesisError(f"cannot load the Piper voice {file.model}: {error}") from error
            return self._loaded[file.voice.name]


def _voice_files(folder: Path) -> list[_VoiceFile]:
    """Sorted by name, so that the first voice of a language is the same on every machine."""
    return [_voice_file(model) for model in sorted(folder.rglob("*.onnx")) if _settings_of(model).is_file()]


def _voice_file(model: Path) -> _VoiceFile:
    path = _settings_of(model)
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
        language = settings.get("language", {}).get("family") or settings["espeak"]["voice"].partition("-")[0]
        length = float(settings.get("inference", {}).get("length_scale", 1.0))
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise SynthesisError(f"{path} does not describe a Piper voice ({error!r}); fetch the voice anew") from error
    return _VoiceFile(Voice("zh" if language == "cmn" else language, model.stem), model, length)


def _settings_of(model: Path) -> Path:
    return model.with_name(model.name + ".json")
