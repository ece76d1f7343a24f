"""Which engines there are, by the names used in settings: one line each. Loading imports only the one chosen."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from speech.audio import AudioFormat
from speech.tts.port import Synthesiser
from speech.vad.port import VoiceActivityDetector

Options = Mapping[str, str]
DetectorFactory = Callable[[AudioFormat], VoiceActivityDetector]
"""Makes the detector of one stream; what its streams share is loaded already."""

Loaded = TypeVar("Loaded")


class UnknownEngine(ValueError):
    """No engine has that name, or it does not know an option; the message lists what there is."""


def _espeak() -> Synthesiser:
    from speech.tts.espeak import EspeakSynthesiser

    return EspeakSynthesiser()


def _piper(folder: str) -> Synthesiser:
    from speech.tts.piper import PiperSynthesiser

    return PiperSynthesiser(Path(folder))


def _energy() -> DetectorFactory:
    from speech.vad.energy import EnergyDetector

    return EnergyDetector


def _silero(model: str | None = None) -> DetectorFactory:
    from speech.vad.silero import SileroDetector, SileroModel

    loaded = SileroModel(Path(model) if model else None)
    return lambda format: SileroDetector(loaded, format)


def _gated(model: str | None = None) -> DetectorFactory:
    from speech.vad.gated import GatedDetector
    from speech.vad.silero import SileroModel

    loaded = SileroModel(Path(model) if model else None)
    return lambda format: GatedDetector(loaded, format)


SYNTHESISERS: dict[str, Callable[..., Synthesiser]] = {
    "espeak-ng": _espeak,
    "piper": _piper,
}

DETECTORS: dict[str, Callable[..., DetectorFactory]] = {
    "gated": _gated,
    "silero": _silero,
    "energy": _energy,
}


def load_synthesiser(name: str, options: Options | None = None) -> Synthesiser:
    """The engine with its voices at hand. Raises `UnknownEngine` or `SynthesisError`."""
    return _load("synthesis", SYNTHESISERS, name, options or {})


def load_detectors(name: str, options: Options | None = None) -> DetectorFactory:
    """What makes a voice activity detector per stream. Raises `UnknownEngine` or `VoiceModelMissing`."""
    return _load("voice activity", DETECTORS, name, options or {})


def _load(kind: str, engines: Mapping[str, Callable[..., Loaded]], name: str, options: Options) -> Loaded:
    if name not in engines:
        raise UnknownEngine(f"there is no {kind} engine {name!r}; known are {', '.join(engines)}")
    load = engines[name]
    try:
        inspect.signature(load).bind(**options)
    except TypeError as error:
        takes = ", ".join(inspect.signature(load).parameters) or "none"
        raise UnknownEngine(f"options of the {kind} engine {name}: {error}; it takes {takes}") from error
    return load(**options)
