"""One timer for all that is paced: everybody who is due within the same four milliseconds is woken together.

A timer, a future and a task for each frame of each call took more than the frame itself.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from typing import Protocol
from weakref import WeakKeyDictionary, ref

TICK_S = 0.004
"""A whole part of a frame's 20 ms: whoever is paced by frames stays at the same distance from its tick."""

_ROUNDING = 1e-6


class Scheduled(Protocol):
    def cancel(self) -> None: ...


CallAt = Callable[[float, Callable[[], None]], Scheduled]
"""Calls back at a moment of the clock, or a little later."""


class _Entry:
    """What is called, until it is cancelled."""

    __slots__ = ("_callback",)

    def __init__(self, callback: Callable[[], None]) -> None:
        self._callback: Callable[[], None] | None = callback

    def call(self) -> None:
        if self._callback is not None:
            self._callback()

    def cancel(self) -> None:
        self._callback = None


class Metronome:
    """For one event loop, by its clock."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._its_loop = ref(loop)  # which this must not keep alive, see `metronome`
        self._ticks: dict[int, list[_Entry]] = {}

    def call_at(self, moment: float, callback: Callable[[], None]) -> _Entry:
        """Call back at the first tick from `moment` on, in the order in which they asked; what is due, at once."""
        entry = _Entry(callback)
        loop = self._loop
        if moment <= loop.time():
            loop.call_soon(entry.call)
            return entry
        tick = math.ceil(moment / TICK_S - _ROUNDING)
        due = self._ticks.get(tick)
        if due is None:
            self._ticks[tick] = due = []
            loop.call_at(tick * TICK_S, self._strike, tick)
        due.append(entry)
        return entry

    @property
    def _loop(self) -> asyncio.AbstractEventLoop:
        loop = self._its_loop()
        assert loop is not None, "only called from its loop"
        return loop

    def _strike(self, tick: int) -> None:
        for entry in self._ticks.pop(tick):
            try:
                entry.call()
            except Exception as error:  # the others are due as well
                self._loop.call_exception_handler({"message": "a paced callback failed", "exception": error})


_METRONOMES: WeakKeyDictionary[asyncio.AbstractEventLoop, Metronome] = WeakKeyDictionary()


def metronome() -> Metronome:
    """That of the running loop."""
    loop = asyncio.get_running_loop()
    if loop not in _METRONOMES:
        _METRONOMES[loop] = Metronome(loop)
    return _METRONOMES[loop]
