"""What one server uses while its callers are there. Server and we speak in lines of JSON.

It prints `{"urls": [...], "what": "..."}`, one address a call, when it listens. Then each line on its standard input is
answered with `{"cpu_s": ..., "turns": ...}`: what it has used so far, and how many turns of customers it has seen end.
It ends when its standard input closes.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.pipecat_comparison.callers import connected, hang_up, send
from benchmarks.streams.arrivals import FRAME_S
from bot.progress import step
from bot.settings import ROOT

SETTLES_S = 3.0
"""After the callers have connected, for pipelines are built and models loaded: what it uses by then does not count.
And after their last frame, so that what waits to be worked off by then does."""


@dataclass(frozen=True, slots=True)
class Used:
    """By one server; `turns` of customers it has seen end."""

    name: str
    what: str
    calls: int
    seconds: float
    cpu_s: float
    turns: int

    @property
    def percent_per_call(self) -> float:
        """Of one core."""
        return 100 * self.cpu_s / self.seconds / self.calls


def measure(name: str, command: Sequence[str], calls: int, messages: Sequence[bytes]) -> Used:
    with subprocess.Popen(
        [*command], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as server:
        try:
            ready = _line(server, name)
            callers = connected(ready["urls"])
            time.sleep(SETTLES_S)
            before = _asked(server, name)
            with step(name, len(messages)) as progress:
                send(callers, messages, progress.reach)
            time.sleep(SETTLES_S)
            after = _asked(server, name)
            hang_up(callers)
        finally:
            assert server.stdin is not None
            server.stdin.close()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
    seconds, turns = len(messages) * FRAME_S, after["turns"] - before["turns"]
    return Used(name, ready["what"], calls, seconds, after["cpu_s"] - before["cpu_s"], turns)


class ServerEnded(Exception):
    """A server of the comparison is gone; its own words are on the error stream."""


def _asked(server: subprocess.Popen[str], name: str) -> dict[str, Any]:
    assert server.stdin is not None
    server.stdin.write("\n")
    server.stdin.flush()
    return _line(server, name)


def _line(server: subprocess.Popen[str], name: str) -> dict[str, Any]:
    assert server.stdout is not None
    line = server.stdout.readline()
    if not line:
        raise ServerEnded(f"the server of {name} ended")
    found: dict[str, Any] = json.loads(line)
    return found
