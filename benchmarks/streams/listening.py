"""The ears of a call without a recogniser, and the CPU that listening takes."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

from benchmarks.streams.sound import quiet_line, with_voice
from bot.call.core.events import Event
from bot.call.ears import Ears
from bot.call.recording import Recording
from bot.call.weighing import Weight
from bot.rehearsal.sound import synthetic
from bot.settings import load_settings
from speech.asr.port import Hints, RecognitionStream
from speech.audio import TELEPHONE, AudioFormat, Frame, Samples
from speech.engines import load_synthesiser
from speech.vad.gated import GatedDetector
from speech.vad.silero import SileroModel
from telephony_bridge.frame_queue import FRAME_SAMPLES
from telephony_bridge.media import MediaFault, MediaLink

MINUTE_S = 60
TIMES = 5
"""One call's first minute, in which tones are listened for too, so many times."""

SENTENCE = "I will pay the whole amount on Friday."
SENTENCE_EVERY_S = 8


class NoRecogniser:
    """It is never opened: ears open a recogniser for a question, and here nobody asks one."""

    name, version = "none", ""
    languages: tuple[str, ...] = ()
    format: AudioFormat = TELEPHONE

    def open(self, hints: Hints) -> RecognitionStream:
        raise AssertionError("ears recognise only after a question, and this benchmark asks none")


class ReadyLink:
    """Sound that need not be waited for."""

    call_id = "listening"
    format: AudioFormat = TELEPHONE
    fault: MediaFault | None = MediaFault.CLOSED
    detail = ""

    def __init__(self, sound: Samples) -> None:
        self._sound = sound

    async def frames(self) -> AsyncIterator[Frame]:
        for frame in _frames(self._sound):
            yield frame


def deaf_ears(
    link: object, model: SileroModel, folder: Path, tell: Callable[[Event], None] = lambda event: None
) -> Ears:
    """The ears as calls have them; `link` has of a media link what they use. The recording goes into the folder."""
    media = cast(MediaLink, link)
    recording = Recording(folder / f"{media.call_id}.wav")
    detector = GatedDetector(model, TELEPHONE)
    executor = ThreadPoolExecutor(1)  # has no thread until there is a word to recognise
    return Ears(media, detector, NoRecogniser(), recording, executor, tell, _weigh_nothing)


def _weigh_nothing(text: str, accepted: bool, sound: Frame) -> Weight:
    raise AssertionError("where nothing is recognised there are no words to weigh")


def cpu_percent() -> dict[str, float]:
    """Of one core, for one call that is listened to."""
    speech = load_settings().speech
    synthesiser = load_synthesiser(speech.synthesiser, speech.synthesiser_options)
    english = next(voice for voice in synthesiser.voices() if voice.language == "en")
    quiet = quiet_line(MINUTE_S)
    talking = with_voice(quiet, synthetic(synthesiser, english)(SENTENCE), SENTENCE_EVERY_S)
    model = SileroModel()
    return {
        "ears_on_a_quiet_line": _percent(_ears_s(model, quiet)),
        "of_these_voice_detection": _percent(_detection_s(model, quiet)),
        f"ears_with_a_sentence_every_{SENTENCE_EVERY_S}_s": _percent(_ears_s(model, talking)),
    }


def _ears_s(model: SileroModel, sound: Samples) -> float:
    used = 0.0
    for _ in range(TIMES):
        with tempfile.TemporaryDirectory() as folder:
            used += asyncio.run(_listen_s(model, sound, Path(folder)))
    return used


async def _listen_s(model: SileroModel, sound: Samples, folder: Path) -> float:
    ears = deaf_ears(ReadyLink(sound), model, folder)
    began = time.process_time()
    await ears.run()
    return time.process_time() - began


def _detection_s(model: SileroModel, sound: Samples) -> float:
    began = time.process_time()
    for _ in range(TIMES):
        detector = GatedDetector(model, TELEPHONE)
        for frame in _frames(sound):
            detector.accept(frame)
    return time.process_time() - began


def _frames(sound: Samples) -> Iterator[Frame]:
    for start in range(0, len(sound), FRAME_SAMPLES):
        yield Frame.of(sound[start : start + FRAME_SAMPLES], TELEPHONE.rate, start)


def _percent(cpu_s: float) -> float:
    return round(100 * cpu_s / (TIMES * MINUTE_S), 3)
