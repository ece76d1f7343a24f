"""A conversation made ready to begin, and what the tape is told of how it began."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.call.beginning import first_state, masked_contact
from bot.call.core.state import CallState, prompts_of
from bot.call.core.steps import Step
from bot.call.equipment import Equipment, LoadedScript
from bot.call.masking import Masker
from bot.call.mind import DialogueTurns, Mind
from bot.call.order import CallOrder
from bot.call.script_source import Scripts, ScriptSource
from bot.call.tape import Observe, Tape
from dialogue.protocol import SlotValue, Start
from dialogue.supervisor import DialogueWorkers
from speech.tts.port import SynthesisError
from telephony_bridge.leg import PoolExhausted, SwitchError
from telephony_bridge.line_status import Fault, LineStatus

CALLER_LEFT = "caller left"
"""The cause where they called us, and hung up before we answered."""


@dataclass(frozen=True, slots=True)
class DialEnded:
    """A dial that reached nobody, or a call that came in and was not answered."""

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
class Begun:
    """A call that has an id, and its script."""

    call_id: str
    source: ScriptSource
    loaded: LoadedScript


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


async def begin(equipment: Equipment, scripts: Scripts, order: CallOrder, call_id: str) -> Begun:
    """In a thread: a version that was released just now is read from disk. Raises script errors."""
    source = await asyncio.to_thread(scripts.choose, order.script, call_id)
    return Begun(call_id, source, await asyncio.to_thread(equipment.prepare, source))


async def prepare(
    equipment: Equipment,
    workers: DialogueWorkers,
    order: CallOrder,
    begun: Begun,
    observe: Observe,
    through: Callable[[DialogueTurns], DialogueTurns] = lambda conversation: conversation,
) -> Prepared:
    """Begin a conversation and its tape. `through` may put something between the mind and its dialogue worker.

    Raises `DialogueError`, `DialogueUnavailable`, `TapeError` and `ContactError`.
    """
    source, loaded = begun.source, begun.loaded
    slots = loaded.script.validate_contact(order.contact)
    start = Start(
        conversation=begun.call_id,
        script=order.script,
        version=source.rules,
        language=order.language,
        day=order.day,
        slots=slots,
    )
    conversation = workers.conversation(start)
    # A model that was promoted just now is read from disk: not in the loop that carries the sound of other calls.
    live, shadow = await asyncio.to_thread(lambda: (equipment.meaning.live(), equipment.meaning.shadow()))
    mind = Mind(through(conversation), live, loaded.catalogue, order.script, order.language, order.day, shadow)
    opening = await mind.begin()
    state = first_state(loaded, order.language, slots, incoming=order.called is not None)
    masker, contact = masked_contact(loaded, slots)
    header = {**_header(equipment, order, begun, mind), "contact": contact}
    tape = Tape(equipment.settings.folders.tapes / f"{begun.call_id}.jsonl", header, observe, masker.row)
    return Prepared(begun.call_id, mind, opening, state, tape, masker, source, loaded, slots)


def _header(equipment: Equipment, order: CallOrder, begun: Begun, mind: Mind) -> dict[str, Any]:
    return {
        "call": begun.call_id,
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "direction": "outbound" if order.called is None else "inbound",
        "number": order.number,
        **({} if order.called is None else {"called": order.called}),
        "script": order.script,
        "script_version": mind.version,
        "published": begun.source.published,
        "language": order.language,
        "day": order.day.isoformat(),
        "recogniser": f"{equipment.recogniser.name} {equipment.recogniser.version}",
        "synthesiser": f"{equipment.synthesiser.name} {equipment.synthesiser.version}",
        "understander": mind.understander,
    }


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
