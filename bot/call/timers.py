"""Timers of one call on the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.call.core.commands import SetTimer, Timer
from bot.call.core.events import Event, TimerFired


class Timers:
    def __init__(self, tell: Callable[[Event], None]) -> None:
        self._tell = tell
        self._running: dict[Timer, asyncio.TimerHandle] = {}

    def set(self, command: SetTimer) -> None:
        self.cancel(command.timer)
        loop = asyncio.get_running_loop()
        event = TimerFired(command.timer.value, command.token)
        self._running[command.timer] = loop.call_later(command.ms / 1000, self._tell, event)

    def cancel(self, timer: Timer) -> None:
        handle = self._running.pop(timer, None)
        if handle is not None:
            handle.cancel()

    def cancel_all(self) -> None:
        for timer in list(self._running):
            self.cancel(timer)
