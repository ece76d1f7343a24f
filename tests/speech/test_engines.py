"""Engines by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from speech.audio import TELEPHONE
from speech.engines import DETECTORS, UnknownEngine, load_detectors, load_synthesiser

pytestmark = pytest.mark.integration


def test_the_default_engines_load() -> None:
    assert load_synthesiser("espeak-ng").name == "espeak-ng"
    for name in DETECTORS:
        make = load_detectors(name)
        assert make(TELEPHONE) is not make(TELEPHONE)
        assert make(TELEPHONE).format == TELEPHONE


@pytest.mark.requires("piper")
def test_an_engine_is_given_its_options(tmp_path: Path) -> None:
    from tests.speech.tone_voice import make_voice

    make_voice(tmp_path, "en_US-tone", "en-us", "en", 22050)
    assert [voice.name for voice in load_synthesiser("piper", {"folder": str(tmp_path)}).voices()] == ["en_US-tone"]


def test_an_unknown_engine_lists_the_known() -> None:
    with pytest.raises(UnknownEngine, match=r"no synthesis engine 'festival'; known are espeak-ng, piper"):
        load_synthesiser("festival")
    with pytest.raises(UnknownEngine, match=r"no voice activity engine 'ear'; known are gated, silero, energy"):
        load_detectors("ear")


def test_a_wrong_option_lists_the_known() -> None:
    with pytest.raises(UnknownEngine, match=r"silero: .*'modle'; it takes model"):
        load_detectors("silero", {"modle": "x"})
    with pytest.raises(UnknownEngine, match=r"piper: missing .*'folder'; it takes folder"):
        load_synthesiser("piper")
    with pytest.raises(UnknownEngine, match=r"espeak-ng: .*; it takes none"):
        load_synthesiser("espeak-ng", {"speed": "1"})
