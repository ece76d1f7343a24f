"""Holds a recorded call again in virtual time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.call import ears as sound_ears
from bot.call.mouth import Mouth
from bot.call.order import CallOrder
from bot.call.prepared import Prepared
from bot.call.recording import Recording
from bot.call.senses import Ears
from bot.call.service import CallService
from bot.call.session import CallSession
from bot.call.tape import read_tape
from bot.rehearsal.leg import RehearsalLeg
from bot.rehearsal.rehearse import hold
from bot.rehearsal.text import TextMouth
from bot.rehearsal.virtual_time import InlineExecutor
from bot.replay.customer import RecordedCustomer
from bot.replay.delays import Delays, delays_of
from bot.replay.ears import ReplayEars
from bot.replay.link import RecordedLink
from bot.replay.pace import PacedConversation, TapePace
from bot.replay.recorded import RecordedCall
from bot.replay.timeline import timeline
from bot.vocabulary import Outcome
from speech.vad.gated import GatedDetector
from telephony_bridge.playout import FilePlayout

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Replayed:
    """The tape of the replay, and where it could not be the call itself.

    `not_heard_again`: turns whose sound the recording does not hold. `held_ms`: how long the customer was made to wait
    for the bot in all. `beyond_ms`: how long the call went on after the recorded one had ended, the customer silent.
    """

    header: Row
    rows: list[Row]
    not_heard_again: int
    held_ms: float
    beyond_ms: float


async def replay(service: CallService, call: RecordedCall, script: str) -> Replayed:
    """Raises what `CallService.prepare` raises. Its tape and recording go where the service's settings say."""
    order = call.order(script)
    delays = delays_of(call.rows)
    staging = _Staging(service, order, call, delays)
    result = await hold(
        service,
        order,
        staging.hold,
        in_sound=call.sound is not None,
        observe=staging.pace.observe,
        through=lambda conversation: PacedConversation(conversation, delays),
    )
    header, rows = read_tape(result.tape)
    ended, then = _end(rows), _end(call.rows)
    return Replayed(
        header,
        list(rows),
        0 if call.sound is None else staging.bypassed,
        staging.held_ms,
        max(0.0, ended - then - staging.held_ms),
    )


def _end(rows: Any) -> float:
    return next(float(row["t"]) for row in rows if row["kind"] == "end_call")


class _Staging:
    """The parts of the call, put together inside the virtual time."""

    def __init__(self, service: CallService, order: CallOrder, call: RecordedCall, delays: Delays) -> None:
        self._service = service
        self._order = order
        self._call = call
        self._delays = delays
        self.pace = TapePace(delays)
        self.bypassed = 0
        self.held_ms = 0.0

    async def hold(self, prepared: Prepared, recording: Recording | None) -> Outcome:
        call = self._call
        leg = RehearsalLeg(prepared.call_id, self.pace)
        queues = {queue: queue for queue in prepared.loaded.script.queues}
        session = self._service.session(self._order, prepared, leg, recording, queues)
        ears = ReplayEars(session.tell, session.weigh, self._delays)
        link = self._in_sound(prepared, recording, leg, session, ears) if recording is not None else None
        if link is None:
            session.attach(TextMouth(leg, session.tell))
        acts = timeline(call.rows, call.origin_ms, call.stand_ins, in_text=link is None)
        customer = RecordedCustomer(acts, leg, ears, link, session.tell)
        taking_part = asyncio.ensure_future(customer.take_part())

        async def at_once() -> Ears:
            return ears

        try:
            return await session.run(prepared.opening, at_once)
        finally:
            self.bypassed, self.held_ms = ears.bypassed, customer.held_ms
            taking_part.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await taking_part

    def _in_sound(
        self, prepared: Prepared, recording: Recording, leg: RehearsalLeg, session: CallSession, ears: ReplayEars
    ) -> RecordedLink:
        assert self._call.sound is not None
        equipment, executor = self._service.equipment, InlineExecutor()
        voice = equipment.voice(self._order.language, prepared.loaded.script)
        session.attach(
            Mouth(leg.call_id, FilePlayout(leg), equipment.prompts, voice, executor, session.tell, session.note)
        )
        link = RecordedLink(leg.call_id, self._call.sound, self._call.origin_ms)
        detector = GatedDetector(equipment.voice_activity, link.format)
        ears.attach(
            sound_ears.Ears(
                link,
                detector,
                equipment.recogniser,
                recording,
                executor,
                ears.from_sound,
                session.weigh,
                without_echo=session.without_echo,
            )
        )
        return link
