"""Starts a simulated switch in a process of its own and ends it afterwards."""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.settings import ROOT, MediaSettings, NodeSettings, Settings

START_WITHIN_S = 60.0
"""It loads a recogniser and compiles a grammar per customer first."""


@dataclass(frozen=True, slots=True)
class SimulatedAddress:
    host: str
    port: int
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SwitchProcess:
    """A simulated switch that listens; `input` is its standard input."""

    address: SimulatedAddress
    input: asyncio.StreamWriter

    def tell(self, message: Mapping[str, Any]) -> None:
        """One line of JSON, for a switch whose customers are told what to do."""
        self.input.write(json.dumps(message).encode() + b"\n")


QUEUES = {"collections": "9300 XML default", "service": "9301 XML default", "fraud": "9302 XML default"}
"""Extensions of the simulated switch that take a call over."""


def settings_for(switch: SimulatedAddress, settings: Settings) -> Settings:
    """The settings of a platform that calls through this switch, its media on a free port of this machine."""
    node = NodeSettings(host=switch.host, port=switch.port, password=SecretStr(switch.password))
    ways = {"nodes": (), "prompt_folder": None, "dial_string": "sofia/gateway/trunk/{number}"}
    reached = settings.switch.model_copy(update={**dict(node), **ways})
    return settings.model_copy(update={"switch": reached, "media": MediaSettings(port=0), "queues": QUEUES})


class SimulationFailed(Exception):
    """The simulated switch did not come up; its own words are on the error stream."""


@asynccontextmanager
async def simulated_switch(customers: Path, language: str, recordings: Path) -> AsyncIterator[SimulatedAddress]:
    """A running simulated switch with the personas of a folder on its lines, recording each call at its edge."""
    arguments = ["--customers", str(customers), "--language", language, "--record", str(recordings)]
    async with switch_process("bot.simulation.switchboard", arguments) as process:
        yield process.address


@asynccontextmanager
async def switch_process(module: str, arguments: Sequence[str]) -> AsyncIterator[SwitchProcess]:
    """`python -m module` with these arguments and a password; it announces itself as `bot.simulation.serving` says.

    Raises `SimulationFailed`.
    """
    password = secrets.token_urlsafe(12)
    command = [sys.executable, "-m", module, *arguments, f"--password={password}"]  # which may begin with a dash
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=PIPE, stdout=PIPE)
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        try:
            line = await asyncio.wait_for(process.stdout.readline(), START_WITHIN_S)
        except TimeoutError:
            raise SimulationFailed(f"the simulated switch did not start within {START_WITHIN_S:g} s") from None
        if not line:
            raise SimulationFailed("the simulated switch ended before it listened")
        ready = json.loads(line)
        yield SwitchProcess(SimulatedAddress(ready["host"], ready["port"], password), process.stdin)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
