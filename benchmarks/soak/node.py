"""A simulated switch of the soak, as a process of its own.

It takes one JSON object a line on standard input: `{"fault": "sim_abort_media", "chance": 7}` strikes one of its calls
(which one, follows from the chance), `{"hang_up": "<uuid>"}` is the colleague who took a call and is done with it, and
`{"hang_up": "all"}` are all customers who have answered.
For each fault that found something to strike it prints `{"struck": "<fault>"}`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Mapping
from random import Random

from benchmarks.soak.customers import SAYINGS, Somebody
from bot.logs import quieten_logs
from bot.rehearsal.sound import synthetic
from bot.settings import load_settings
from bot.simulation.serving import serve_for_parent
from speech.engines import load_synthesiser
from telephony_bridge.simulated.customer import Customer
from telephony_bridge.simulated.settings import SwitchSettings
from telephony_bridge.simulated.switch import Fault, SimulatedSwitch


class Lines:
    """Who answers, and what is done to the calls."""

    def __init__(self, settings: SwitchSettings) -> None:
        speech = load_settings().speech
        synthesiser = load_synthesiser(speech.synthesiser, speech.synthesiser_options)
        speak = synthetic(synthesiser, next(voice for voice in synthesiser.voices() if voice.language == "en"))
        self._sayings = [speak(text) for text in SAYINGS]
        self.switch = SimulatedSwitch(settings, self._customer)

    def _customer(self, number: str, variables: Mapping[str, str]) -> Customer:
        return Somebody(Random(number), self._sayings)

    def take(self, line: str) -> None:
        told = json.loads(line)
        if "hang_up" in told:
            self._hang_up(told["hang_up"])
            return
        uuids = sorted(self.switch.calls)
        uuid = Random(told["chance"]).choice(uuids) if uuids else ""
        if self.switch.inject_fault(told["fault"], "" if told["fault"] == Fault.DROP_ESL else uuid):
            print(json.dumps({"struck": told["fault"]}), flush=True)

    def _hang_up(self, uuid: str) -> None:
        if uuid == "all":
            for call in [call for call in self.switch.calls.values() if call.channel.line_is_open]:
                call.line_failed()  # to the switch, their line is gone
        elif uuid in self.switch.calls:
            self.switch.calls[uuid].kill("NORMAL_CLEARING")


def main() -> None:
    parser = argparse.ArgumentParser(description="A simulated switch of the soak.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--two-way", action="store_true")
    arguments = parser.parse_args()
    quieten_logs()
    lines = Lines(SwitchSettings(port=arguments.port, password=arguments.password, two_way=arguments.two_way))
    asyncio.run(serve_for_parent(lines.switch, lines.take))


if __name__ == "__main__":
    main()
