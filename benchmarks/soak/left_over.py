"""What calls leave behind in the process, on the disk and on the switches: after all of them, nothing."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.soak.nodes import Node
from bot.call.ears import Ears
from bot.call.mind import Mind
from bot.call.mouth import Mouth
from bot.call.recording import Recording
from bot.call.session import CallSession
from bot.call.tape import Tape
from telephony_bridge.freeswitch_leg import FreeSwitchLeg
from telephony_bridge.leg import SwitchUnreachable
from telephony_bridge.media_link import WebsocketMediaLink
from telephony_bridge.playout import FramePlayout
from telephony_bridge.two_way_leg import TwoWayLeg

OF_A_CALL = (
    CallSession,
    Ears,
    Mouth,
    Mind,
    Tape,
    Recording,
    FreeSwitchLeg,
    TwoWayLeg,
    WebsocketMediaLink,
    FramePlayout,
)

WITHIN_S = 20.0
"""The goodbyes of the last calls may take so long: a lost switch is tried again every 10 s at the latest."""


@dataclass(frozen=True, slots=True)
class Idle:
    """The process when no call is on: how many tasks of each name, and how many connections."""

    tasks: Counter[str]
    connections: int

    @classmethod
    def now(cls) -> Idle:
        tasks = Counter(_name(task) for task in asyncio.all_tasks())
        return cls(tasks, len(psutil.Process().net_connections(kind="inet")))


def _name(task: asyncio.Task[object]) -> str:
    """Tasks without a name of ours go by what they run."""
    name = task.get_name()
    return str(getattr(task.get_coro(), "__qualname__", name)) if name.startswith("Task-") else name


async def left_over(idle: Idle, folder: Path, nodes: Sequence[Node]) -> list[str]:
    """In words, one finding each; waits a little for what ends by itself. All nodes must be up."""

    async def found() -> list[str]:
        return [*_in_process(idle), *_on_disk(folder), *await _on_switches(nodes)]

    return await _settled(found)


async def without_a_call(folder: Path, nodes: Sequence[Node]) -> list[str]:
    """Channels that no call of ours has any more, while others go on: nobody would ever hang them up.

    Each call under way has its tape, named as its channel. Those whose call ended just now are waited for.
    """

    async def found() -> list[str]:
        left = await _on_switches(nodes)
        tapes = {path.stem for path in (folder / "tapes").glob("*.jsonl")}
        return [one for one in left if not any(call in one for call in tapes)]

    return await _settled(found)


def processes() -> list[str]:
    """Child processes; to be asked when the platform and the switches are down."""
    return [f"process {child.pid} ({child.name()})" for child in psutil.Process().children(recursive=True)]


async def _settled(found: Callable[[], Awaitable[list[str]]]) -> list[str]:
    loop = asyncio.get_running_loop()
    until = loop.time() + WITHIN_S
    while True:
        left = await found()
        if not left or loop.time() > until:
            return left
        await asyncio.sleep(1.0)


def _in_process(idle: Idle) -> list[str]:
    gc.collect()
    now = Idle.now()
    left = [f"{count} tasks `{name}`" for name, count in (now.tasks - idle.tasks).items()]
    if now.connections > idle.connections:
        left.append(f"{now.connections - idle.connections} connections")
    alive = Counter(type(one).__name__ for one in gc.get_objects() if type(one) in OF_A_CALL)
    return left + [f"{count} {name} in memory" for name, count in alive.items()]


def _on_disk(folder: Path) -> list[str]:
    """Tapes that were accounted for are removed; what a call rendered for itself alone begins with its id and a dot."""
    tapes = [path.name for path in (folder / "tapes").glob("*")]
    rests = [path.name for path in (folder / "prompts").glob("*.*.wav")]
    opened = [file.path for file in psutil.Process().open_files() if Path(file.path).is_relative_to(folder / "tapes")]
    return [f"file {name}" for name in (*tapes, *rests)] + [f"open file {path}" for path in opened]


async def _on_switches(nodes: Sequence[Node]) -> list[str]:
    left: list[str] = []
    for node in nodes:
        try:
            left += [f"channel {uuid} on {node.endpoint}" for uuid in await node.channels()]
        except SwitchUnreachable as error:
            left.append(f"switch {node.endpoint} cannot be asked: {error}")
    return left
