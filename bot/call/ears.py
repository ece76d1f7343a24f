"""The ears of a call: the customer's frames go to the recording, the voice detector and the recogniser.

Voice detection runs on the event loop (a fraction of a millisecond a window); recognition, and the weighing of what
was recognised, run in a thread, one utterance after another. Recognition is fed only from shortly before a voice until
the turn ends.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor

from bot.call.core.events import Broken, Event, Heard, Partial, ToneHeard, Utterance, VoiceStarted, VoiceStopped
from bot.call.ears_work import Discard, Feed, Finish, Open, Preview, Settle, Work
from bot.call.recording import Recording, RecordingError
from bot.call.thinking_pauses import ThinkingPauses
from bot.call.weighing import Weight
from bot.vocabulary import Failure
from speech import endpointing
from speech.asr.port import Hints, Recogniser, RecognitionStream, Transcript
from speech.audio import TELEPHONE, Frame
from speech.tones import ToneDetector
from speech.turn_model import EndOfTurnModel
from speech.vad.port import VoiceActivityDetector
from telephony_bridge.media import MediaLink

ENDPOINTING = endpointing.EndpointSettings()

PRE_ROLL_MS = 450
"""Audio before the detected onset that the recogniser hears too: the s of "stop" and the closure after it begin 250 ms
before the voice, and need some silence before them. From 450 to 600 ms the same 64 of 70 recorded commands and digits
are heard right; with 300 ms that "stop" is a "no"."""

LATE_MS = 900
"""How long after its onset a voice may still be reported: the longest sound that is heard again as a whole, and the
quiet after it (`speech.vad.gated.GateSettings`)."""

TONES_UNTIL = TELEPHONE.samples_for_ms(60_000)
"""Machines give themselves away in the first minute."""


class Ears:
    """Listens to one media link; tells the call what happens through `tell`.

    `weigh(text, accepted, sound)` says, in any thread, what words are worth at this moment of the call; `sound` is the
    turn so far. `turn_model` hears, where it is installed, whether a free answer sounds finished. `without_echo` gives
    a frame as the voice detector should hear it. `switch_stopped` sees to a stream that the switch says has stopped;
    `unheard(problem)` is told that the link is not listened to any more, and of which error that is the end.
    """

    def __init__(
        self,
        link: MediaLink,
        detector: VoiceActivityDetector,
        recogniser: Recogniser,
        recording: Recording,
        executor: Executor,
        tell: Callable[[Event], None],
        weigh: Callable[[str, bool, Frame], Weight],
        turn_model: EndOfTurnModel | None = None,
        without_echo: Callable[[Frame], Frame] = lambda frame: frame,
        switch_stopped: Callable[[str], Awaitable[bool]] | None = None,
        unheard: Callable[[str | None], None] = lambda problem: None,
    ) -> None:
        self._link = link
        self._detector = detector
        self._recogniser = recogniser
        self._recording = recording
        self._executor = executor
        self._tell = tell
        self._weigh = weigh
        self._without_echo = without_echo
        self._switch_stopped = switch_stopped
        self._unheard = unheard
        self._pauses = ThinkingPauses(turn_model, executor, tell)
        self._hints: Hints | None = None
        self._tones = ToneDetector()
        self._endpoint = endpointing.EndpointState()
        self._pre_roll: deque[Frame] = deque()
        self._listening = False
        self._voices = 0
        self._turn: list[Frame] = []
        self._paused_at: int | None = None
        self._previewed: tuple[int, Transcript | None] | None = None
        self._settled: tuple[int, Transcript] | None = None
        self._work: deque[Work] = deque()
        self._work_came = asyncio.Event()
        self._position = 0
        self._origin = math.inf

    def listen(self, hints: Hints) -> None:
        """Use these hints from the next voice on."""
        self._hints = hints

    @property
    def origin(self) -> float | None:
        """The event loop's time (seconds) of sample 0, by the frame with the least delay; None before audio."""
        return None if math.isinf(self._origin) else self._origin

    def finalise(self) -> None:
        """End the customer's turn; `Heard` follows."""
        self._listening = False
        self._give(Finish())

    def discard(self) -> None:
        """Forget what was said so far in this turn; nothing follows."""
        if self._listening:
            self._listening = False
            self._give(Discard())

    async def run(self) -> str:
        """Listen until the link ends; returns why it did."""
        recognition = asyncio.create_task(self._recognise())
        problem = None
        try:
            async for frame in self._link.frames():
                self._take(frame)
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
            raise
        finally:
            recognition.cancel()
            self._pauses.close()
            self._unheard(problem)
        fault = self._link.fault
        return f"{fault.value if fault else 'ended'}: {self._link.detail}"

    async def media_stopped(self, reason: str) -> bool:
        """See `bot.call.senses.Ears`."""
        return self._switch_stopped is not None and await self._switch_stopped(reason)

    def _take(self, frame: Frame) -> None:
        self._position = frame.end
        self._origin = min(self._origin, asyncio.get_running_loop().time() - frame.end / TELEPHONE.rate)
        try:
            self._recording.customer(frame)
        except RecordingError as error:
            self._tell(Broken(Failure.TAPE, str(error)))
        if self._listening:
            self._give(Feed(frame))
        else:
            self._remember(frame)
        if frame.end <= TONES_UNTIL:
            for span in self._tones.accept(frame):
                self._tell(ToneHeard(span.tone, span.end))
        for window in self._detector.accept(self._without_echo(frame)):
            self._endpoint, events = endpointing.step(self._endpoint, window, ENDPOINTING)
            for event in events:
                self._voice(event)
        self._work_ahead()

    def _work_ahead(self) -> None:
        """The words are ready when the voice turns out to have stopped, and not only begun upon."""
        paused_at = endpointing.paused_at(self._endpoint, ENDPOINTING)
        if self._listening and paused_at not in (None, self._paused_at):
            self._give(Preview(paused_at))
        self._paused_at = paused_at

    def _give(self, work: Work) -> None:
        self._work.append(work)
        self._work_came.set()

    def _remember(self, frame: Frame) -> None:
        self._pre_roll.append(frame)
        # A voice is confirmed only after some of it, or all of it; keep that and the pre-roll proper.
        oldest = frame.end - TELEPHONE.samples_for_ms(PRE_ROLL_MS + LATE_MS)
        while self._pre_roll and self._pre_roll[0].end <= oldest:
            self._pre_roll.popleft()

    def _voice(self, event: endpointing.VoiceEvent) -> None:
        if isinstance(event, endpointing.VoiceStarted):
            self._voices += 1
            if not self._listening and self._hints is not None:
                self._begin(event.position, self._hints)
            self._tell(VoiceStarted(event.position))
        else:
            if self._listening:
                self._give(Settle(event.position, self._voices))
            heard_ms = (asyncio.get_running_loop().time() - self._origin) * 1000  # frames may have had to wait
            self._tell(VoiceStopped(event.position, max(0.0, heard_ms - TELEPHONE.ms_for(event.position))))

    def _begin(self, onset: int, hints: Hints) -> None:
        self._listening = True
        self._give(Open(hints))
        start = onset - TELEPHONE.samples_for_ms(PRE_ROLL_MS)
        for frame in self._pre_roll:
            if frame.end > start:
                self._give(Feed(frame))
        self._pre_roll.clear()

    async def _recognise(self) -> None:
        """Carry out the recogniser's work in order. A failure ends the utterance, not the ears."""
        stream: RecognitionStream | None = None
        while True:
            while not self._work:
                self._work_came.clear()
                await self._work_came.wait()
            try:
                stream = await self._carry_out(self._work.popleft(), stream)
            except Exception as error:  # whatever an engine raises must not end the call in silence
                stream = None
                self._tell(Broken(Failure.RECOGNITION, f"{self._recogniser.name}: {type(error).__name__}: {error}"))

    async def _carry_out(self, work: Work, stream: RecognitionStream | None) -> RecognitionStream | None:
        """One piece of work, off the event loop; returns the stream that is open afterwards."""
        loop = asyncio.get_running_loop()
        match work:
            case Open(hints):
                self._pauses.begin()
                self._turn.clear()
                return await loop.run_in_executor(self._executor, self._recogniser.open, hints)
            case Feed(frame) if stream is not None:
                whole = self._with_waiting(frame)
                self._pauses.accept(whole)
                self._turn.append(whole)
                partial = await loop.run_in_executor(self._executor, stream.accept, whole)
                if partial is not None:
                    await self._tell_partial(partial)
            case Preview(end) if stream is not None and end == self._endpoint.voiced_to:
                self._previewed = end, await loop.run_in_executor(self._executor, stream.preview)
            case Settle(end, voices) if stream is not None:
                if self._previewed is None or self._previewed[0] != end:
                    self._previewed = end, await loop.run_in_executor(self._executor, stream.preview)
                preview = self._previewed[1]
                if preview is not None:
                    self._settled = (voices, preview)
                    await self._tell_partial(preview, voices)
                self._pauses.paused(lambda: self._listening and voices == self._voices)
            case Finish() if stream is not None:
                await self._tell_heard(_utterance(await self._final(stream)))
                return None
            case Discard():
                if stream is not None:
                    stream.close()
                return None
            case Finish():  # a sound too short to have opened a stream
                await self._tell_heard(Utterance("", self._position, self._position, None, accepted=True))
            case Feed() | Preview() | Settle():
                pass  # the voice went on; or the stream broke, and only the recording gets the rest of the turn
        return stream

    async def _final(self, stream: RecognitionStream) -> Transcript:
        """What was made of the turn when its last voice stopped still holds: only silence came after it."""
        settled, self._settled = self._settled, None
        if settled is not None and settled[0] == self._voices:
            stream.close()
            return settled[1]
        return await asyncio.get_running_loop().run_in_executor(self._executor, stream.finalise)

    async def _tell_partial(self, transcript: Transcript, voices: int | None = None) -> None:
        """`voices`: how many had begun when the last one stopped, where the words are those of the turn so far."""
        weight = await self._weighed(transcript.text, transcript.accepted)
        if weight is not None:
            self._pauses.weighed(transcript.text, weight)
            settled = voices == self._voices
            self._tell(Partial(transcript.text, weight.words, weight.bearing, settled, transcript.confidence))

    async def _tell_heard(self, utterance: Utterance) -> None:
        weight = await self._weighed(utterance.text, utterance.accepted)
        if weight is not None:
            self._tell(Heard(utterance, weight.bearing))

    async def _weighed(self, text: str, accepted: bool) -> Weight | None:
        """None where the model of meaning failed, which the call is told."""
        start = self._turn[0].position if self._turn else 0
        sound = Frame(TELEPHONE, b"".join(frame.data for frame in self._turn), start)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, self._weigh, text, accepted, sound)
        except Exception as error:  # whatever an engine raises must not end the call in silence
            self._tell(Broken(Failure.UNDERSTANDING, f"{type(error).__name__}: {error}"))
            return None

    def _with_waiting(self, frame: Frame) -> Frame:
        """One frame from this one and those behind it in the queue: fewer, larger pieces when the thread is late."""
        pieces = [frame]
        while self._work and isinstance(following := self._work[0], Feed):
            pieces.append(following.frame)
            self._work.popleft()
        return Frame(frame.format, b"".join(piece.data for piece in pieces), frame.position)


def _utterance(transcript: Transcript) -> Utterance:
    return Utterance(
        transcript.text, transcript.start, transcript.end, transcript.confidence, accepted=transcript.accepted
    )
