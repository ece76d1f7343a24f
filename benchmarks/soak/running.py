"""One soak from beginning to end."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from benchmarks.soak import nodes as soak_nodes
from benchmarks.soak.accounts import Ledger
from benchmarks.soak.crowd import Crowd
from benchmarks.soak.houses import houses, settings_in
from benchmarks.soak.left_over import Idle, left_over, processes, without_a_call
from benchmarks.soak.memory import Growth, Sample, growth
from benchmarks.soak.mischief import Kind, plan
from benchmarks.soak.nodes import Node
from benchmarks.soak.striking import Mischief
from bot.progress import Step
from bot.settings import Settings

DIALECTS = ("mod_audio_stream", "mod_audio_fork_two_way", "mod_audio_stream", "mod_audio_fork_two_way")
"""Of the switches. Prompts are played by the switch from files on one half of them, and sent by us as frames on the
other."""

SAMPLE_EVERY_S = 1.0

TOLD_TWICE = "Exception in callback Future.set_result(None)"
"""From anyio, below the client of the dialogue worker: a request was given up just when its answer came, and the future
that waited for the socket is told of both. Nothing is lost. No code of ours hands out a future's method."""


@dataclass(slots=True)
class Watched:
    """Seen every second: seconds since the beginning and bytes; the calls at that time; how many had ended.

    `late_ms`: by how much each look was late itself. Of a busy machine it says how long its calls were held up.
    """

    memory: list[Sample] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    late_ms: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Soaked:
    """What came of it. `errors`: what the event loop caught that no code had, by its words."""

    minutes: float
    calls: int
    seed: int
    ledger: Ledger
    mischief: dict[Kind, int]
    left_over: tuple[str, ...]
    errors: dict[str, int]
    watched: Watched
    cpu_percent: dict[str, float]

    @property
    def growth(self) -> Growth:
        memory = self.watched.memory
        middle = memory[0][0] + (memory[-1][0] - memory[0][0]) / 2
        before = sum(1 for at, _ in memory if at < middle)
        return growth(memory, self.watched.ended[-1] - self.watched.ended[max(0, before - 1)])

    @property
    def passed(self) -> bool:
        memory_holds = self.growth.flat or not self.growth.long_enough
        return self.ledger.whole and not self.left_over and not self.errors and memory_holds


async def soak(settings: Settings, minutes: float, calls: int, seed: int, progress: Step) -> Soaked:
    """`calls` at a time for so many minutes, and the time in which the last of them end."""
    with tempfile.TemporaryDirectory(prefix="soak-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        errors: Counter[str] = Counter()
        asyncio.get_running_loop().set_exception_handler(lambda _, context: errors.update(_words(context)))
        theirs = settings_in(settings, folder)
        async with AsyncExitStack() as stack:
            nodes = await stack.enter_async_context(soak_nodes.running(DIALECTS, folder))
            placing = await stack.enter_async_context(houses(theirs, nodes, seed, calls))
            idle = Idle.now()
            crowd = Crowd(placing, seed, theirs.folders.tapes)
            mischief = Mischief(nodes, plan(seed, minutes * 60, len(nodes)))
            watched, forgotten, cpu_s = await _hold(crowd, mischief, nodes, folder, minutes * 60, calls, progress)
            left = [*forgotten, *await left_over(idle, folder, nodes)]
        left += processes()
    return Soaked(
        minutes,
        calls,
        seed,
        crowd.ledger,
        mischief.done,
        tuple(left),
        dict(errors),
        watched,
        {name: round(100 * used / (minutes * 60), 1) for name, used in cpu_s.items()},
    )


async def _hold(
    crowd: Crowd,
    mischief: Mischief,
    nodes: Sequence[Node],
    folder: Path,
    seconds: float,
    calls: int,
    progress: Step,
) -> tuple[Watched, list[str], dict[str, float]]:
    """Calls and mischief side by side. When their time is over, the customers hang up.

    Returns what was seen, the channels that were without a call then, and the CPU seconds used until then.
    """
    began, used, used_by_switches = time.monotonic(), time.process_time(), sum(node.cpu_s for node in nodes)
    watched = Watched()
    watching = asyncio.create_task(_watch(watched, crowd, began, seconds, progress))
    try:
        async with asyncio.TaskGroup() as group:
            striking = group.create_task(mischief.run())
            calling = group.create_task(crowd.run(calls, lambda: time.monotonic() < began + seconds))
            await asyncio.sleep(seconds)
            await striking
            cpu_s = {
                "platform": time.process_time() - used,
                "switches": sum(node.cpu_s for node in nodes) - used_by_switches,
            }
            forgotten = await without_a_call(folder, nodes)
            while not calling.done():
                for node in nodes:
                    node.tell({"hang_up": "all"})
                await asyncio.wait([calling], timeout=1.0)
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    return watched, forgotten, cpu_s


async def _watch(watched: Watched, crowd: Crowd, began: float, seconds: float, progress: Step) -> None:
    process = psutil.Process()
    while True:
        passed = time.monotonic() - began
        if passed > seconds:
            return
        watched.memory.append((passed, process.memory_info().rss))
        watched.calls.append(crowd.active)
        watched.ended.append(crowd.ledger.accounted)
        progress.reach(min(passed, seconds))
        await asyncio.sleep(SAMPLE_EVERY_S)
        watched.late_ms.append(1000 * (time.monotonic() - began - passed - SAMPLE_EVERY_S))


def _words(context: dict[str, Any]) -> list[str]:
    if context["message"] == TOLD_TWICE:
        return []
    error = context.get("exception")
    return [f"{context['message']}: {type(error).__name__}: {error}" if error is not None else context["message"]]
