"""Before anybody has answered: what the bot will surely or perhaps say is put into the prompt cache."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence

from bot.call.core.state import CallState, prompts_of
from bot.call.core.steps import Step
from bot.call.equipment import Equipment, LoadedScript
from dialogue.protocol import SlotValue
from speech.tts.port import SynthesisError


async def render_ahead(
    equipment: Equipment,
    loaded: LoadedScript,
    language: str,
    opening: Sequence[Step],
    state: CallState,
    slots: Mapping[str, SlotValue],
) -> None:
    """Every sentence whose words are known with these slots, the opening first.

    What fails here fails again, and is handled, when the sentence is needed.
    """
    voice = equipment.voice(language, loaded.script)
    loop = asyncio.get_running_loop()
    safe, answering = state.safe, state.answering
    spare = (safe.apology, safe.one_moment, answering.message, answering.who_is_calling)
    texts = [prompt.text for prompt in (*prompts_of(tuple(opening)), *spare) if prompt is not None]
    texts += [prompt.text for prompt in loaded.catalogue.ready(language, slots)]
    for text in dict.fromkeys(texts):
        with contextlib.suppress(SynthesisError, ValueError):
            await loop.run_in_executor(equipment.executor, equipment.prompts.render, text, voice)
