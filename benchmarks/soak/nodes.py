"""The switches of the soak: processes that are started, killed, started again on the same port, and held up."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import psutil

from bot.settings import ROOT
from bot.simulation.process import START_WITHIN_S, SimulationFailed
from telephony_bridge.esl import protocol
from telephony_bridge.esl.connection import Endpoint, EslConnection

MODULE = "benchmarks.soak.node"

PORTS = range(20_000, 32_000)
"""Below those that the system gives to connections: a switch that was killed finds its port free when it is back."""

END_WITHIN_S = 10.0


class Node:
    """One switch. `struck` counts the faults that hit something."""

    def __init__(self, dialect: str, folder: Path) -> None:
        """`folder` takes what a killed switch leaves of its temporary files."""
        self.dialect = dialect
        self.endpoint = Endpoint("127.0.0.1", _free_port(), secrets.token_urlsafe(12))
        self.struck: Counter[str] = Counter()
        self._cpu_s_before = 0.0
        self._folder = folder
        self._process: Process | None = None
        self._listening: asyncio.Task[None] | None = None

    @property
    def up(self) -> bool:
        """Whether it runs and has listened."""
        return self._process is not None and self._process.returncode is None

    @property
    def cpu_s(self) -> float:
        """What all its processes have used, one after another."""
        return self._cpu_s_before + (_cpu_s(self._process.pid) if self._process is not None else 0.0)

    async def start(self) -> None:
        """Returns when it listens. Raises `SimulationFailed` or `TimeoutError`."""
        endpoint = self.endpoint
        command = [sys.executable, "-m", MODULE, f"--port={endpoint.port}", f"--password={endpoint.password}"]
        if self.dialect.endswith("two_way"):
            command.append("--two-way")
        environment = {**os.environ, "TMPDIR": str(self._folder)}
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=PIPE, stdout=PIPE, env=environment)
        assert process.stdout is not None
        try:
            line = await asyncio.wait_for(process.stdout.readline(), START_WITHIN_S)
            if not line:
                raise SimulationFailed(f"a switch of the soak ended before it listened on {endpoint}")
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            raise
        self._listening = asyncio.create_task(self._listen(process.stdout), name=f"node {endpoint.port}")
        self._process = process

    async def stop(self) -> None:
        await self._end(kill=False)

    async def kill(self) -> None:
        """At once, without a word to anybody."""
        await self._end(kill=True)

    async def freeze(self, seconds: float) -> None:
        """The whole switch stands still, its sockets open: it reads nothing, sends nothing, and is late afterwards."""
        process = self._process
        if process is None or not self.up:
            return
        process.send_signal(signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGCONT)

    def tell(self, message: dict[str, Any]) -> None:
        if self.up and self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(json.dumps(message).encode() + b"\n")

    async def channels(self) -> list[str]:
        """Uuids of the calls it has. Raises `SwitchUnreachable`."""
        connection = await EslConnection.open(self.endpoint, lambda event: None)
        try:
            answer = await connection.command(protocol.api("show channels as json"))
        finally:
            await connection.close()
        return [row["uuid"] for row in json.loads(answer.reply).get("rows", [])]

    async def _end(self, *, kill: bool) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            self._cpu_s_before += _cpu_s(process.pid)
            process.send_signal(signal.SIGCONT)
            process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), END_WITHIN_S)
        except TimeoutError:
            process.kill()
            await process.wait()
        if self._listening is not None:
            await self._listening
            self._listening = None

    async def _listen(self, lines: asyncio.StreamReader) -> None:
        while line := await lines.readline():
            self.struck[json.loads(line)["struck"]] += 1


@asynccontextmanager
async def running(dialects: Sequence[str], folder: Path) -> AsyncIterator[list[Node]]:
    """A node for each dialect named, up and listening; afterwards they are down."""
    nodes = [Node(dialect, folder) for dialect in dialects]
    async with AsyncExitStack() as stack:
        for node in nodes:
            stack.push_async_callback(node.stop)
        await asyncio.gather(*(node.start() for node in nodes))
        yield nodes


def _cpu_s(pid: int) -> float:
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return 0.0
    return times.user + times.system


_given: set[int] = set()


def _free_port() -> int:
    for _ in range(1000):
        port = secrets.choice(PORTS)
        with socket.socket() as one, contextlib.suppress(OSError):
            one.bind(("127.0.0.1", port))
            if port not in _given:
                _given.add(port)
                return port
    raise SimulationFailed(f"no free port from {PORTS.start} to {PORTS.stop}")
