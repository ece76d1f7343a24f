"""The benchmark's calls in virtual time: the same ears, core and mind in sound, without switch, sockets or waiting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.talk.caller import Caller
from benchmarks.talk.corpus import BenchmarkCall
from benchmarks.talk.held import DAY, HeldCall
from bot.call.order import CallOrder
from bot.call.platform import platform
from bot.call.service import CallService
from bot.call.tape import read_tape
from bot.progress import Step
from bot.rehearsal.line import Line
from bot.rehearsal.rehearse import rehearse
from bot.rehearsal.sound import synthetic
from bot.settings import Settings
from speech.audio import Samples


async def rehearse_all(
    settings: Settings, calls: Sequence[BenchmarkCall], language: str, folder: Path, progress: Step
) -> list[HeldCall]:
    """One after another. Tapes go to `folder`."""
    folders = settings.folders.model_copy(update={"tapes": folder / "rehearsed"})
    settings = settings.model_copy(update={"folders": folders})
    async with platform(settings, sorted({call.script for call in calls}), with_switch=False) as service:
        speak = synthetic(service.equipment.synthesiser, service.equipment.voice(language))
        held = []
        for number, call in enumerate(calls, start=1):
            held.append(await _rehearse(service, call, language, speak))
            progress.reach(number)
        return held


async def _rehearse(
    service: CallService, call: BenchmarkCall, language: str, speak: Callable[[str], Samples]
) -> HeldCall:
    callers: list[Caller] = []

    async def take_part(line: Line) -> None:
        callers.append(Caller(line, speak, call.seed))
        await call.customer(callers[0])
        await callers[0].turn()
        line.hang_up()

    order = CallOrder(call.number, call.script, language, call.contact, DAY)
    result = await rehearse(service, order, take_part, in_sound=True)
    return HeldCall(call.number, result.outcome, read_tape(result.tape)[1], None, tuple(callers[0].trials))
