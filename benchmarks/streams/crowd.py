"""How many calls at once the media server bears, found by stepping up."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from benchmarks.streams.load import Borne, Load, most_calls
from bot.settings import ROOT

STEPS = (100, 200, 300, 400, 500, 700, 1000, 1500, 2000)
SECONDS = 5.0
TRIES = 2
"""Another program that takes the core for a tenth of a second spoils a step, and says nothing of the server."""

STARTED_WITHIN_S = 90.0


def hold(load: Load, server_core: int = 0, callers_core: int = 1) -> Borne:
    """The server and its callers, each in a new process on a core of its own, until everything was said."""
    ours, servers = Pipe()
    to_callers, to_server = Pipe()
    with ExitStack() as stack:
        _start(stack, "benchmarks.streams.serving", server_core, servers, to_callers)
        _start(stack, "benchmarks.streams.callers", callers_core, to_server)
        ours.send(load)
        if not ours.poll(STARTED_WITHIN_S + load.seconds):
            raise TimeoutError(f"{load.calls} calls were not over in time")
        borne: Borne = ours.recv()
        return borne


def hold_side_by_side(load: Load, servers: int) -> list[Borne]:
    """So many servers with `load` each at the same time. Give it twice as many cores, or they share."""
    with ThreadPoolExecutor(servers) as executor:
        return list(executor.map(lambda one: hold(load, one, servers + one), range(servers)))


def _start(stack: ExitStack, module: str, core: int, *pipes: Connection) -> None:
    """The process has the pipes then, and we do not: that one end is gone shows at the other."""
    files = [pipe.fileno() for pipe in pipes]
    command = [sys.executable, "-m", module, str(core), *map(str, files)]
    process = stack.enter_context(subprocess.Popen(command, cwd=ROOT, pass_fds=files))
    stack.callback(process.terminate)
    for pipe in pipes:
        pipe.close()


def step_up(reached: Callable[[int], None]) -> list[Borne]:
    """Each step that was borne, and the first that was not; `reached` hears how many steps are behind."""
    found: list[Borne] = []
    for number, calls in enumerate(STEPS):
        if calls > most_calls():
            break
        found.append(_borne_at_best(Load(calls, SECONDS)))
        reached(number + 1)
        if not found[-1].whole:
            break
    return found


def _borne_at_best(load: Load) -> Borne:
    for _ in range(TRIES):
        borne = hold(load)
        if borne.whole:
            break
    return borne
