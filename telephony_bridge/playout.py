"""Playing prompts to the customer: by the switch, from files, or by us, as frames on a two-way websocket.

The call holds a `Playout` and does not care which. Either way `PlayoutStarted` and `PlayoutEnded` follow: among the
leg's events for files, through `emit` for frames (`two_way_leg.py` puts them among the leg's events too).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

import structlog

from speech.audio import TELEPHONE, Frame
from telephony_bridge.frame_queue import FrameQueue, Pace
from telephony_bridge.leg import Leg, LegEvent, PlayoutEnded
from telephony_bridge.media import MediaClosed, TwoWayLink
from telephony_bridge.metronome import CallAt, Scheduled, metronome
from telephony_bridge.wav import BadPrompt, prompt_samples

__all__ = ["FilePlayout", "FramePlayout", "Pace", "Playout"]

log = structlog.get_logger(__name__)


class Playout(Protocol):
    """Plays 8 kHz WAV files one after another."""

    async def play(self, path: Path, playout_id: str) -> None:
        """Queue a file behind what is playing."""
        ...

    async def stop(self) -> None:
        """Silence the line and drop the queue; every stopped playout still gets its `PlayoutEnded`."""
        ...


class FilePlayout:
    """The leg plays the files: the switch reads them itself, or a `TwoWayLeg` sends them as frames."""

    def __init__(self, leg: Leg) -> None:
        self._leg = leg

    async def play(self, path: Path, playout_id: str) -> None:
        await self._leg.play(path, playout_id)

    async def stop(self) -> None:
        await self._leg.stop_playout()


class FramePlayout:
    """Sends 20 ms frames on a two-way link, and tells what was heard of them (see `frame_queue.py`)."""

    def __init__(
        self,
        link: TwoWayLink,
        emit: Callable[[LegEvent], None],
        *,
        ahead_ms: int = 0,
        flush: str | None = None,
        transit_ms: int = 0,
        idle_silence: bool = False,
        clock: Callable[[], float] | None = None,
        call_at: CallAt | None = None,
    ) -> None:
        """`ahead_ms`: what the other end keeps in hand behind the frame that sounds; `flush`: the text that empties it.

        `transit_ms`: how long a frame is under way before it sounds.
        With `idle_silence`, silence is sent between prompts too, from `begin` to `halt`.
        Without `flush` the customer still hears, after a stop, what the other end has in hand.
        `clock` and `call_at` go together; by default they are the running loop's and its metronome's.
        Raises `FormatMismatch` for a link that is not 8 kHz.
        """
        TELEPHONE.require(link.format, "FramePlayout")
        self._link = link
        self._emit = emit
        self._flush = flush
        self._clock = clock or asyncio.get_running_loop().time
        self._call_at = call_at or metronome().call_at
        self._queue = FrameQueue(ahead_ms, transit_ms=transit_ms, idle_silence=idle_silence)
        self._idle_silence = idle_silence
        self._next: Scheduled | None = None
        self._slow: asyncio.Task[None] | None = None

    async def play(self, path: Path, playout_id: str) -> None:
        try:
            samples = prompt_samples(path)
        except BadPrompt as error:
            self._emit(PlayoutEnded(playout_id, 0, completed=False, problem=str(error)))
            return
        self._queue.add(playout_id, samples)
        self.begin()

    async def stop(self) -> None:
        """Drop what is queued and playing."""
        if not self._idle_silence:
            await self._cancel()
        if self._queue.empty:
            return
        self._drop(flushed=self._flush is not None)
        if self._flush is not None:
            try:
                await self._link.send_text(self._flush)
            except MediaClosed:
                pass  # nobody is there to play what is left
            except Exception as error:  # what was stopped has been told of; the call must hear of what follows, too
                log.error("what the module has in hand was not dropped", call_id=self._link.call_id, error=error)

    def begin(self) -> None:
        """Send what there is to send."""
        if self._next is None and self._slow is None:
            self._schedule()

    def lose(self, reason: str) -> None:
        """The link is known to be gone: end what is queued, if a frame has not found out."""
        self._give_up(MediaClosed(reason))

    async def halt(self) -> None:
        """Stop, and send no silence either."""
        await self._cancel()
        await self.stop()

    async def _cancel(self) -> None:
        if self._next is not None:
            self._next.cancel()
            self._next = None
        if self._slow is not None:
            self._slow.cancel()
            await asyncio.gather(self._slow, return_exceptions=True)
            self._slow = None

    def _schedule(self) -> None:
        """Until everything queued was heard, or with silence between, until it is cancelled."""
        now = self._clock()
        wait = self._queue.wait(now)
        self._next = None if wait is None else self._call_at(now + wait, self._act)

    def _act(self) -> None:
        """Send what is due, and tell what was heard by now."""
        self._next = None
        try:
            now = self._clock()
            self._tell(self._queue.events(now))
            while (data := self._queue.next_frame(now)) is not None:
                frame = Frame(TELEPHONE, data)
                if not self._link.offer(frame):
                    self._slow = asyncio.create_task(self._wait_to_send(frame), name=f"playout {self._link.call_id}")
                    return
                self._queue.sent()
                self._tell(self._queue.events(now))
            self._schedule()
        except Exception as error:
            self._give_up(error)

    async def _wait_to_send(self, frame: Frame) -> None:
        """The other end reads slowly: this frame goes when there is room for it."""
        try:
            await self._link.send(frame)
        except Exception as error:
            self._slow = None
            self._give_up(error)
            return
        self._slow = None
        self._queue.sent()
        self._act()

    def _give_up(self, error: Exception) -> None:
        """Whatever it was: a prompt whose end is never told would leave the customer in silence."""
        if isinstance(error, MediaClosed):
            problem = f"the media link is gone: {error}"
        else:
            problem = f"{type(error).__name__}: {error}"
            log.error("prompts cannot be sent", call_id=self._link.call_id, error=error)
        self._drop(problem=problem)

    def _drop(self, *, flushed: bool = False, problem: str | None = None) -> None:
        """Also where the queue itself is what failed."""
        try:
            told = self._queue.stop(self._clock(), flushed=flushed, problem=problem)
        except Exception as error:
            log.error("what was heard of the prompts is not known", call_id=self._link.call_id, error=error)
            told = self._queue.abandon(problem or f"{type(error).__name__}: {error}")
        self._tell(told)

    def _tell(self, events: Iterable[LegEvent]) -> None:
        for event in events:
            self._emit(event)
