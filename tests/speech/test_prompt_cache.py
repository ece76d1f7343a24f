"""The prompt cache: once per sentence, always whole, equally loud."""

from __future__ import annotations

import errno
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from speech import wav
from speech.audio import TELEPHONE, AudioFormat, Frame
from speech.tts.loudness import PEAK_DB, TARGET_DB, active_level_db, for_the_telephone
from speech.tts.port import SynthesisError, UnknownVoice, Voice
from speech.tts.prompt_cache import PromptCache
from speech.tts.trimming import BREATH_MS, TAIL_MS

SPOKEN_MS = 200
"""Two words of the engine below."""
REST_MS = BREATH_MS - TAIL_MS
"""What is added to the quiet that every engine leaves."""

pytestmark = pytest.mark.unit

ANNA = Voice("en", "anna")


class CountingSynthesiser:
    """Hums 100 ms for each word at 16 kHz and remembers what it was asked."""

    name = "hum"
    format = AudioFormat(16000)

    def __init__(self, version: str = "1", level: float = 0.1) -> None:
        self.version = version
        self.said: list[str] = []
        self.gate = threading.Event()
        self.gate.set()
        self._level = level

    def voices(self) -> tuple[Voice, ...]:
        return (ANNA,)

    def synthesise(self, text: str, voice: Voice) -> Iterator[Frame]:
        if voice.name != "anna":
            raise UnknownVoice(f"no {voice.name}")
        self.gate.wait()
        self.said.append(text)
        t = np.arange(1600 * len(text.split())) / 16000
        yield Frame.of((32767 * self._level * np.sin(2 * np.pi * 500 * t)).astype(np.int16), 16000)


class SilentSynthesiser(CountingSynthesiser):
    def synthesise(self, text: str, voice: Voice) -> Iterator[Frame]:
        return iter(())


@pytest.fixture
def engine() -> CountingSynthesiser:
    return CountingSynthesiser()


@pytest.fixture
def cache(tmp_path: Path, engine: CountingSynthesiser) -> PromptCache:
    return PromptCache(tmp_path / "prompts", engine)


def level_of(path: Path) -> float:
    level = active_level_db(wav.read(path).samples() / 32768, TELEPHONE.rate)
    assert level is not None
    return level


def test_a_prompt_is_spoken_once(cache: PromptCache, engine: CountingSynthesiser) -> None:
    path = cache.render("good morning", ANNA)
    assert cache.render("good morning", ANNA) == path
    assert engine.said == ["good morning"]
    assert wav.inspect(path) == wav.WavInfo(TELEPHONE, 1, TELEPHONE.samples_for_ms(SPOKEN_MS + REST_MS))
    assert cache.duration_ms(path) == SPOKEN_MS + REST_MS


def test_it_outlives_the_process(tmp_path: Path, cache: PromptCache) -> None:
    path = cache.render("good morning", ANNA)
    later = CountingSynthesiser()
    assert PromptCache(tmp_path / "prompts", later).render("good morning", ANNA) == path
    assert later.said == []


def test_whatever_changes_the_sound_is_another_file(tmp_path: Path, cache: PromptCache) -> None:
    newer = PromptCache(tmp_path / "prompts", CountingSynthesiser(version="2"))
    paths = {
        cache.render("good morning", ANNA),
        cache.render("good evening", ANNA),
        cache.render("good morning", Voice("en", "anna", 1.1)),
        cache.render("good morning", Voice("zh", "anna")),
        newer.render("good morning", ANNA),
    }
    assert len(paths) == 5


@pytest.mark.parametrize("content", [b"", b"RIFF", b"garbage " * 100])
def test_a_broken_file_is_made_anew(cache: PromptCache, engine: CountingSynthesiser, content: bytes) -> None:
    path = cache.render("good morning", ANNA)
    whole = path.read_bytes()
    for broken in (content, whole[:-100]):
        path.write_bytes(broken)
        assert cache.render("good morning", ANNA) == path
        assert path.read_bytes() == whole
    assert len(engine.said) == 3


