"""Runs a simulated switch for the process that started it: prints one JSON line with its address when it listens,
and ends on SIGTERM or when its standard input closes.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable

from telephony_bridge.simulated.switch import SimulatedSwitch, serve_until_terminated


async def serve_for_parent(switch: SimulatedSwitch, take: Callable[[str], None] = lambda _: None) -> None:
    """`take` is given each line that comes on standard input."""
    watching = asyncio.create_task(_announce_and_listen(switch, take))
    await serve_until_terminated(switch)
    watching.cancel()


async def _announce_and_listen(switch: SimulatedSwitch, take: Callable[[str], None]) -> None:
    await switch.ready.wait()
    print(json.dumps({"host": switch.settings.host, "port": switch.port}), flush=True)
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        take(line.decode())
    await switch.close()  # the process that started us is gone, however it ended
