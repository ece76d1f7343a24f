"""An event loop whose clock stands still while something is being worked out and jumps when everything waits.

A call of a minute takes as long as its engines compute, and every wait in it is exact to the millisecond. What is
computed must be computed on the loop's own thread (`InlineExecutor`): the clock does not know of other threads.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")


class Stuck(RuntimeError):
    """Everything waits, and no timer is set: nothing would ever happen again."""


class _JumpingSelector(selectors.DefaultSelector):
    """Takes what is ready; where nothing is, moves the clock to the next timer instead of waiting for it."""

    jump: Callable[[float], None]

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None:
            raise Stuck("everything waits and no timer is set")
        self.jump(timeout)
        return []


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """Time begins at zero, in seconds."""

    def __init__(self) -> None:
        self._now = 0.0
        selector = _JumpingSelector()
        selector.jump = self._jump
        super().__init__(selector)

    def time(self) -> float:
        return self._now

    def _jump(self, seconds: float) -> None:
        self._now += seconds


class InlineExecutor(Executor):
    """Does the work at once, on the caller's thread."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except BaseException as error:
            done.set_exception(error)
        return done


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end in virtual time, on this thread."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(work)
