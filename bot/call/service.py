"""Places calls: prepares a conversation, dials, runs the call, and hands back what became of it."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Callable
from pathlib import Path

import structlog

from bot.call.beginning import require_possible
from bot.call.call_media import CallMedia
from bot.call.core.state import Timing
from bot.call.ears import Ears
from bot.call.equipment import Equipment, NotReady
from bot.call.masking import Masked
from bot.call.mind import DialogueTurns
from bot.call.mouth import Mouth
from bot.call.order import CallOrder, CallResult
from bot.call.prepared import (
    CALLER_LEFT,
    CarriedBy,
    DialEnded,
    Prepared,
    begin,
    broken_off,
    prepare,
    render_ahead,
)
from bot.call.recording import Recording, RecordingError
from bot.call.script_source import Scripts, WorkingFolder
from bot.call.session import CallSession
from bot.call.tape import Observe, TapeError
from bot.vocabulary import Outcome
from dialogue.prompts import Expectation
from dialogue.supervisor import DialogueWorkers
from speech.asr.port import Hints
from speech.vad.gated import GatedDetector
from telephony_bridge.dialects import DIALECTS
from telephony_bridge.leg import Dial, DialFailed, IncomingCall, Leg, LegGone, Switch, SwitchError
from telephony_bridge.line_status import Fault, LineStatus
from telephony_bridge.media import MediaSource
from telephony_bridge.playout import FilePlayout
from telephony_bridge.unicast_leg import leg_that_plays_frames

RING_S = 2.0
"""How long a call that comes in may ring while its sentences are rendered. Those that are not by then come later."""

log = structlog.get_logger(__name__)


class CallService:
    """One process's calls. `switch` and `media` may be None where calls are only made in text.

    `scripts` says which version of its script each call gets: the working folder's where not given.
    """

    def __init__(
        self,
        equipment: Equipment,
        workers: DialogueWorkers,
        switch: Switch | None,
        media: MediaSource | None,
        scripts: Scripts | None = None,
    ) -> None:
        self.equipment = equipment
        self.scripts = scripts or WorkingFolder(equipment.settings.folders.scripts)
        self._workers = workers
        self._switch = switch
        self._media = media

    def on(self, switch: Switch, media: MediaSource) -> CallService:
        """The same calls, on another line."""
        return CallService(self.equipment, self._workers, switch, media, self.scripts)

    async def place(self, order: CallOrder, observe: Observe = lambda _: None) -> CallResult:
        """Call somebody. Raises `NotReady`, `SwitchError`, `DialogueError` and script errors before the dial."""
        if self._switch is None or self._media is None:
            raise NotReady("no switch is connected")
        prepared = await self._prepare(order, str(uuid.uuid4()), observe)
        try:
            return await self._dial(order, prepared, self._switch, self._media)
        finally:
            await self._let_go(prepared)

    async def take_incoming(self, handler: Callable[[IncomingCall], None]) -> None:
        """Have the switch tell `handler` of calls that come in. Raises `NotReady` and `SwitchUnreachable`."""
        if self._switch is None:
            raise NotReady("no switch is connected")
        await self._switch.take_incoming(handler)

    async def answer(self, incoming: IncomingCall, order: CallOrder, observe: Observe = lambda _: None) -> CallResult:
        """Take a call that rings here. Raises what `place` raises, before it is answered; then it still rings."""
        if self._media is None:
            raise NotReady("no switch is connected")
        prepared = await self._prepare(order, incoming.call_id, observe)
        try:
            return await self._pick_up(order, prepared, incoming, self._media)
        finally:
            await self._let_go(prepared)

    async def _prepare(self, order: CallOrder, call_id: str, observe: Observe) -> Prepared:
        """What would fail in the middle of the call is refused before it."""
        begun = await begin(self.equipment, self.scripts, order, call_id)
        require_possible(self.equipment, begun.loaded.script, order.language)
        return await prepare(self.equipment, self._workers, order, begun, observe)

    async def _let_go(self, prepared: Prepared) -> None:
        prepared.tape.close()
        with contextlib.suppress(Exception):  # the worker forgets by itself what it cannot be told to forget
            await prepared.mind.end()

    def require(self, order: CallOrder) -> None:
        """What would fail in the middle of such a call is refused now, for every version of its script that it may get.

        Raises `NotReady` and script errors.
        """
        for source in self.scripts.sources(order.script):
            script = self.equipment.prepare(source).script
            script.validate_contact(order.contact)
            require_possible(self.equipment, script, order.language)

    async def prepare(
        self,
        order: CallOrder,
        observe: Observe = lambda _: None,
        through: Callable[[DialogueTurns], DialogueTurns] = lambda conversation: conversation,
    ) -> Prepared:
        """Begin a conversation and its tape. `through` may put something between the mind and its dialogue worker.

        Raises `DialogueError`, `DialogueUnavailable`, `TapeError` and script errors.
        """
        begun = await begin(self.equipment, self.scripts, order, str(uuid.uuid4()))
        return await prepare(self.equipment, self._workers, order, begun, observe, through)

    async def _dial(self, order: CallOrder, prepared: Prepared, switch: Switch, media: MediaSource) -> CallResult:
        """Ring, and if somebody answers, run the call. Prompts are rendered while the phone rings, and after it."""
        call_id, tape = prepared.call_id, prepared.tape
        recording = Recording(tape.path.with_suffix(".wav"), self.equipment.keys)
        rendering = asyncio.ensure_future(render_ahead(self.equipment, prepared, order.language))
        try:
            leg = await self._ring(order, prepared, switch, recording)
            tape.write(0.0, "note", CarriedBy(leg.switch))
            if isinstance(leg, DialFailed):
                tape.write(0.0, "note", DialEnded(leg.status, leg.fault, leg.cause))
                return CallResult(call_id, Outcome.NOT_REACHED, leg.status, leg.fault, tape.path, None)
            return await self._hold(order, prepared, leg, media, recording)
        finally:
            rendering.cancel()

    async def _pick_up(
        self, order: CallOrder, prepared: Prepared, incoming: IncomingCall, media: MediaSource
    ) -> CallResult:
        """Answer, once the first sentences are ready, and run the call."""
        tape = prepared.tape
        recording = Recording(tape.path.with_suffix(".wav"), self.equipment.keys)
        rendering = asyncio.ensure_future(render_ahead(self.equipment, prepared, order.language))
        try:
            await asyncio.wait([rendering], timeout=RING_S)
            try:
                leg = await incoming.answer()
            except LegGone:
                recording.discard()
                left = DialEnded(LineStatus.CANCELLED, Fault.NOBODY, CALLER_LEFT)
                tape.write(0.0, "note", left)
                return CallResult(prepared.call_id, Outcome.NOT_REACHED, left.line_status, left.fault, tape.path, None)
            except SwitchError as error:
                recording.discard()
                tape.write(0.0, "note", broken_off(error))
                raise
            tape.write(0.0, "note", CarriedBy(leg.switch))
            return await self._hold(order, prepared, leg, media, recording)
        finally:
            rendering.cancel()

    async def _hold(
        self, order: CallOrder, prepared: Prepared, leg: Leg, media: MediaSource, recording: Recording
    ) -> CallResult:
        """Run an answered call to its end."""
        path: Path | None = None
        try:
            outcome = await self.converse(order, prepared, leg, media, recording)
        finally:
            path = await self.finish(prepared, recording)
        return CallResult(prepared.call_id, outcome, LineStatus.ANSWERED, Fault.NOBODY, prepared.tape.path, path)

    async def _ring(
        self, order: CallOrder, prepared: Prepared, switch: Switch, recording: Recording
    ) -> Leg | DialFailed:
        """The leg of whoever answered, or why nobody did; then nothing is left of the recording."""
        settings = self.equipment.settings.switch
        try:
            return await switch.dial(Dial(order.number, prepared.call_id, settings.ring_timeout_s, settings.caller_id))
        except DialFailed as failed:
            recording.discard()
            return failed
        except SwitchError as error:
            recording.discard()
            prepared.tape.write(0.0, "note", broken_off(error))
            raise

    async def finish(self, prepared: Prepared, recording: Recording | None) -> Path | None:
        """Close the recording and the tape of an answered call; returns the recording's file if there is one.

        In a thread: writing and hashing minutes of sound would hold up every other call's frames.
        """
        path = await asyncio.to_thread(self._finish, prepared, recording)
        try:
            await asyncio.to_thread(self.scripts.ended, prepared.source, prepared.tape.path)
        except Exception as error:  # whatever it is, this call went well
            log.error("the guard of a release failed", call=prepared.call_id, error=error)
        return path

    def _finish(self, prepared: Prepared, recording: Recording | None) -> Path | None:
        path: Path | None = None
        try:
            path = recording.close(prepared.masker.spans) if recording is not None else None
        except RecordingError as error:
            log.error("recording_failed", call=prepared.call_id, error=error)
        with contextlib.suppress(TapeError):  # of a tape that broke the call has been told
            for start, end in prepared.masker.spans if path is not None else ():
                prepared.tape.note_after(Masked(start, end))
        prepared.tape.close(path)
        return path

    def session(
        self, order: CallOrder, prepared: Prepared, leg: Leg, recording: Recording | None, queues: dict[str, str]
    ) -> CallSession:
        """The session of an answered call; it still needs a mouth."""

        def hints(expectation: Expectation, known: bool) -> Hints:
            return self.equipment.hints(prepared.loaded, order.language, expectation, known)

        no_input_ms = self.equipment.settings.call.no_input_ms
        timing = Timing(no_input_ms, call_limit_ms=prepared.loaded.script.limits.call_seconds * 1000)
        return CallSession(leg, prepared.mind, prepared.tape, recording, prepared.state, timing, hints, queues)

    async def converse(
        self, order: CallOrder, prepared: Prepared, leg: Leg, media: MediaSource, recording: Recording
    ) -> Outcome:
        """Talk on an answered leg until it is over; `finish` follows."""
        equipment = self.equipment
        dialect = DIALECTS[equipment.settings.switch.dialect]
        two_way = leg_that_plays_frames(leg, dialect)
        leg = two_way or leg
        session = self.session(order, prepared, leg, recording, equipment.settings.queues)
        voice = equipment.voice(order.language, prepared.loaded.script)
        session.attach(
            Mouth(
                leg.call_id,
                FilePlayout(leg),
                equipment.prompts,
                voice,
                equipment.executor,
                session.tell,
                session.note,
                by_sentence=True,
            )
        )

        audio = CallMedia(media, leg, two_way, dialect, session.tell, session.note)

        async def ears() -> Ears:
            link = await audio.connect()
            return Ears(
                link,
                GatedDetector(equipment.voice_activity, link.format),
                equipment.recogniser,
                recording,
                equipment.executor,
                session.tell,
                session.weigh,
                equipment.turn_model,
                session.without_echo,
                audio.switch_stopped,
                audio.unheard,
            )

        try:
            return await session.run(prepared.opening, ears)
        finally:
            if two_way is not None:
                await two_way.close()
