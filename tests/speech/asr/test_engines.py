"""Choosing a recogniser by name, and what is said when it cannot be had."""

from __future__ import annotations

from pathlib import Path

import pytest

from speech.asr.engines import load_recogniser
from speech.asr.faster_whisper import FasterWhisperRecogniser
from speech.asr.port import ModelMissing, RecognitionError, UnsupportedLanguage
from speech.engines import UnknownEngine
from tests.speech.asr import tiny_whisper

pytestmark = pytest.mark.integration


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(UnknownEngine, match="'sphinx'; known are pocketsphinx, vosk, faster-whisper"):
        load_recogniser("sphinx")


def test_an_unknown_option_lists_the_known_ones() -> None:
    with pytest.raises(UnknownEngine, match=r"options of the recognition engine pocketsphinx.*model, accept_from"):
        load_recogniser("pocketsphinx", {"hmm": "x"})


def test_a_missing_option_is_named() -> None:
    with pytest.raises(UnknownEngine, match="model"):
        load_recogniser("vosk", {"language": "en"})


@pytest.mark.parametrize("name", ["vosk", "faster-whisper"])
def test_a_model_that_is_not_there_names_the_command_that_fetches_it(name: str, tmp_path: Path) -> None:
    options = {"model": str(tmp_path / "some-model")} | ({"language": "en"} if name == "vosk" else {})
    with pytest.raises(ModelMissing, match=r"does not exist; fetch it with `voicebot models fetch some-model`"):
        load_recogniser(name, options)


def test_half_a_model_names_what_is_lacking(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"")
    with pytest.raises(ModelMissing, match=r"lacks config\.json, tokenizer\.json"):
        load_recogniser("faster-whisper", {"model": str(tmp_path)})


def test_a_folder_that_is_no_acoustic_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"feat\.params"):
        load_recogniser("pocketsphinx", {"model": str(tmp_path)})


def test_a_damaged_whisper_model_is_one_sentence(tmp_path: Path) -> None:
    model = tiny_whisper.build(tmp_path / "tiny")
    (model / "model.bin").write_bytes(b"not a model")
    with pytest.raises(RecognitionError, match="faster-whisper cannot load"):
        FasterWhisperRecogniser(model)


def test_a_language_the_whisper_model_lacks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedLanguage, match="tlh"):
        FasterWhisperRecogniser(tiny_whisper.build(tmp_path / "tiny"), ("en", "tlh"))


@pytest.mark.parametrize("value", [40, "40"])
def test_the_threshold_is_a_confidence(value: str | int) -> None:
    with pytest.raises(UnknownEngine, match="between 0 and 1"):
        load_recogniser("pocketsphinx", {"accept_from": value})


def test_an_option_that_should_be_a_number_is_named_with_its_type() -> None:
    with pytest.raises(UnknownEngine, match=r"engine pocketsphinx: accept_from must be a number, as in 0\.4, not 'x'"):
        load_recogniser("pocketsphinx", {"accept_from": "x"})


def test_an_option_that_should_be_a_whole_number_is_named_with_its_type(tmp_path: Path) -> None:
    with pytest.raises(UnknownEngine, match=r"partials_ms must be a whole number, not '0\.5'"):
        load_recogniser("faster-whisper", {"model": str(tmp_path), "partials_ms": "0.5"})


def test_numbers_may_be_written_as_text() -> None:
    assert load_recogniser("pocketsphinx", {"accept_from": "0.4"}).name == "pocketsphinx"
