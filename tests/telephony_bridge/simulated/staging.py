"""A simulated switch with one answered call, over real sockets, and the sounds its tests play."""

from __future__ import annotations

import wave
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from speech.audio import Samples
from telephony_bridge.simulated.customer import Customer
from telephony_bridge.simulated.dialplan import DialPlan, NumberPlan
from telephony_bridge.simulated.settings import SwitchSettings
from telephony_bridge.simulated.switch import SimulatedSwitch
from tests.telephony_bridge.simulated.peers import MediaConnection, MediaServer, RawEsl, media_server, running_switch

QUICK = DialPlan((), NumberPlan(at_ms=0))

U = "call-1"


@dataclass
class Scene:
    """A switch with one answered call, its event socket client and a media server."""

    switch: SimulatedSwitch
    esl: RawEsl
    media: MediaServer
    folder: Path

    async def stream(self, how: str = "mono 8k", metadata: str = '{"call":"1"}') -> MediaConnection:
        answer = await self.esl.api(f"uuid_audio_stream {U} start {self.media.url} {how} {metadata}".rstrip())
        assert answer == "+OK Success\n"
        connection = await self.media.connection()
        event = await self.esl.event("mod_audio_stream::connect")
        assert (event.unique_id, event.body) == (U, '{"status":"connected"}')
        return connection

    def recording(self) -> Samples:
        """The call's recording, shape [n, 2]; only after the call."""
        with wave.open(str(self.folder / "recordings" / f"{U}.wav"), "rb") as wav:
            assert (wav.getframerate(), wav.getnchannels()) == (8000, 2)
            return np.frombuffer(wav.readframes(wav.getnframes()), dtype="<i2").reshape(-1, 2)


class Staging:
    """Builds scenes and takes them down."""

    def __init__(self, folder: Path, stack: AsyncExitStack) -> None:
        self._folder = folder
        self._stack = stack

    async def __call__(self, customer: Customer, two_way: bool = False) -> Scene:
        settings = SwitchSettings(dial_plan=QUICK, two_way=two_way, recordings=self._folder / "recordings")
        media = await self._stack.enter_async_context(media_server())
        switch = await self._stack.enter_async_context(running_switch(settings, lambda: customer))
        esl = await RawEsl.admitted(switch.port)
        self._stack.push_async_callback(esl.close)
        await esl.answered_call(U)
        return Scene(switch, esl, media, self._folder)


def write_wav(path: Path, samples: Samples, rate: int = 8000) -> Path:
    with wave.open(str(path), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(rate)
        wav.writeframes(samples.astype("<i2").tobytes())
    return path


def tone(ms: int, rate: int = 8000) -> Samples:
    return (8000 * np.sin(2 * np.pi * 440 * np.arange(rate * ms // 1000) / rate) + 1).astype(np.int16)


def files_of(switch: SimulatedSwitch) -> list[str]:
    return [str(path) for path in switch.folder.iterdir()]


def loud(message: str | bytes) -> bool:
    return isinstance(message, bytes) and any(message)
