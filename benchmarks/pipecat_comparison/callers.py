"""The same callers for both: a sentence every eight seconds on a quiet telephone line, a frame of 20 ms every 20 ms."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence

from benchmarks.streams.arrivals import FRAME_S
from benchmarks.streams.callers import Caller, message
from benchmarks.streams.listening import SENTENCE, SENTENCE_EVERY_S
from benchmarks.streams.sound import quiet_line, with_voice
from bot.rehearsal.sound import synthetic
from bot.settings import load_settings
from speech.engines import load_synthesiser
from telephony_bridge.frame_queue import FRAME_SAMPLES

SLOTS = 20
"""The callers' frames are spread over each 20 ms; where there are more callers, several send at once."""


def frames(seconds: float) -> list[bytes]:
    """One caller's messages, ready to send."""
    speech = load_settings().speech
    synthesiser = load_synthesiser(speech.synthesiser, speech.synthesiser_options)
    english = next(voice for voice in synthesiser.voices() if voice.language == "en")
    sound = with_voice(quiet_line(seconds), synthetic(synthesiser, english)(SENTENCE), SENTENCE_EVERY_S)
    return [message(sound[at : at + FRAME_SAMPLES].tobytes()) for at in range(0, len(sound), FRAME_SAMPLES)]


def connected(urls: Sequence[str]) -> list[Caller]:
    return [Caller(url, two_way=False) for url in urls]


def send(callers: Sequence[Caller], messages: Sequence[bytes], passed: Callable[[int], None]) -> None:
    """In real time. Each caller begins at another place of the same sound; `passed` hears of each frame."""
    slots = min(len(callers), SLOTS)
    apart = len(messages) // len(callers)
    began = time.monotonic()
    for number in range(len(messages)):
        for slot in range(slots):
            time.sleep(max(0.0, began + (number + slot / slots) * FRAME_S - time.monotonic()))
            for place in range(slot, len(callers), slots):
                callers[place].socket.sendall(messages[(number + place * apart) % len(messages)])
        passed(number + 1)


def hang_up(callers: Sequence[Caller]) -> None:
    for caller in callers:
        with contextlib.suppress(OSError):
            caller.socket.close()
