"""What every synthesiser keeps to."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest

from speech.audio import Encoding, Frame, Samples
from speech.tts.espeak import EspeakSynthesiser
from speech.tts.piper import PiperSynthesiser
from speech.tts.port import Synthesiser, UnknownVoice, Voice
from tests.speech.tone_voice import make_voice

pytestmark = pytest.mark.contract

SENTENCE = {"en": "This call is recorded.", "zh": "本次通话将被录音。"}
LANGUAGES = list(SENTENCE)


@pytest.fixture(scope="module", params=["espeak-ng", pytest.param("piper", marks=pytest.mark.requires("piper"))])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Synthesiser:
    if request.param == "espeak-ng":
        return EspeakSynthesiser()
    folder = tmp_path_factory.mktemp("voices")
    make_voice(folder, "en_US-tone", "en-us", "en", 22050)
    make_voice(folder, "zh_CN-tone", "cmn", "zh", 16000)
    return PiperSynthesiser(folder)


def default_voice(engine: Synthesiser, language: str) -> Voice:
    return next(voice for voice in engine.voices() if voice.language == language)


def spoken(engine: Synthesiser, text: str, voice: Voice) -> Samples:
    return np.concatenate([frame.samples() for frame in engine.synthesise(text, voice)])


def test_it_has_a_name_a_version_and_voices(engine: Synthesiser) -> None:
    assert engine.name
    assert engine.version
    assert {"en", "zh"} <= {voice.language for voice in engine.voices()}
    assert all(voice.rate == 1.0 for voice in engine.voices())
    assert engine.format.encoding is Encoding.L16


@pytest.mark.parametrize("language", LANGUAGES)
def test_frames_are_of_its_format_and_contiguous(engine: Synthesiser, language: str) -> None:
    frames: list[Frame] = list(engine.synthesise(SENTENCE[language], default_voice(engine, language)))
    assert {frame.format for frame in frames} == {engine.format}
    assert all(len(frame) for frame in frames)
    assert frames[0].position == 0
    assert all(after.position == before.end for before, after in pairwise(frames))
    assert frames[-1].end > engine.format.samples_for_ms(500)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sound_begins_at_once_and_ends_soon(engine: Synthesiser, language: str) -> None:
    samples = np.abs(spoken(engine, SENTENCE[language], default_voice(engine, language)).astype(int))
    loud = np.flatnonzero(samples >= 64)
    assert engine.format.ms_for(int(loud[0])) <= 10
    assert engine.format.ms_for(len(samples) - int(loud[-1])) <= 61
    assert samples.max() > 3000
    assert samples.max() < 32767  # nothing is clipped


@pytest.mark.parametrize("text", ["", "   ", "...", "，。！", "—?"])
def test_nothing_to_say(engine: Synthesiser, text: str) -> None:
    with pytest.raises(ValueError, match="nothing to say"):
        list(engine.synthesise(text, default_voice(engine, "en")))


def test_text_an_engine_would_cut_off(engine: Synthesiser) -> None:
    with pytest.raises(ValueError, match="zero character"):
        list(engine.synthesise("one\0two", default_voice(engine, "en")))


@pytest.mark.parametrize(
    "voice",
    [Voice("en", "nobody"), Voice("xx", "en-us"), Voice("", ""), Voice("en", "en-us+nobody"), Voice("zh", "en-us")],
)
def test_an_unknown_voice(engine: Synthesiser, voice: Voice) -> None:
    with pytest.raises(UnknownVoice, match="has no voice"):
        list(engine.synthesise("hello", voice))


@pytest.mark.parametrize("rate", [0.0, 0.4, 2.1, -1.0, float("nan")])
def test_a_speed_no_one_understands(engine: Synthesiser, rate: float) -> None:
    voice = default_voice(engine, "en")
    with pytest.raises(ValueError, match=r"must be 0\.5 to 2\.0"):
        list(engine.synthesise("hello", Voice(voice.language, voice.name, rate)))


def test_more_words_take_longer_and_a_higher_rate_takes_less(engine: Synthesiser) -> None:
    voice = default_voice(engine, "en")
    faster = Voice(voice.language, voice.name, 1.5)
    short = len(spoken(engine, "Please wait.", voice))
    long = len(spoken(engine, "Please wait a moment while I look for your account.", voice))
    assert long > 2 * short
    assert (
        0.55
        <= len(spoken(engine, "Please wait a moment.", faster)) / len(spoken(engine, "Please wait a moment.", voice))
        <= 0.8
    )


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Your balance is $1,234.56, due on 12/05. Dial 0 or call 1-800-555-0100 & ask for Zoë."),
        ("zh", "您的还款金额为1,234.56元，到期日是12月5日，客服电话95555。"),
        ("zh", "请按1，或拨打 Northern Bank 客服。"),
        ("en", "您好, hello."),
    ],
)
def test_digits_and_mixed_scripts(engine: Synthesiser, language: str, text: str) -> None:
    samples = spoken(engine, text, default_voice(engine, language))
    assert len(samples) > engine.format.samples_for_ms(300)


def test_a_long_text(engine: Synthesiser) -> None:
    voice = default_voice(engine, "en")
    one = len(spoken(engine, "You can pay at any branch of the bank.", voice))
    many = len(spoken(engine, "You can pay at any branch of the bank. " * 60, voice))
    assert many > 50 * one


def test_it_can_be_left_in_the_middle(engine: Synthesiser) -> None:
    voice = default_voice(engine, "en")
    frames = iter(engine.synthesise("One two three four five six seven eight nine ten. " * 20, voice))
    next(frames)
    del frames
    assert len(spoken(engine, "Goodbye.", voice)) > engine.format.samples_for_ms(200)


def test_two_threads_at_once_say_what_one_would(engine: Synthesiser) -> None:
    texts = [(SENTENCE[language], default_voice(engine, language)) for language in LANGUAGES] * 4
    alone = [len(spoken(engine, text, voice)) for text, voice in texts]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda job: len(spoken(engine, *job)), texts))
    assert np.allclose(alone, together, rtol=0.02)  # espeak-ng breathes at random
