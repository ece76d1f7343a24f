"""The benchmark's calls in real time: real engines and sockets, the simulated switch in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from pathlib import Path

from benchmarks.talk.caller import Caller
from benchmarks.talk.corpus import BenchmarkCall, sayings
from benchmarks.talk.cued_line import CuedLine, Sounds
from benchmarks.talk.held import DAY, HeldCall
from benchmarks.talk.trial import Trial
from bot.call.order import CallOrder, CallResult
from bot.call.platform import platform
from bot.call.service import CallService
from bot.call.tape import read_tape
from bot.demo.run import CUSTOMERS
from bot.machine import memory_of_processes
from bot.progress import Step
from bot.rehearsal.sound import synthetic
from bot.settings import Settings
from bot.simulation.persona import Persona
from bot.simulation.process import SwitchProcess, settings_for, switch_process

MODULE = "benchmarks.talk.switchboard"


class _Exchange:
    """Holds calls through one switch."""

    def __init__(self, service: CallService, switch: SwitchProcess, language: str, folder: Path) -> None:
        self._service = service
        self._switch = switch
        self._language = language
        self._folder = folder
        self._speak = synthetic(service.equipment.synthesiser, service.equipment.voice(language))
        self._sounds = Sounds(folder / "sounds", self._speak)

    def prepare(self) -> None:
        self._sounds.prepare(sayings())

    async def hold(self, call: BenchmarkCall | Persona) -> HeldCall:
        return await (self._with_persona(call) if isinstance(call, Persona) else self._with_caller(call))

    async def _with_persona(self, persona: Persona) -> HeldCall:
        contact = persona.languages[self._language].contact
        order = CallOrder(persona.number, persona.script, self._language, contact, DAY)
        return self._held(persona.number, await self._service.place(order), ())

    async def _with_caller(self, call: BenchmarkCall) -> HeldCall:
        line = CuedLine(call.number, self._sounds, self._switch.tell)
        caller = Caller(line, self._speak, call.seed)
        taking_part = asyncio.create_task(self._take_part(call, caller))
        order = CallOrder(call.number, call.script, self._language, call.contact, DAY)
        try:
            result = await self._service.place(order, line.observe)
        finally:
            taking_part.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await taking_part
        return self._held(call.number, result, tuple(caller.trials))

    async def _take_part(self, call: BenchmarkCall, caller: Caller) -> None:
        """A customer who has nothing more to say hangs up."""
        await call.customer(caller)
        await caller.turn()
        caller.line.hang_up()

    def _held(self, number: str, result: CallResult, trials: tuple[Trial, ...]) -> HeldCall:
        recording = self._folder / "line" / f"{result.call_id}.wav"
        return HeldCall(number, result.outcome, read_tape(result.tape)[1], recording, trials)


async def hold_all(
    settings: Settings,
    calls: Sequence[BenchmarkCall | Persona],
    language: str,
    side_by_side: int,
    folder: Path,
    progress: Step,
) -> tuple[list[HeldCall], dict[str, float]]:
    """So many at a time; also the memory of each process afterwards, in MiB. Tapes and recordings go to `folder`."""
    arguments = ["--customers", str(CUSTOMERS), "--language", language, "--record", str(folder / "line")]
    folders = settings.folders.model_copy(update={"tapes": folder / "tapes"})
    async with switch_process(MODULE, arguments) as switch:
        reached = settings_for(switch.address, settings.model_copy(update={"folders": folders}))
        async with platform(reached, sorted({call.script for call in calls}), with_switch=True) as service:
            exchange = _Exchange(service, switch, language, folder)
            await asyncio.to_thread(exchange.prepare)
            places = asyncio.Semaphore(side_by_side)
            held: list[HeldCall] = []

            async def in_place(call: BenchmarkCall | Persona) -> None:
                async with places:
                    held.append(await exchange.hold(call))
                progress.reach(len(held))

            async with asyncio.TaskGroup() as group:
                for call in calls:
                    group.create_task(in_place(call))
            return held, memory_of_processes()
