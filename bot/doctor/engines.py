"""Probes of the speech engines: those the product works with as it comes, and the optional ones."""

from __future__ import annotations

import _ctypes
import ctypes
import importlib.util
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bot.doctor.report import Finding, Status
from bot.model_files.manifest import Manifest
from bot.model_files.shelf import State, state
from speech.vad.silero import VoiceModelMissing, model_path

AREA = "speech"
RENEW = "make setup"


def pocketsphinx() -> Finding:
    """English recognition; its wheel holds the acoustic model."""
    return _package("pocketsphinx", "pocketsphinx", "recognition in English")


def onnxruntime() -> Finding:
    return _package("onnxruntime", "onnxruntime", "runs the models of voice and meaning")


def espeak(library: Path | None = None) -> Finding:
    """Is there a library, and does it load."""
    if library is None:
        if importlib.util.find_spec("espeakng_loader") is None:
            return Finding(AREA, "espeak-ng", Status.MISSING, "package espeakng-loader is not installed", RENEW)
        import espeakng_loader  # type: ignore[import-untyped]

        library = Path(espeakng_loader.get_library_path())
    try:
        _ctypes.dlclose(ctypes.CDLL(str(library))._handle)  # left open, it would not be loaded afresh for each text
    except OSError as error:
        return Finding(AREA, "espeak-ng", Status.MISSING, f"its library does not load: {error}", RENEW)
    return Finding(AREA, "espeak-ng", Status.OK, "speech in English and Mandarin")


def silero() -> Finding:
    try:
        model_path()
    except VoiceModelMissing as error:
        return Finding(AREA, "Silero", Status.MISSING, str(error), RENEW)
    return Finding(AREA, "Silero", Status.OK, "tells voice from other sound")


def optional_engine(
    engine: str, package: str, installation: str, manifests: Iterable[Manifest], models: Path
) -> Finding:
    """An engine that needs a package and at least one fetched model."""
    own = [manifest for manifest in manifests if manifest.engine == engine]
    here = [manifest.name for manifest in own if state(manifest, models / "fetched") is State.PRESENT]
    steps = []
    if importlib.util.find_spec(package) is None:
        steps.append(installation)
    if not here:
        steps.append("voicebot models fetch " + " or ".join(manifest.name for manifest in own))
    if steps:
        lacks = "package and model" if len(steps) == 2 else "model" if not here else "package"
        return Finding(AREA, engine, Status.OPTIONAL, f"{lacks} not here", "; ".join(steps))
    return Finding(AREA, engine, Status.OK, ", ".join(here))


def end_of_turn(manifests: Iterable[Manifest], models: Path) -> Finding:
    """The model that hears whether a free answer sounds finished; what it runs on is always here."""
    return optional_engine("smart-turn", "onnxruntime", RENEW, manifests, models)


def _package(name: str, distribution: str, purpose: str) -> Finding:
    try:
        installed = version(distribution)
    except PackageNotFoundError:
        return Finding(AREA, name, Status.MISSING, f"not installed ({purpose})", RENEW)
    return Finding(AREA, name, Status.OK, f"{installed}, {purpose}")
