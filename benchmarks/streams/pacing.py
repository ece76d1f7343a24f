"""How far off its schedule a playout sends: where nothing else runs, and what is sent goes nowhere."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

from benchmarks.streams.arrivals import off_schedule
from speech import wav
from speech.audio import TELEPHONE, AudioFormat, Frame, silence
from telephony_bridge.dialects import MOD_AUDIO_FORK_TWO_WAY
from telephony_bridge.frame_queue import FRAME_MS
from telephony_bridge.playout import FramePlayout

CALLS = 20
SECONDS = 10.0
APART_S = 0.013
"""No whole part of a frame, so that the calls fall anywhere between each other's frames."""

BURST = MOD_AUDIO_FORK_TWO_WAY.ahead_ms // FRAME_MS + 1
"""Frames that a talk begins with at once."""


class NotedLink:
    """Keeps when each frame was sent."""

    format: AudioFormat = TELEPHONE
    call_id = "pacing"

    def __init__(self) -> None:
        self.sent: list[float] = []

    async def send(self, frame: Frame) -> None:
        raise AssertionError("this link always takes what it is offered")

    def offer(self, frame: Frame) -> bool:
        self.sent.append(time.monotonic())
        return True

    async def send_text(self, text: str) -> None:
        raise AssertionError("a playout of frames commands the switch only to be stopped, and these play to their end")


def off_schedule_ms() -> list[float]:
    """Of every frame of some calls that play side by side."""
    with tempfile.TemporaryDirectory() as folder:
        prompt = Path(folder) / "prompt.wav"
        wav.write(prompt, silence(TELEPHONE, SECONDS * 1000))
        links = asyncio.run(_play(prompt))
    return [ms for link in links for ms in off_schedule(link.sent, BURST)]


async def _play(prompt: Path) -> list[NotedLink]:
    links = [NotedLink() for _ in range(CALLS)]
    playouts = [FramePlayout(link, lambda event: None, ahead_ms=MOD_AUDIO_FORK_TWO_WAY.ahead_ms) for link in links]
    for playout in playouts:
        await playout.play(prompt, "prompt")
        await asyncio.sleep(APART_S)
    await asyncio.sleep(SECONDS)
    return links
