"""A conversation that is ready to begin, and what the tape is told of how it began."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass

from bot.call.core.state import CallState, prompts_of
from bot.call.core.steps import Step
from bot.call.equipment import Equipment, LoadedScript
from bot.call.masking import Masker
from bot.call.mind import Mind
from bot.call.script_source import ScriptSource
from bot.call.tape import Tape
from dialogue.protocol import SlotValue
from speech.tts.port import SynthesisError
from telephony_bridge.leg import PoolExhausted, SwitchError
from telephony_bridge.line_status import Fault, LineStatus


@dataclass(frozen=True, slots=True)
class DialEnded:
    """A dial that reached nobody."""

    line_status: LineStatus
    fault: Fault
    cause: str


def broken_off(error: SwitchError) -> DialEnded:
    """A dial that did not come to an answer or a refusal: not begun, or the phone may ring and nobody knows."""
    status = LineStatus.CANCELLED if isinstance(error, PoolExhausted) else LineStatus.UNKNOWN
    return DialEnded(status, Fault.US, type(error).__name__)


@dataclass(frozen=True, slots=True)
class CarriedBy:
    """The switch that the call went over: host and port. Which it is, is known once it has been dialled."""

    switch: str


@dataclass(frozen=True, slots=True)
class CallerLeft:
    """They called us, and hung up before we answered."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A conversation that is ready to begin when somebody answers; `state` is how its turn-taking begins."""

    call_id: str
    mind: Mind
    opening: tuple[Step, ...]
    state: CallState
    tape: Tape
    masker: Masker
    source: ScriptSource
    loaded: LoadedScript
    slots: Mapping[str, SlotValue]


async def render_ahead(equipment: Equipment, prepared: Prepared, language: str) -> None:
    """Put every sentence whose words are known before the answer into the prompt cache.

    What fails here fails again, and is handled, when the sentence is needed.
    """
    voice = equipment.voice(language, prepared.loaded.script)
    loop = asyncio.get_running_loop()
    safe, answering = prepared.state.safe, prepared.state.answering
    spare = (safe.apology, safe.one_moment, answering.message, answering.who_is_calling)
    texts = [prompt.text for prompt in (*prompts_of(prepared.opening), *spare) if prompt is not None]
    texts += [prompt.text for prompt in prepared.loaded.catalogue.ready(language, prepared.slots)]
    for text in dict.fromkeys(texts):
        with contextlib.suppress(SynthesisError, ValueError):
            await loop.run_in_executor(equipment.executor, equipment.prompts.render, text, voice)
