"""The ears of a replay: the real ones on the recording, and the recorded ones where nothing can be heard again.

What the recogniser says takes as long as on the tape, and is weighed when it is told, as in the call.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from bot.call.core.events import Broken, Event, Heard, Partial, Utterance, VoiceStarted, VoiceStopped
from bot.call.ears import Ears
from bot.call.weighing import Bearing, Weight
from bot.replay.delays import Delays, usual
from bot.replay.timeline import RecordedTurn
from bot.vocabulary import Failure
from speech.asr.port import Hints
from speech.end_of_turn import Words

Weigh = Callable[[str, bool], Weight]


class ReplayEars:
    """See `bot.call.senses.Ears`. `attach` the real ears, if there is sound, with `from_sound` as their `tell`."""

    def __init__(self, tell: Callable[[Event], None], weigh: Weigh, delays: Delays) -> None:
        self._tell = tell
        self._weigh = weigh
        self._said: asyncio.Queue[tuple[float, Event]] = asyncio.Queue()
        self._heard_ms = deque(delays.heard)
        self._settled_ms = deque(delays.settled)
        self._usual_heard, self._usual_settled = usual(delays.heard), usual(delays.settled)
        self._settles_ms = 0.0
        self._clock = asyncio.get_running_loop().time
        self._sound: Ears | None = None
        self._turn: RecordedTurn | None = None
        self._parts = 0
        self._words, self._accepted = "", True
        self._start = 0
        self.bypassed = 0
        """Turns that were not heard again."""

    def attach(self, sound: Ears) -> None:
        self._sound = sound

    @property
    def origin(self) -> float | None:
        return self._sound.origin if self._sound is not None else None

    def listen(self, hints: Hints) -> None:
        if self._sound is not None:
            self._sound.listen(hints)

    def discard(self) -> None:
        self._forget()
        if self._sound is not None:
            self._sound.discard()

    def finalise(self) -> None:
        if self._turn is not None or self._sound is None:
            self.bypassed += 1
            echo = self._turn is not None and self._turn.echo
            self._later(
                self._next_heard_ms(), Heard(self._recorded_utterance(), Bearing.ECHO if echo else Bearing.NOTHING)
            )
            self._forget()
        else:
            self._sound.finalise()

    async def run(self) -> str:
        """Until the sound ends, which it does only with the call."""
        telling = asyncio.create_task(self._tell_in_order())
        listening: Coroutine[Any, Any, Any] = asyncio.Event().wait() if self._sound is None else self._sound.run()
        try:
            await listening
        finally:
            telling.cancel()
        return "the replay has ended"

    async def media_stopped(self, reason: str) -> bool:
        return False

    def recorded(self, event: VoiceStarted | VoiceStopped | Partial, turn: RecordedTurn) -> None:
        """A part of a turn that cannot be heard again."""
        if turn is not self._turn:
            self._forget()
            self._turn = turn
        self._parts += 1
        match event:
            case VoiceStarted(position):
                self._start = position if self._parts == 1 else self._start
                self._tell(event)
            case VoiceStopped():
                self._tell(event)
            case Partial(text, _, bearing, settled, confidence):
                self._words, self._accepted = text, bearing is not Bearing.NOTHING
                self._tell(self._weighed(Partial(text, Words.NONE, bearing, settled, confidence)))

    def from_sound(self, event: Event) -> None:
        """What the real ears tell; their recogniser takes no time of its own here."""
        match event:
            case VoiceStopped():
                recorded = self._settled_ms.popleft() if self._settled_ms else None
                self._settles_ms = self._usual_settled if recorded is None else recorded
                self._tell(event)
            case Partial():
                self._later(self._settles_ms if event.settled else 0.0, event)
            case Heard():
                self._later(self._next_heard_ms(), event)
            case _:
                self._tell(event)

    def _next_heard_ms(self) -> float:
        return self._heard_ms.popleft() if self._heard_ms else self._usual_heard

    def _recorded_utterance(self) -> Utterance:
        """The whole turn as it was heard, or what there was of it by now."""
        turn = self._turn
        if turn is not None and turn.utterance is not None and self._parts >= turn.parts:
            return turn.utterance
        return Utterance(self._words, self._start, self._start, None, self._accepted)

    def _forget(self) -> None:
        self._turn, self._parts = None, 0
        self._words, self._accepted = "", True

    def _later(self, ms: float, event: Event) -> None:
        self._said.put_nowait((self._clock() + ms / 1000, event))

    async def _tell_in_order(self) -> None:
        """The recogniser does one thing after another: nothing overtakes what it is still busy with."""
        while True:
            due, event = await self._said.get()
            await asyncio.sleep(max(0.0, due - self._clock()))
            self._tell(self._weighed(event))

    def _weighed(self, event: Event) -> Event:
        """What the words are worth now; where the model of meaning fails, the call is told so, as in the real ears.

        An echo remains one: the sound told it, which the words may not.
        """
        try:
            match event:
                case Partial(bearing=Bearing.ECHO) | Heard(bearing=Bearing.ECHO):
                    return event
                case Partial(text, _, bearing, settled, confidence):
                    weight = self._weigh(text, bearing is not Bearing.NOTHING)
                    return Partial(text, weight.words, weight.bearing, settled, confidence)
                case Heard(utterance):
                    return Heard(utterance, self._weigh(utterance.text, utterance.accepted).bearing)
                case _:
                    return event
        except Exception as error:  # whatever a model raises must not end the call in silence
            return Broken(Failure.UNDERSTANDING, f"{type(error).__name__}: {error}")
