"""What espeak-ng says, by numbers: pace, level, spectrum."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from speech import wav
from speech.tts.espeak import EspeakSynthesiser
from speech.tts.loudness import TARGET_DB, active_level_db
from speech.tts.port import Voice
from speech.tts.prompt_cache import PromptCache

pytestmark = pytest.mark.integration

ENGLISH = "Hello, this is an automated call from Northern Bank, and it is being recorded. May I speak to Anna Smith?"
MANDARIN = "您好，这里是北方银行的自动语音电话，本次通话将被录音。请问您是张先生吗？"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> PromptCache:
    return PromptCache(tmp_path_factory.mktemp("prompts"), EspeakSynthesiser())


def rendered(cache: PromptCache, text: str, voice: Voice) -> tuple[Path, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    path = cache.render(text, voice)
    return path, wav.read(path).samples() / 32768


def test_the_default_voices_come_first() -> None:
    voices = EspeakSynthesiser().voices()
    first = {language: next(v.name for v in voices if v.language == language) for language in ("en", "zh")}
    assert first == {"en": "en-us", "zh": "cmn"}


@pytest.mark.parametrize(
    ("text", "voice", "units", "slowest", "fastest"),
    [
        (ENGLISH, Voice("en", "en-us"), len(ENGLISH.split()), 2.0, 3.3),  # words a second
        (MANDARIN, Voice("zh", "cmn"), sum(c.isalnum() for c in MANDARIN), 3.2, 5.0),  # syllables a second
    ],
    ids=["en", "zh"],
)
def test_prompts_are_calm_loud_and_clean(
    cache: PromptCache, text: str, voice: Voice, units: int, slowest: float, fastest: float
) -> None:
    path, sound = rendered(cache, text, voice)
    assert slowest <= units / (cache.duration_ms(path) / 1000) <= fastest
    level = active_level_db(sound, 8000)
    assert level is not None
    assert TARGET_DB - 3 <= level <= TARGET_DB + 0.5  # softer only where the peaks demand it
    assert np.abs(sound).max() <= 10 ** (-3 / 20) + 1e-3
    spectrum = np.abs(np.fft.rfft(sound)) ** 2
    hertz = np.fft.rfftfreq(len(sound), 1 / 8000)
    assert spectrum[(hertz >= 200) & (hertz <= 3400)].sum() > 0.95 * spectrum.sum()
    assert abs(sound.mean()) < 1e-3


def test_a_variant_is_another_voice(cache: PromptCache) -> None:
    plain, _ = rendered(cache, "Good morning.", Voice("en", "en-us"))
    woman, sound = rendered(cache, "Good morning.", Voice("en", "en-us+f3"))
    assert plain != woman
    assert np.abs(sound).max() > 0.1


def test_the_library_stops_when_no_one_listens_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = EspeakSynthesiser()
    left, stopped = threading.Event(), threading.Event()
    wanted_more: list[bool] = []

    def speak(text: str, voice: str, words_per_minute: int, deliver: Callable[[bytes], bool]) -> None:
        loud = np.full(2000, 9000, dtype=np.int16).tobytes()
        wanted_more.append(deliver(loud))
        left.wait(10)
        wanted_more.append(deliver(loud))
        stopped.set()

    monkeypatch.setattr(engine._library, "speak", speak)
    frames = iter(engine.synthesise("Good morning.", Voice("en", "en-us")))
    next(frames)
    del frames
    left.set()
    assert stopped.wait(10)
    assert wanted_more == [True, False]


def test_the_same_words_always_sound_the_same() -> None:
    """Whatever was said before: tapes and measurements can be made again."""
    engine, voice = EspeakSynthesiser(), Voice("en", "en-us")
    first = [frame.data for frame in engine.synthesise("Four two one seven.", voice)]
    list(engine.synthesise("您好，这里是北方银行。", Voice("zh", "cmn")))
    assert [frame.data for frame in engine.synthesise("Four two one seven.", voice)] == first


@pytest.mark.parametrize("name", ["en-gb", "en-gb+f2"])
def test_a_voice_is_found_by_the_name_it_is_listed_under(name: str) -> None:
    assert list(EspeakSynthesiser().synthesise("Good morning.", Voice("en", name)))
