"""A leg that sends its prompts as frames, and the links and the switch that it is tried with, in virtual time."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from bot.rehearsal import virtual_time
from bot.rehearsal.leg import RehearsalLeg
from speech.audio import TELEPHONE, AudioFormat, Frame
from telephony_bridge.dialects import MOD_AUDIO_FORK_TWO_WAY
from telephony_bridge.leg import LegEvent
from telephony_bridge.media import MediaClosed, MediaFault
from telephony_bridge.two_way_leg import TwoWayLeg

SECOND = 8000


class Link:
    """Notes what it is sent and when; gone once `fault` is set."""

    call_id = "u-1"
    format: AudioFormat = TELEPHONE

    def __init__(self) -> None:
        self.fault: MediaFault | None = None
        self.frames: list[float] = []
        self.texts: list[str] = []

    async def send(self, frame: Frame) -> None:
        self.offer(frame)

    def offer(self, frame: Frame) -> bool:
        self._require()
        self.frames.append(round(asyncio.get_running_loop().time(), 6))
        return True

    async def send_text(self, text: str) -> None:
        self._require()
        self.texts.append(text)

    def _require(self) -> None:
        if self.fault is not None:
            raise MediaClosed("dropped")


class Switch(RehearsalLeg):
    """Notes that it was told to stop the media."""

    media_stopped = False

    async def stop_media(self) -> None:
        self.media_stopped = True


class Scene:
    def __init__(self) -> None:
        self.switch = Switch("u-1")
        self.leg = TwoWayLeg(self.switch, MOD_AUDIO_FORK_TWO_WAY)
        self.link = Link()
        self.second = Link()
        self.told: list[tuple[float, LegEvent]] = []

    async def follow(self) -> None:
        async for event in self.leg.events():
            self.told.append((round(asyncio.get_running_loop().time(), 3), event))

    @property
    def events(self) -> list[LegEvent]:
        return [event for _, event in self.told]


def in_virtual_time(act: Callable[[Scene], Coroutine[Any, Any, None]]) -> Scene:
    async def play() -> Scene:
        scene = Scene()
        following = asyncio.create_task(scene.follow())
        await act(scene)
        await asyncio.sleep(0.1)
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        return scene

    return virtual_time.run(play())


def one_second(tmp_path: Path) -> Path:
    """A prompt."""
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\1\0" * SECOND)
    return path
