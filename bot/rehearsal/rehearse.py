"""Holds one call in virtual time, in text or in sound."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import Executor
from typing import Any

from bot.call import ears as sound_ears
from bot.call import mouth as sound_mouth
from bot.call.mind import DialogueTurns
from bot.call.order import CallOrder, CallResult
from bot.call.prepared import Prepared
from bot.call.recording import Recording
from bot.call.senses import Ears
from bot.call.service import CallService
from bot.call.session import CallSession
from bot.call.tape import Observe
from bot.rehearsal import virtual_time
from bot.rehearsal.leg import RehearsalLeg, SteadyPace
from bot.rehearsal.line import Line
from bot.rehearsal.link import RehearsalLink
from bot.rehearsal.sound import SoundLine, Speak, synthetic
from bot.rehearsal.text import TextEars, TextMouth
from bot.rehearsal.virtual_time import InlineExecutor
from bot.vocabulary import Outcome
from dialogue.protocol import Reply, Source, Started, WireEntity
from speech.vad.gated import GatedDetector
from telephony_bridge.line_status import Fault, HandOverFailure, LineStatus
from telephony_bridge.playout import FilePlayout

Customer = Callable[[Line], Awaitable[None]]
"""What the customer does, as a coroutine in the call's time."""

Follow = Callable[[str, Reply], None]
"""Sees each intent that the dialogue is told (`START` for the beginning), and what it replies."""

START = "start"

THINK_WITHIN_S = 30.0
"""Real seconds that the dialogue may take for one turn."""


async def rehearse(
    service: CallService,
    order: CallOrder,
    customer: Customer,
    *,
    in_sound: bool = False,
    speak: Speak | None = None,
    executor: Executor | None = None,
    hand_over_fails: HandOverFailure | None = None,
    observe: Observe = lambda _: None,
    follow: Follow = lambda _, __: None,
) -> CallResult:
    """Hold the call. Raises what `CallService.prepare` raises, and what the customer's coroutine raises.

    `follow` is called from another thread once the call has begun. In sound, `speak` is the customer's voice (a
    synthetic one where not given), and `executor` is where the engines work: at once and without taking any time where
    not given.
    """
    observers: list[Observe] = [observe]

    def stage(prepared: Prepared, recording: Recording | None) -> Coroutine[Any, Any, Outcome]:
        rehearsal = _Rehearsal(
            service, order, prepared, recording, speak, executor or InlineExecutor(), hand_over_fails, observers
        )
        return rehearsal.hold(customer)

    return await hold(
        service,
        order,
        stage,
        in_sound=in_sound,
        observe=lambda row: _tell(observers, row),
        through=lambda conversation: _Followed(conversation, follow),
    )


async def hold(
    service: CallService,
    order: CallOrder,
    stage: Callable[[Prepared, Recording | None], Coroutine[Any, Any, Outcome]],
    *,
    in_sound: bool,
    observe: Observe,
    through: Callable[[DialogueTurns], DialogueTurns] = lambda conversation: conversation,
) -> CallResult:
    """Hold a call in virtual time: `stage` puts its parts together there and runs it to its outcome.

    `through` may put something between the mind and its dialogue worker, in virtual time. Raises what
    `CallService.prepare` and the stage raise.
    """
    real = asyncio.get_running_loop()
    prepared = await service.prepare(order, observe, lambda conversation: through(_FromOutside(conversation, real)))
    recording = Recording(prepared.tape.path.with_suffix(".wav"), service.equipment.keys) if in_sound else None
    try:
        outcome = await asyncio.to_thread(virtual_time.run, stage(prepared, recording))
    finally:
        path = await service.finish(prepared, recording)
        with contextlib.suppress(Exception):
            await prepared.mind.end()
    return CallResult(prepared.call_id, outcome, LineStatus.ANSWERED, Fault.NOBODY, prepared.tape.path, path)


def _tell(observers: list[Observe], row: Mapping[str, Any]) -> None:
    for observe in observers:
        observe(row)


class _FromOutside:
    """A conversation whose dialogue worker is spoken to on the real event loop while the virtual one stands still."""

    def __init__(self, conversation: DialogueTurns, real: asyncio.AbstractEventLoop) -> None:
        self._conversation = conversation
        self._real = real

    async def start(self) -> Started:
        return await self._conversation.start()

    async def turn(self, intent: str, source: Source, sentiment: str, entities: tuple[WireEntity, ...] = ()) -> Reply:
        turn = self._conversation.turn(intent, source, sentiment, entities)
        return asyncio.run_coroutine_threadsafe(turn, self._real).result(THINK_WITHIN_S)

    async def end(self) -> None:
        await self._conversation.end()


class _Followed:
    """A conversation whose replies somebody else sees, too."""

    def __init__(self, conversation: DialogueTurns, follow: Follow) -> None:
        self._conversation = conversation
        self._follow = follow

    async def start(self) -> Started:
        started = await self._conversation.start()
        self._follow(START, started.reply)
        return started

    async def turn(self, intent: str, source: Source, sentiment: str, entities: tuple[WireEntity, ...] = ()) -> Reply:
        reply = await self._conversation.turn(intent, source, sentiment, entities)
        self._follow(intent, reply)
        return reply

    async def end(self) -> None:
        await self._conversation.end()


class _Rehearsal:
    """The parts of the call, put together inside the virtual time."""

    def __init__(
        self,
        service: CallService,
        order: CallOrder,
        prepared: Prepared,
        recording: Recording | None,
        speak: Speak | None,
        executor: Executor,
        hand_over_fails: HandOverFailure | None,
        observers: list[Observe],
    ) -> None:
        self._service = service
        self._order = order
        self._prepared = prepared
        self._recording = recording
        self._speak = speak
        self._executor = executor
        self._hand_over_fails = hand_over_fails
        self._observers = observers

    async def hold(self, customer: Customer) -> Outcome:
        leg = RehearsalLeg(self._prepared.call_id, SteadyPace(hand_over_fails=self._hand_over_fails))
        queues = {queue: queue for queue in self._prepared.loaded.script.queues}
        session = self._service.session(self._order, self._prepared, leg, self._recording, queues)
        ears, line = self._in_sound(leg, session) if self._recording is not None else self._in_text(leg, session)
        self._observers.append(line.observe)
        taking_part = asyncio.ensure_future(customer(line))

        async def at_once() -> Ears:
            return ears

        try:
            outcome = await session.run(self._prepared.opening, at_once)
        finally:
            self._observers.remove(line.observe)
            taking_part.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await taking_part
        return outcome

    def _in_text(self, leg: RehearsalLeg, session: CallSession) -> tuple[Ears, Line]:
        session.attach(TextMouth(leg, session.tell))
        ears = TextEars(session.tell, session.weigh)
        return ears, Line(leg, ears)

    def _in_sound(self, leg: RehearsalLeg, session: CallSession) -> tuple[Ears, Line]:
        equipment, executor = self._service.equipment, self._executor
        voice = equipment.voice(self._order.language, self._prepared.loaded.script)
        session.attach(
            sound_mouth.Mouth(
                leg.call_id, FilePlayout(leg), equipment.prompts, voice, executor, session.tell, session.note
            )
        )
        assert self._recording is not None
        link = RehearsalLink(leg.call_id)
        ears = sound_ears.Ears(
            link,
            GatedDetector(equipment.voice_activity, link.format),
            equipment.recogniser,
            self._recording,
            executor,
            session.tell,
            session.weigh,
            equipment.turn_model,
            session.without_echo,
        )
        speak = self._speak or synthetic(equipment.synthesiser, equipment.voice(self._order.language))
        return ears, SoundLine(leg, link, speak)
