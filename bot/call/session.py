"""The shell of one call: brings what happens to the turn-taking core and carries out what it decides."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import structlog

from bot.call.core import events
from bot.call.core.commands import (
    CancelTimer,
    Command,
    Consider,
    ConsiderAbsence,
    ConsiderHandOverFailure,
    ConsiderKeys,
    Discard,
    EndCall,
    Finalise,
    HangUpLeg,
    Listen,
    RecordAnswerer,
    RecordFailure,
    RecordOutcome,
    SetTimer,
    Speak,
    StopSpeaking,
    TransferLeg,
)
from bot.call.core.state import CallState, Phase, Timing
from bot.call.core.step import step
from bot.call.core.steps import Step
from bot.call.leg_events import in_the_cores_words
from bot.call.line_echo import LineEcho
from bot.call.mind import Considered, Mind
from bot.call.playout_log import AudioOrigin, PlayoutLog
from bot.call.recording import Recording, RecordingError
from bot.call.senses import Ears, Mouth
from bot.call.tape import Direction, Tape, TapeError
from bot.call.timers import Timers
from bot.call.weighing import Bearing, Weight
from bot.vocabulary import Failure, Outcome
from dialogue.client import DialogueError, DialogueUnavailable
from dialogue.prompts import Expectation, PromptError
from speech.asr.port import Hints
from speech.audio import TELEPHONE, Frame
from speech.end_of_turn import Words
from telephony_bridge.leg import Leg, LegGone, SwitchError, SwitchUnreachable
from telephony_bridge.line_status import HandOverFailure

log = structlog.get_logger(__name__)

HANG_UP_GRACE_S = 0.5
"""A hang-up ends the media too, and may be told a moment later than the media's end."""


