"""A call on a microphone and a loudspeaker that are simulated, in virtual time; all else is real."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
from rich.console import Console

from bot.call.order import CallOrder, CallResult
from bot.call.platform import platform
from bot.call.prepared import Prepared
from bot.call.recording import Recording
from bot.call.service import CallService
from bot.call.tape import read_tape
from bot.microphone.line import ComputerLine, for_a_microphone
from bot.preparation import prepare, script_named
from bot.rehearsal.rehearse import hold
from bot.rehearsal.virtual_time import InlineExecutor
from bot.settings import FolderSettings, Settings
from bot.vocabulary import Outcome
from speech import wav
from speech.audio import TELEPHONE, Frame
from speech.engines import load_synthesiser
from speech.resampling import resample
from telephony_bridge.leg import Dial
from telephony_bridge.simulated.customer import Said, ScriptedAudio
from tests.bot.microphone.sound import TICK, SimulatedDevice
from tests.trained import models_in

pytestmark = [
    pytest.mark.integration,
    pytest.mark.requires("rasa"),
    pytest.mark.asyncio(loop_scope="module"),
]

SCRIPT = "satisfaction_survey"
ORDER = CallOrder("talk", SCRIPT, "en", {"bank_name": "Harbour Bank"}, date(2026, 11, 24))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[CallService]:
    folder = tmp_path_factory.mktemp("microphone")
    models = await asyncio.to_thread(models_in, folder / "models")
    folders = FolderSettings(models=models, prompts=folder / "prompts", tapes=folder / "tapes", runtime=folder / "run")
    settings = Settings(folders=folders)
    await asyncio.to_thread(prepare, settings, [SCRIPT], Console(stderr=True))
    settings = for_a_microphone(settings, script_named(settings, SCRIPT).queues)
    async with platform(settings, [SCRIPT], with_switch=False) as service:
        service.equipment.executor.shutdown()
        service.equipment.executor = InlineExecutor()
        yield service


def spoken(folder: Path, text: str) -> Path:
    synthesiser = load_synthesiser("espeak-ng", {})
    voice = next(voice for voice in synthesiser.voices() if voice.language == "en")
    frames = list(synthesiser.synthesise(text, voice))
    whole = Frame(frames[0].format, b"".join(frame.data for frame in frames))
    wav.write(folder / f"{text}.wav", resample(whole, TELEPHONE.rate))
    return folder / f"{text}.wav"


async def call(
    service: CallService,
    device: SimulatedDevice,
    *,
    gone_after_s: float | None = None,
    hang_up_after_s: float | None = None,
) -> CallResult:
    async def stage(prepared: Prepared, recording: Recording | None) -> Outcome:
        assert recording is not None
        line = ComputerLine(device)
        await line.start()
        loop = asyncio.get_running_loop()
        if gone_after_s is not None:
            loop.call_later(gone_after_s, lambda: device.gone("the microphone has stopped"))
        if hang_up_after_s is not None:
            loop.call_later(hang_up_after_s, line.hang_up)
        try:
            leg = await line.dial(Dial(ORDER.number, prepared.call_id))
            return await service.converse(ORDER, prepared, leg, line, recording)
        finally:
            await line.close()

    return await hold(service, ORDER, stage, in_sound=True, observe=lambda row: None)


def of_kind(rows: Sequence[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [row for row in rows if row["kind"] == kind]


async def test_what_is_said_into_the_microphone_is_answered_on_the_loudspeaker(
    service: CallService, tmp_path: Path
) -> None:
    device = SimulatedDevice(ScriptedAudio([spoken(tmp_path, "no")], quiet_ms=900, hang_up_at_end=False))
    result = await call(service, device)
    rows = read_tape(result.tape)[1]
    assert result.outcome is Outcome.SURVEY_DECLINED
    assert [row["intent"] for row in of_kind(rows, "told")] == ["deny"]
    ended = of_kind(rows, "playout_ended")
    assert ended
    assert all(row["completed"] for row in ended)
    played = sum(row["heard"] for row in ended)
    sounding = np.flatnonzero(device.played)
    assert sounding.size > played / 2  # speech has few samples that are exactly 0
    assert sounding[-1] - sounding[0] > played * 0.9
    assert device.closed


class SpeaksAfter:
    """Says a sentence so long into the call, whatever they hear."""

    blocking = False

    def __init__(self, sentence: Path, after_s: float) -> None:
        self._samples = wav.read(sentence).samples()
        self._from = round(after_s * TELEPHONE.rate)

    def hear_and_speak(self, heard: Frame) -> Said:
        start = heard.position - self._from
        part = self._samples[start : start + len(heard)] if start >= 0 else self._samples[:0]
        return Said(Frame.of(np.pad(part, (0, len(heard) - len(part))), TELEPHONE.rate, heard.position))


async def test_who_speaks_while_the_bot_does_silences_the_loudspeaker(service: CallService, tmp_path: Path) -> None:
    """The question begins after 5.3 s and takes 3.4 s; the disclosure before it cannot be interrupted."""
    device = SimulatedDevice(SpeaksAfter(spoken(tmp_path, "no thank you"), 6.0))
    result = await call(service, device)
    rows = read_tape(result.tape)[1]
    (cut,) = [row for row in of_kind(rows, "playout_ended") if not row["completed"] and row["heard"]]
    stopped = TELEPHONE.samples_for_ms(cut["t"])
    after = next(row["t"] for row in of_kind(rows, "playout_started") if row["t"] > cut["t"])
    assert device.played[stopped - 4000 : stopped].any()
    assert not device.played[stopped + 2 * TICK : TELEPHONE.samples_for_ms(after) - TICK].any()
    assert result.outcome is Outcome.SURVEY_DECLINED


async def test_a_microphone_that_goes_away_ends_the_call(service: CallService) -> None:
    device = SimulatedDevice(ScriptedAudio([], hang_up_at_end=False))
    result = await call(service, device, gone_after_s=2.0)
    broken = of_kind(read_tape(result.tape)[1], "broken")
    assert "the microphone has stopped" in broken[0]["detail"]
    assert result.outcome is Outcome.TECHNICAL_FAILURE


async def test_whoever_hangs_up_is_the_customer(service: CallService) -> None:
    device = SimulatedDevice(ScriptedAudio([], hang_up_at_end=False))
    result = await call(service, device, hang_up_after_s=2.0)
    (gone,) = of_kind(read_tape(result.tape)[1], "gone")
    assert gone["by"] == "customer"
    assert device.played.any()
