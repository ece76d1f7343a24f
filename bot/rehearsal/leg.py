"""The switch's side of a call in virtual time: plays for as long as the prompts last, and does as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from speech import wav
from speech.audio import TELEPHONE, Samples
from telephony_bridge.leg import Dtmf, HandedOver, HandOverFailed, HungUp, LegEvent, PlayoutEnded, PlayoutStarted
from telephony_bridge.line_status import Fault, HandOverFailure, HungUpBy, LineStatus
from telephony_bridge.wav import prompt_length

QUEUE_MS = 2000.0
"""How long a queue takes to find a colleague, or to give up."""

HandOverEnd = HandedOver | HandOverFailed


class Pace(Protocol):
    """What the switch takes for each thing, in milliseconds, and what becomes of a hand-over."""

    def start(self, playout_id: str, follows: bool) -> float:
        """From the command to the first sample; `follows`: from the end of the playout before it."""
        ...

    def length(self, playout_id: str, samples: int) -> float:
        """How long so many samples at 8 kHz sound."""
        ...

    def stop(self) -> float:
        """From the command to silence."""
        ...

    def hand_over(self) -> tuple[float, HandOverEnd] | None:
        """How long the customer waits in the queue, and for what; None where nothing is ever told."""
        ...


@dataclass(frozen=True, slots=True)
class SteadyPace:
    """As measured on a real switch (docs/freeswitch.md).

    `hand_over_fails`: why nobody takes the call in a queue; None where somebody does.
    """

    start_ms: float = 40
    stop_ms: float = 20
    hand_over_fails: HandOverFailure | None = None

    def start(self, playout_id: str, follows: bool) -> float:
        return 0.0 if follows else self.start_ms

    def length(self, playout_id: str, samples: int) -> float:
        return samples * 1000 / TELEPHONE.rate

    def stop(self) -> float:
        return self.stop_ms

    def hand_over(self) -> tuple[float, HandOverEnd] | None:
        failure = self.hand_over_fails
        return QUEUE_MS, HandedOver() if failure is None else HandOverFailed(failure)


class RehearsalLeg:
    """See `telephony_bridge.leg.Leg`. Also a playout: `say` plays so many samples of nothing in particular."""

    def __init__(self, call_id: str, pace: Pace = SteadyPace()) -> None:
        self.call_id = call_id
        self.switch = "none, a rehearsal"
        self._pace = pace
        self._events: asyncio.Queue[LegEvent] = asyncio.Queue()
        self._queue: list[tuple[str, int, Path | None]] = []
        self._began: float | None = None
        self._playing: asyncio.Task[None] | None = None
        self._gone = False
        self.transferred_to: str | None = None
        self.variables: Mapping[str, str] = {}

    @property
    def speaking(self) -> bool:
        """Something is on the line, or about to be."""
        return bool(self._queue)

    async def events(self) -> AsyncIterator[LegEvent]:
        while True:
            event = await self._events.get()
            yield event
            if isinstance(event, HungUp):
                return

    async def start_media(self, url: str, metadata: Mapping[str, str]) -> None:
        """The rehearsal connects the customer's audio itself."""

    async def stop_media(self) -> None:
        """See `start_media`."""

    async def play(self, path: Path, playout_id: str) -> None:
        self.say(prompt_length(path), playout_id, path)

    def say(self, samples: int, playout_id: str, path: Path | None = None) -> None:
        """Queue a playout of so many samples at 8 kHz; `path` where it has a sound."""
        self._queue.append((playout_id, samples, path))
        if self._playing is None or self._playing.done():
            self._playing = asyncio.create_task(self._play())

    async def _play(self) -> None:
        follows = False
        while self._queue:
            playout_id, samples, _ = self._queue[0]
            await asyncio.sleep(self._pace.start(playout_id, follows) / 1000)
            self._began = asyncio.get_running_loop().time()
            self._emit(PlayoutStarted(playout_id))
            await asyncio.sleep(self._pace.length(playout_id, samples) / 1000)
            self._queue.pop(0)
            self._began, follows = None, True
            self._emit(PlayoutEnded(playout_id, samples, completed=True))

    async def stop_playout(self) -> None:
        await asyncio.sleep(self._pace.stop() / 1000)
        if self._playing is not None:
            self._playing.cancel()
            self._playing = None
        heard, self._began = self._played(), None
        stopped, self._queue = self._queue, []
        for playout_id, samples, _ in stopped:
            self._emit(PlayoutEnded(playout_id, min(heard, samples), completed=False))
            heard = 0

    def _played(self) -> int:
        """How much of what is on the line has sounded: samples at 8 kHz."""
        return 0 if self._began is None else round((asyncio.get_running_loop().time() - self._began) * TELEPHONE.rate)

    def last_heard(self, samples: int) -> Samples:
        """The last so many samples that the customer heard."""
        heard = np.zeros(samples, dtype=np.int16)
        if self._began is not None and (path := self._queue[0][2]) is not None:
            end = self._played()
            part = wav.read(path).samples()[max(0, end - samples) : end]
            heard[samples - min(samples, end) :][: part.size] = part
        return heard

    async def transfer(self, destination: str, variables: Mapping[str, str]) -> None:
        self.transferred_to, self.variables = destination, variables
        ending = self._pace.hand_over()
        if ending is not None:
            after_ms, became = ending
            asyncio.get_running_loop().call_later(after_ms / 1000, self._emit, became)

    async def hang_up(self) -> None:
        self.gone(HungUpBy.BOT)

    def press(self, digit: str) -> None:
        self._emit(Dtmf(digit))

    def gone(self, by: HungUpBy) -> None:
        if not self._gone:
            self._gone = True
            self._emit(HungUp(by, LineStatus.ANSWERED, Fault.NOBODY, "rehearsal"))

    def _emit(self, event: LegEvent) -> None:
        self._events.put_nowait(event)
