"""A simulated switch with personas on its lines, as a process of its own.

`python -m bot.simulation.switchboard --customers DIR --language en` prints one JSON line with its address when
it listens, and ends on SIGTERM or when its standard input closes.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Mapping
from pathlib import Path

from bot.logs import configure_logs
from bot.settings import load_settings
from bot.simulation.persona import Persona, Speaker, load_personas
from bot.simulation.serving import serve_for_parent
from bot.simulation.talking_customer import TalkingCustomer, grammar_of
from dialogue.prompts import PromptCatalogue
from dialogue.script import load_script
from speech.asr.engines import load_recogniser_apart
from speech.engines import load_synthesiser
from telephony_bridge.simulated.customer import Customer, SilentCustomer
from telephony_bridge.simulated.settings import SwitchSettings
from telephony_bridge.simulated.switch import SimulatedSwitch


class Switchboard:
    """Puts the persona whose number was dialled on the line; any other number answers and stays silent."""

    def __init__(self, personas: Mapping[str, Persona], language: str, scripts: Path) -> None:
        self._personas = personas
        self._language = language
        self._scripts = scripts
        self._recogniser = load_recogniser_apart("pocketsphinx", {"accept_from": 0})
        self._synthesiser = load_synthesiser("espeak-ng", {})
        self._grammars = {number: self._grammar(persona) for number, persona in personas.items()}

    def customer(self, number: str, variables: Mapping[str, str]) -> Customer:
        persona = self._personas.get(number)
        if persona is None:
            return SilentCustomer()
        voice = next(voice for voice in self._synthesiser.voices() if voice.language == self._language)
        speaker = persona.languages[self._language]
        return TalkingCustomer(
            speaker, self._language, self._recogniser, self._grammars[number], self._synthesiser, voice
        )

    def _grammar(self, persona: Persona) -> str:
        """The customer understands the sentences of their bank's script, as people understand their language."""
        speaker = persona.languages[self._language]
        sentences = spoken_sentences(self._scripts, persona.script, self._language, speaker)
        return grammar_of(sentences, self._recogniser, self._language)


def spoken_sentences(scripts: Path, script: str, language: str, speaker: Speaker) -> list[str]:
    """Every sentence of the script whose words this customer can know."""
    slots = {**load_script(scripts / script).validate_contact(speaker.contact), **speaker.mentions}
    catalogue = PromptCatalogue.load(scripts / script, scripts / "shared")
    sentences = [sentence for t in catalogue.prompts() if t.language == language for sentence in t.sentences()]
    return [s.render(slots).text for s in sentences if all(slots.get(slot) is not None for slot, _ in s.slots)]


async def serve(arguments: argparse.Namespace) -> None:
    personas = {persona.number: persona for persona in load_personas(arguments.customers)}
    board = Switchboard(personas, arguments.language, load_settings().folders.scripts)
    settings = SwitchSettings(port=arguments.port, password=arguments.password, recordings=arguments.record)
    switch = SimulatedSwitch(settings, board.customer)
    await serve_for_parent(switch)


def main() -> None:
    parser = argparse.ArgumentParser(description="A simulated switch with personas on its lines.")
    parser.add_argument("--customers", type=Path, required=True)
    parser.add_argument("--language", default="en")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--password", default="ClueCon")
    parser.add_argument("--record", type=Path, default=None)
    configure_logs()
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
