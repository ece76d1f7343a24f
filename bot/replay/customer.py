"""The recorded customer: does what the tape says at the times it says, but does not talk over a bot they waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from bot.call.core.events import Event, Gone, KeyPressed, Partial, VoiceStarted, VoiceStopped
from bot.rehearsal.leg import RehearsalLeg
from bot.rehearsal.link import FRAME_MS
from bot.replay.ears import ReplayEars
from bot.replay.link import RecordedLink
from bot.replay.timeline import Act


class RecordedCustomer:
    """`held_ms`: how long they were made to wait in all, where the bot speaks for longer than on the tape."""

    def __init__(
        self,
        acts: Sequence[Act],
        leg: RehearsalLeg,
        ears: ReplayEars,
        link: RecordedLink | None,
        tell: Callable[[Event], None],
    ) -> None:
        """`link` is None for a call in text."""
        self._acts = acts
        self._leg = leg
        self._ears = ears
        self._link = link
        self._tell = tell
        self._clock = asyncio.get_running_loop().time
        self._began = self._clock()
        self.held_ms = 0.0

    async def take_part(self) -> None:
        for act in self._acts:
            await asyncio.sleep(max(0.0, (act.t + self.held_ms) / 1000 - (self._clock() - self._began)))
            if act.after_silence_ms is not None and self._leg.speaking:
                await self._hear_out(act.after_silence_ms)
            self._do(act)

    async def _hear_out(self, then_ms: float) -> None:
        """Hold the customer until the bot has been silent for so long; whole frames, so that none is lost."""
        if self._link is not None:
            self._link.held = True
        silent_ms = 0.0
        while silent_ms < then_ms:
            await asyncio.sleep(FRAME_MS / 1000)
            self.held_ms += FRAME_MS
            silent_ms = 0.0 if self._leg.speaking else silent_ms + FRAME_MS
        if self._link is not None:
            self._link.held = False

    def _do(self, act: Act) -> None:
        match act.does:
            case None:
                pass
            case KeyPressed(digit):
                self._leg.press(digit)
            case Gone(by):
                self._leg.gone(by)
            case VoiceStarted() | VoiceStopped() | Partial() if act.turn is not None:
                self._ears.recorded(act.does, act.turn)
            case event:
                self._tell(event)