def test_a_file_without_sound_is_made_anew(cache: PromptCache) -> None:
    path = cache.render("good morning", ANNA)
    wav.write(path, Frame.of(np.zeros(0, dtype=np.int16), 8000))
    assert cache.duration_ms(cache.render("good morning", ANNA)) == SPOKEN_MS + REST_MS


def test_many_at_once_speak_once(cache: PromptCache, engine: CountingSynthesiser) -> None:
    engine.gate.clear()
    with ThreadPoolExecutor(8) as threads:
        waiting = [threads.submit(cache.render, "good morning", ANNA) for _ in range(8)]
        engine.gate.set()
        assert len({future.result() for future in waiting}) == 1
    assert engine.said == ["good morning"]


def test_a_failure_reaches_everyone_and_is_not_remembered(cache: PromptCache) -> None:
    with pytest.raises(UnknownVoice):
        cache.render("good morning", Voice("en", "nobody"))
    with pytest.raises(UnknownVoice):
        cache.render("good morning", Voice("en", "nobody"))
    assert cache.render("good morning", ANNA).is_file()


def test_an_engine_that_says_nothing(tmp_path: Path) -> None:
    with pytest.raises(SynthesisError, match="hum said nothing with the voice anna"):
        PromptCache(tmp_path, SilentSynthesiser()).render("good morning", ANNA)


def test_a_full_disk(cache: PromptCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, frame: Frame) -> None:
        path.write_bytes(b"RIFF")
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(wav, "write", full)
        with pytest.raises(SynthesisError, match=r"cannot keep prompts in .*prompts: No space left on device; free"):
            cache.render("good morning", ANNA)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert cache.render("good morning", ANNA).is_file()


def test_a_folder_that_is_a_file(tmp_path: Path, engine: CountingSynthesiser) -> None:
    (tmp_path / "prompts").write_text("in the way")
    with pytest.raises(SynthesisError, match="cannot keep prompts in"):
        PromptCache(tmp_path / "prompts", engine).render("good morning", ANNA)


@pytest.mark.parametrize("level", [0.01, 0.1, 0.9])
def test_every_voice_comes_out_equally_loud(tmp_path: Path, level: float) -> None:
    path = PromptCache(tmp_path, CountingSynthesiser(level=level)).render("one two three four", ANNA)
    assert level_of(path) == pytest.approx(TARGET_DB, abs=0.5)


def test_pauses_do_not_count_as_quiet_speech() -> None:
    t = np.arange(8000) / 8000
    voice = (3000 * np.sin(2 * np.pi * 500 * t)).astype(np.int16)
    with_pause = np.concatenate((voice, np.zeros(16000, dtype=np.int16)))
    alone, paused = (for_the_telephone(Frame.of(samples, 8000)).samples() for samples in (voice, with_pause))
    assert np.abs(paused[:8000].astype(int) - alone)[400:-400].max() < 150  # of 4600


def test_peaks_are_never_clipped() -> None:
    clicks = np.zeros(8000, dtype=np.int16)
    clicks[::800] = 8000
    loudest = np.abs(for_the_telephone(Frame.of(clicks, 8000)).samples().astype(int)).max()
    assert 20 * np.log10(loudest / 32768) == pytest.approx(PEAK_DB, abs=0.1)


def test_what_lies_below_the_telephone_is_taken_out() -> None:
    t = np.arange(8000) / 8000
    rumble = np.sin(2 * np.pi * 60 * t)
    voice = np.sin(2 * np.pi * 500 * t)
    mixed = for_the_telephone(Frame.of((8000 * (rumble + voice)).astype(np.int16), 8000)).samples()
    spectrum = np.abs(np.fft.rfft(mixed))
    assert spectrum[60] < spectrum[500] / 1000


def test_silence_stays_silence() -> None:
    frame = Frame.of(np.zeros(800, dtype=np.int16), 8000)
    assert for_the_telephone(frame) == frame
