"""What the tests of the bridge share: a scripted peer, and the simulated switch."""

from __future__ import annotations

import wave
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from telephony_bridge.freeswitch import FreeSwitch
from tests.telephony_bridge.bridge_scene import TONE_SAMPLES, Scene, scene
from tests.telephony_bridge.esl_peer import EslPeer, Gate
from tests.telephony_bridge.rig import Rig


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    peer, gate = EslPeer(), Gate()
    await peer.start()
    switch = FreeSwitch(peer.endpoint(), "sofia/gateway/trunk/{number}", caller_id="+74950000000", sleep=gate.sleep)
    await switch.start()
    yield Rig(peer, switch, gate)
    await switch.close()
    await peer.stop()


@pytest.fixture
async def bridge() -> AsyncIterator[Scene]:
    async with scene(two_way=False) as made:
        yield made


@pytest.fixture
async def two_way_bridge() -> AsyncIterator[Scene]:
    async with scene(two_way=True) as made:
        yield made


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    """A loud tone, so long that it does not end by itself before a test stops it."""
    samples = (20000 * np.sin(np.arange(TONE_SAMPLES) * 2 * np.pi * 440 / 8000)).astype("<i2")
    path = tmp_path / "tone.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(samples.tobytes())
    return path
