"""Every sentence of a script in one language, with sample values in its slots, in the order a call comes to them.

for prompt in read_aloud(flow, catalogue, script, "en", {"amount": "99.00 USD"}):
    print(prompt.name, prompt.variation, prompt.text)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dialogue.lint.flow import Flow
from dialogue.picture.chart import Words
from dialogue.picture.charting import chart_of
from dialogue.prompts import Prompt, PromptCatalogue, PromptError, Template
from dialogue.protocol import SlotValue
from dialogue.script import Script
from dialogue.spoken import Format

SAMPLES = {
    Format.DATE: "2026-11-27",
    Format.MONEY: "1250.00 USD",
    Format.DIGITS: "4217",
    Format.PHONE: "400 820 1234",
    Format.TIME: "15:30",
    Format.NUMBER: "12",
}
"""For slots that only a call fills. What would be said as text nobody can guess."""


def read_aloud(
    flow: Flow, catalogue: PromptCatalogue, script: Script, language: str, given: Mapping[str, str]
) -> list[Prompt]:
    """All variations, in the order of the picture. `given` are values in place of the samples.

    Raises `ContactError` for one that does not fit its contact field, `PromptError` for one that no prompt says or that
    cannot be said, and for a slot without a sample.
    """
    templates = [one for one in catalogue.prompts() if one.language == language]
    values = _values(templates, script, language, given)
    drawn = chart_of(flow, Words.of(catalogue, script, language)).sentences()
    order = {sentence.prompt: number for number, sentence in enumerate(drawn)}
    return [one.render(values) for one in sorted(templates, key=lambda one: order.get(one.name, len(order)))]


def _values(
    templates: Sequence[Template], script: Script, language: str, given: Mapping[str, str]
) -> dict[str, SlotValue]:
    needed = {slot: form for one in templates for slot, form in one.slots}
    for slot in given:
        if slot not in needed:
            raise PromptError(f"no prompt says the slot {slot}; prompts say {', '.join(sorted(needed)) or 'none'}")
    contact = script.example_contact(language)
    contact |= {slot: value for slot, value in given.items() if slot in contact}
    values: dict[str, SlotValue] = {slot: SAMPLES[form] for slot, form in needed.items() if form in SAMPLES}
    values |= {**given, **script.validate_contact(contact)}
    missing = sorted(needed.keys() - values.keys())
    if missing:
        raise PromptError(f"there is no sample for the slot {missing[0]}, which is said as text: give it a value")
    return values
