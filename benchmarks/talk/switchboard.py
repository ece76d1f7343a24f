"""The simulated switch of the benchmark, as a process of its own: the demo's customers, and those who are cued.

Cues come on standard input, one JSON object a line: `{"number": "7001", ...}` and a message of `CuedCustomer`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Mapping
from pathlib import Path

from benchmarks.talk.cued_customer import CuedCustomer
from bot.logs import configure_logs
from bot.settings import load_settings
from bot.simulation.persona import load_personas
from bot.simulation.serving import serve_for_parent
from bot.simulation.switchboard import Switchboard
from telephony_bridge.simulated.customer import Customer
from telephony_bridge.simulated.settings import SwitchSettings
from telephony_bridge.simulated.switch import SimulatedSwitch


class BenchmarkLines:
    """Who answers which number."""

    def __init__(self, customers: Path, language: str) -> None:
        personas = {persona.number: persona for persona in load_personas(customers)}
        self._talking = frozenset(personas)
        self._board = Switchboard(personas, language, load_settings().folders.scripts)
        self._cued: dict[str, CuedCustomer] = {}

    def customer(self, number: str, variables: Mapping[str, str]) -> Customer:
        if number in self._talking:
            return self._board.customer(number, variables)
        self._cued[number] = CuedCustomer()
        return self._cued[number]

    def take(self, line: str) -> None:
        cue = json.loads(line)
        self._cued[cue["number"]].take(cue)


async def serve(arguments: argparse.Namespace) -> None:
    lines = BenchmarkLines(arguments.customers, arguments.language)
    settings = SwitchSettings(port=0, password=arguments.password, recordings=arguments.record)
    await serve_for_parent(SimulatedSwitch(settings, lines.customer), lines.take)


def main() -> None:
    parser = argparse.ArgumentParser(description="A simulated switch with the benchmark's customers on its lines.")
    parser.add_argument("--customers", type=Path, required=True)
    parser.add_argument("--language", default="en")
    parser.add_argument("--password", required=True)
    parser.add_argument("--record", type=Path, required=True)
    configure_logs()
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