class CallSession:
    """One answered call. Build it, hand it its parts with `attach`, and `run` it to its outcome.

    All its times are the event loop's, so that it runs in real and in virtual time alike.
    """

    def __init__(
        self,
        leg: Leg,
        mind: Mind,
        tape: Tape,
        recording: Recording | None,
        state: CallState,
        timing: Timing,
        hints: Callable[[Expectation, bool], Hints],
        queues: dict[str, str],
    ) -> None:
        """`state`: as the call begins. `hints` of an answer that is expected, and of whether it is known who picked up.

        `recording` is None where there is no sound.
        """
        self._leg = leg
        self._mind = mind
        self._tape = tape
        self._recording = recording
        self._timing = timing
        self._hints = hints
        self._queues = queues
        self._clock = asyncio.get_running_loop().time
        self._began = self._clock()
        self._events: asyncio.Queue[events.Event] = asyncio.Queue()
        self._timers = Timers(self.tell)
        self._state = state
        self._thinking = asyncio.Lock()
        self._tape_broken = False
        self._playouts = PlayoutLog()
        self._echo = LineEcho(self._playouts)
        self._mouth: Mouth | None = None
        self._ears: Ears | None = None
        self._tasks: set[asyncio.Future[None]] = set()

    def attach(self, mouth: Mouth) -> None:
        self._mouth = mouth

    def weigh(self, text: str, accepted: bool, sound: Frame | None = None) -> Weight:
        """What words are worth at this moment: to the open question, and over what the bot is saying; in any thread.

        `sound`: what they were heard in, where there is any.
        """
        state = self._state
        weight = self._mind.weigh(text, accepted, state.expectation, state.sounding, state.asked, state.interrupting)
        if sound and state.sounding and self._echo.is_echo(sound, self._origin, self._sent):
            return Weight(Words.NONE, Bearing.ECHO)
        return weight

    def without_echo(self, frame: Frame) -> Frame:
        """The customer's frame as the voice detector should hear it: silence where the line gives back a prompt."""
        return self._echo.suppressed(frame, self._origin, self._sent)

    def tell(self, event: events.Event) -> None:
        """Something happened; from any task of the event loop."""
        self._events.put_nowait(event)

    def note(self, item: object) -> None:
        """Put a measurement on the tape."""
        self._record("note", item)

    async def run(self, opening: tuple[Step, ...], ears: Callable[[], Awaitable[Ears]]) -> Outcome:
        """From the answer to the end. `ears` waits for the media; the greeting does not wait for it."""
        assert self._mouth is not None, "attach a mouth first"
        self._start(self._follow_leg())
        self._start(self._mouth.run())
        self._start(self._listen(ears))
        self.tell(events.Answered(opening))
        try:
            while self._state.phase is not Phase.ENDED:
                self._handle(await self._events.get())
        finally:
            self._timers.cancel_all()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self._release()
            self._mouth.close()
        return self._state.outcome or Outcome.UNCERTAIN

    async def _release(self) -> None:
        """Leave the switch as it should be, and lay the bot's side over the recording."""
        with contextlib.suppress(SwitchError):  # the stream ends with the leg, if not now
            if self._state.with_switch:  # what a colleague says is not for our ears
                await self._leg.stop_media()
            else:
                await self._leg.hang_up()
        if (origin := self._origin) is not None:
            self.note(AudioOrigin((origin - self._began) * 1000))
            try:
                if self._recording is not None:
                    self._playouts.lay_over(self._recording, origin, self._sent)
            except RecordingError as error:
                log.error("recording_failed", call=self._leg.call_id, error=error)

    def _handle(self, event: events.Event) -> None:
        self._record("event", event)
        self._state, commands = step(self._state, event, self._now(), self._timing)
        for command in commands:
            self._record("command", command)
            self._execute(command)

    def _execute(self, command: Command) -> None:
        assert self._mouth is not None
        match command:
            case Speak(playout_id, prompt, start, _):
                self._mouth.speak(playout_id, prompt, start)
            case StopSpeaking():
                self._mouth.stop()
            case Listen(expectation) if self._ears is not None:
                self._ears.listen(self._hints(expectation, self._state.answerer.decided))
            case Finalise() if self._ears is not None:
                self._ears.finalise()
            case Discard() if self._ears is not None:
                self._ears.discard()
            case Consider() | ConsiderKeys() | ConsiderAbsence() | ConsiderHandOverFailure():
                self._start(self._consider(command))
            case SetTimer():
                self._timers.set(command)
            case CancelTimer(timer):
                self._timers.cancel(timer)
            case TransferLeg(queue):
                self._start(self._hand_over(queue))
            case HangUpLeg():
                self._start(self._hang_up())
            case Listen() | Finalise() | Discard() | RecordOutcome() | RecordAnswerer() | RecordFailure() | EndCall():
                pass  # the tape has it

    async def _consider(self, command: Considered) -> None:
        async with self._thinking:
            try:
                thought = await self._mind.consider(command)
            except (DialogueError, DialogueUnavailable, PromptError, ValueError) as error:
                self.tell(events.Broken(Failure.DIALOGUE, f"{type(error).__name__}: {error}"))
                return
            except Exception as error:  # an engine's surprise must not end the call in silence
                self.tell(events.Broken(Failure.UNDERSTANDING, f"{type(error).__name__}: {error}"))
                return
        for note in thought.notes:
            self.note(note)
        self.tell(events.Decided(command.turn, thought.steps))

    async def _follow_leg(self) -> None:
        assert self._mouth is not None
        async for told in self._leg.events():
            self._playouts.observe(told, self._clock())
            joined = self._mouth.joined(told)
            if joined is None:
                continue
            event = in_the_cores_words(joined, self._position(), self._mouth.lengths)
            if isinstance(event, events.Broken) and event.failure is Failure.MEDIA:
                self._start(self._media_stopped(event.detail))
            else:
                self.tell(event)

    async def _listen(self, ears: Callable[[], Awaitable[Ears]]) -> None:
        try:
            self._ears = await ears()
        except (TimeoutError, SwitchError) as error:
            self.tell(events.Broken(Failure.MEDIA, f"the switch sent no audio: {error}"))
            return
        self._ears.listen(self._hints(self._state.expectation, self._state.answerer.decided))
        reason = await self._ears.run()
        await self._media_lost(reason)

    async def _media_stopped(self, reason: str) -> None:
        if self._ears is None or not await self._ears.media_stopped(reason):
            await self._media_lost(reason)

    async def _media_lost(self, reason: str) -> None:
        """Unless a hang-up explains it, something broke."""
        await asyncio.sleep(HANG_UP_GRACE_S)
        self.tell(events.Broken(Failure.MEDIA, reason))

    async def _hand_over(self, queue: str) -> None:
        """What becomes of it is told by the leg; a hand-over that the switch does not even begin has failed."""
        destination = self._queues.get(queue)
        if destination is None:
            log.error("queue_without_place", call=self._leg.call_id, queue=queue, remedy="add it to [queues]")
            self.tell(events.HandOverFailed(HandOverFailure.UNREACHABLE))
            return
        try:
            await self._leg.transfer(destination, self._mind.desk_note(queue).variables())
        except (LegGone, SwitchUnreachable):
            pass  # the hang-up says so; or nobody knows whether it was taken, and the leg's events will tell
        except SwitchError as error:
            log.error("hand_over_refused", call=self._leg.call_id, queue=queue, error=error)
            self.tell(events.HandOverFailed(HandOverFailure.UNREACHABLE))

    async def _hang_up(self) -> None:
        try:
            await self._leg.hang_up()
        except LegGone:
            pass
        except SwitchError as error:
            self.tell(events.Broken(Failure.CONTROL, str(error)))

    def _record(self, direction: Direction, item: object) -> None:
        """A tape that cannot be written ends the call: what cannot be proved must not be said."""
        try:
            self._tape.write(self._now(), direction, item)
        except TapeError as error:
            if not self._tape_broken:
                self._tape_broken = True
                log.error("tape_failed", call=self._leg.call_id, error=error)
                self.tell(events.Broken(Failure.TAPE, str(error)))

    def _position(self) -> int | None:
        """The sample of the customer's audio that is heard now."""
        origin = self._origin
        return None if origin is None else round((self._clock() - origin) * TELEPHONE.rate)

    @property
    def _origin(self) -> float | None:
        """When sample 0 of the customer's audio was heard; None before there is any."""
        return self._ears.origin if self._ears is not None else None

    @property
    def _sent(self) -> Mapping[str, Path]:
        assert self._mouth is not None
        return self._mouth.sent

    def _now(self) -> float:
        return (self._clock() - self._began) * 1000

    def _start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Future[None]) -> None:
        """A part of the call that ends with an error of its own must not leave the customer in silence."""
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("call_part_failed", call=self._leg.call_id, error=error)
            self.tell(events.Broken(Failure.UNKNOWN, f"{type(error).__name__}: {error}"))
