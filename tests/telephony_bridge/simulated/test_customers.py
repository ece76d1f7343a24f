"""Simulated customers on a real line: keys, hang-ups, recordings, and code of theirs that blocks or fails."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from speech.audio import Frame
from telephony_bridge.simulated.customer import Said, ScriptedAudio
from tests.patience import PATIENCE_S
from tests.telephony_bridge.simulated.staging import Staging, U, loud, tone, write_wav

pytestmark = pytest.mark.integration


class PressesAndLeaves:
    """Presses two keys in the first tick and hangs up in the second."""

    blocking = False

    def hear_and_speak(self, heard: Frame) -> Said:
        return Said(heard, digits="7#" if heard.position == 0 else "", hang_up=heard.position > 0)


async def test_a_customer_presses_keys_and_hangs_up(staging: Staging) -> None:
    scene = await staging(PressesAndLeaves())
    digits = [(await scene.esl.event("DTMF")).headers["DTMF-Digit"] for _ in range(2)]
    assert digits == ["7", "#"]
    event = await scene.esl.event("CHANNEL_HANGUP_COMPLETE")
    assert event.headers["variable_sip_hangup_disposition"] == "recv_bye"
    await scene.esl.event("CHANNEL_DESTROY")
    assert len(scene.recording()) == 2 * 160


class Stuck:
    """Blocks in its first tick until told to go on; then speaks one loud frame."""

    blocking = True

    def __init__(self) -> None:
        self.go_on = threading.Event()

    def hear_and_speak(self, heard: Frame) -> Said:
        if heard.position == 0:
            assert self.go_on.wait(PATIENCE_S)
            return Said(Frame.of(np.full(160, 5000, dtype=np.int16), 8000, heard.position))
        return Said(Frame.of(np.zeros(160, dtype=np.int16), 8000, heard.position))


async def test_a_customer_that_blocks_does_not_stop_the_line(staging: Staging) -> None:
    customer = Stuck()
    scene = await staging(customer)
    stream = await scene.stream(metadata="")
    try:
        for _ in range(10):
            assert not loud(await stream.next())
    finally:
        customer.go_on.set()
    assert await stream.next_where(loud)


class Broken:
    """A customer with a fault of its own."""

    blocking = False

    def hear_and_speak(self, heard: Frame) -> Said:
        raise RuntimeError("broken customer")


async def test_a_broken_customer_ends_its_call_and_no_other(staging: Staging) -> None:
    scene = await staging(Broken())
    event = await scene.esl.event("CHANNEL_HANGUP_COMPLETE")
    assert event.headers["variable_sip_hangup_disposition"] == "recv_bye"
    assert "is ready" in await scene.esl.api("status")


async def test_recordings_speak_in_turn_and_then_hang_up(staging: Staging, tmp_path: Path) -> None:
    answer = write_wav(tmp_path / "answer.wav", tone(100))
    scene = await staging(ScriptedAudio([answer], quiet_ms=60))
    stream = await scene.stream()
    await scene.esl.play(U, write_wav(scene.folder / "question.wav", tone(100)), "p1")
    assert await stream.next_where(loud) == tone(100)[:160].astype("<i2").tobytes()
    await scene.esl.play(U, scene.folder / "question.wav", "p2")
    event = await scene.esl.event("CHANNEL_HANGUP_COMPLETE")
    assert event.headers["variable_sip_hangup_disposition"] == "recv_bye"
    await scene.esl.event("CHANNEL_DESTROY")
    said, heard = scene.recording().T
    assert np.flatnonzero(said)[0] - np.flatnonzero(heard[: np.flatnonzero(said)[0]])[-1] > 60 * 8 - 160
