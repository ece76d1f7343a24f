"""Carries out the mischief that was planned, and counts what came of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

from benchmarks.soak.mischief import FAULTS, Kind, Strike
from benchmarks.soak.nodes import Node


class Mischief:
    def __init__(self, nodes: Sequence[Node], strikes: Sequence[Strike]) -> None:
        self._nodes = nodes
        self._strikes = strikes
        self._processes_struck: Counter[Kind] = Counter()

    async def run(self) -> None:
        """Returns when all is done and every switch runs again."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with asyncio.TaskGroup() as group:
            for strike in self._strikes:
                await asyncio.sleep(began + strike.at - loop.time())
                group.create_task(self._do(strike), name=f"mischief {strike.kind}")

    @property
    def done(self) -> dict[Kind, int]:
        """How often each kind hit something: a strike on a switch without calls, or one that is down, is none."""
        struck = sum((node.struck for node in self._nodes), Counter[str]())
        told = {kind: sum(struck[fault] for fault in faults) for kind, faults in FAULTS.items()}
        return {kind: told.get(kind, self._processes_struck[kind]) for kind in Kind}

    async def _do(self, strike: Strike) -> None:
        node = self._nodes[strike.node]
        if not node.up:
            return
        if strike.fault is not None:
            node.tell({"fault": strike.fault, "chance": strike.chance})
            return
        self._processes_struck[strike.kind] += 1
        if strike.kind is Kind.FREEZE:
            await node.freeze(strike.seconds)
        else:
            await node.kill()
            await asyncio.sleep(strike.seconds)
            await node.start()
