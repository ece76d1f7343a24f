"""How long the sentences of a script take: spoken with the configured voice, and kept in the cache of prompts."""

from __future__ import annotations

from collections.abc import Iterator

from bot.call.equipment import NotReady, voice_for
from bot.settings import Settings
from dialogue.prompts import PromptCatalogue, Template
from dialogue.protocol import SlotValue
from dialogue.read_aloud import SAMPLES
from dialogue.script import Script, load_script
from dialogue.worker.project import SHARED, Project, load
from dialogue.worker.rule import Rule
from dialogue.worker.source import Problem
from speech.engines import load_synthesiser
from speech.tts.port import Voice
from speech.tts.prompt_cache import PromptCache

MOST_SECONDS = 12.0
"""After that the beginning is forgotten."""

SHORTEST = 24
"""Characters: what is shorter takes less in any voice, in Mandarin at half the usual rate as well."""


class Stopwatch:
    """One synthesiser for many scripts. A language that it has no voice for is not measured."""

    def __init__(self, settings: Settings) -> None:
        self._scripts = settings.folders.scripts
        speech = settings.speech
        self._synthesiser = load_synthesiser(speech.synthesiser, speech.synthesiser_options)
        self._cache = PromptCache(settings.folders.prompts, self._synthesiser)

    def problems(self, name: str) -> Iterator[Problem]:
        """Sentences that take too long with the examples of script.yml, and samples where only a call has the value."""
        script, project = load_script(self._scripts / name), load(self._scripts, name)
        catalogue = PromptCatalogue.load(self._scripts / name, self._scripts / SHARED)
        for language in script.languages:
            try:
                voice = voice_for(self._synthesiser, language, script)
            except NotReady:
                continue
            for template in catalogue.prompts():
                if template.language == language:
                    yield from self._measured(project, script, template, voice)

    def _measured(self, project: Project, script: Script, template: Template, voice: Voice) -> Iterator[Problem]:
        values = _values(script, template)
        placed = project.responses[template.language][template.name]
        for sentence in template.sentences():
            text = sentence.render(values).text
            seconds = self._seconds(text, voice) if len(text) >= SHORTEST else 0.0
            if seconds > MOST_SECONDS:
                most = f"{MOST_SECONDS:.0f} s is the most"
                message = f"`{template.name}` has a sentence that takes {seconds:.0f} s to say; {most}"
                yield placed.source.problem(message, placed.value[template.variation], "text", Rule.LONG_SENTENCE)

    def _seconds(self, text: str, voice: Voice) -> float:
        return self._cache.duration_ms(self._cache.render(text, voice)) / 1000


def _values(script: Script, template: Template) -> dict[str, SlotValue]:
    """Of a text that only a call has nobody knows how long it is: its slot's own name stands for it."""
    values: dict[str, SlotValue] = {slot: SAMPLES.get(form, slot.replace("_", " ")) for slot, form in template.slots}
    return {**values, **script.validate_contact(script.example_contact(template.language))}
