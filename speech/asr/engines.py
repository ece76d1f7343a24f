"""Which recognisers there are, by the names used in settings: one line each. Loading imports only the one chosen."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import get_args, get_type_hints

from speech.asr.port import Recogniser
from speech.engines import UnknownEngine

Options = Mapping[str, str | float | int]


def _pocketsphinx(model: str | None = None, accept_from: float | None = None) -> Recogniser:
    from speech.asr.pocketsphinx import ACCEPT_FROM, PocketSphinxRecogniser

    return PocketSphinxRecogniser(Path(model) if model else None, ACCEPT_FROM if accept_from is None else accept_from)


def _vosk(model: str, language: str) -> Recogniser:
    from speech.asr.vosk import VoskRecogniser

    return VoskRecogniser(Path(model), language)


def _faster_whisper(
    model: str, languages: str = "en zh", device: str = "cpu", compute_type: str = "int8", partials_ms: int = 0
) -> Recogniser:
    from speech.asr.faster_whisper import FasterWhisperRecogniser

    return FasterWhisperRecogniser(Path(model), tuple(languages.split()), device, compute_type, partials_ms)


RECOGNISERS: dict[str, Callable[..., Recogniser]] = {
    "pocketsphinx": _pocketsphinx,
    "vosk": _vosk,
    "faster-whisper": _faster_whisper,
}


KEEP_THE_INTERPRETER = frozenset({"pocketsphinx"})
"""Engines that decode without letting other threads of the process run."""


MOST_PROCESSES = 4
"""Each has the grammars of all scripts in memory."""


def load_recogniser(name: str, options: Options | None = None) -> Recogniser:
    """The engine with its model loaded; options may be written as text.

    Raises `UnknownEngine`, also for an option that is not known or cannot be used, or `RecognitionError`
    (`ModelMissing`).
    """
    if name not in RECOGNISERS:
        raise UnknownEngine(f"there is no recognition engine {name!r}; known are {', '.join(RECOGNISERS)}")
    load = RECOGNISERS[name]
    try:
        inspect.signature(load).bind(**(options or {}))
    except TypeError as error:
        takes = ", ".join(inspect.signature(load).parameters)
        raise UnknownEngine(f"options of the recognition engine {name}: {error}; it takes {takes}") from error
    try:
        return load(**_typed(load, options or {}))
    except ValueError as error:
        raise UnknownEngine(f"options of the recognition engine {name}: {error}") from error


def load_recogniser_apart(name: str, options: Options | None = None, processes: int | None = None) -> Recogniser:
    """The engine in so many processes of its own (`speech.asr.processes`), in this one if there are to be none.

    Without a number it is one a core, up to `MOST_PROCESSES`, for an engine that would hold up everything else, none
    for others. Raises as `load_recogniser` does.
    """
    if processes is None:
        processes = min(os.cpu_count() or 1, MOST_PROCESSES) if name in KEEP_THE_INTERPRETER else 0
    if not processes:
        return load_recogniser(name, options)
    from speech.asr.processes import RecogniserProcesses

    return RecogniserProcesses(partial(load_recogniser, name, options), processes)


def _typed(load: Callable[..., Recogniser], options: Options) -> dict[str, str | float | int]:
    """Options as the types that the engine takes. Raises `ValueError` for one that is no number but should be."""
    takes = get_type_hints(load)
    typed: dict[str, str | float | int] = {}
    for name, value in options.items():
        kinds = set(get_args(takes[name])) or {takes[name]}
        try:
            typed[name] = float(value) if float in kinds else int(value) if int in kinds else value
        except ValueError:
            number = "a number, as in 0.4" if float in kinds else "a whole number"
            raise ValueError(f"{name} must be {number}, not {value!r}") from None
    return typed
