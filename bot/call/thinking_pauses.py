"""Pauses for thought in a free answer, told by how the turn sounds.

Words never tell that a free answer is whole. Where the end-of-turn model is installed it listens to each pause of one,
and a turn that sounds unfinished is told as if its words trailed off: the bot then waits as long as after an "and",
which has its own limit (`speech.end_of_turn`). The model works in a thread beside the recogniser, and what comes of it
when the turn is over, or the voice back, counts for nothing: no turn ends later because the model was slow.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor

import structlog

from bot.call.core.events import Partial
from bot.call.weighing import Weight
from speech.audio import Frame
from speech.end_of_turn import Words
from speech.turn_model import EndOfTurnModel, TurnSound, sounds_unfinished

log = structlog.get_logger(__name__)


class ThinkingPauses:
    """Follows the turns of one call. Without a `model` it does nothing."""

    def __init__(self, model: EndOfTurnModel | None, executor: Executor, tell: Callable[[Partial], None]) -> None:
        self._model = model
        self._executor = executor
        self._tell = tell
        self._sound = TurnSound()
        self._words: tuple[str, Weight] | None = None
        self._judging: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """A turn begins."""
        self._sound = TurnSound()
        self._words = None

    def accept(self, frame: Frame) -> None:
        if self._model is not None:
            self._sound.accept(frame)

    def weighed(self, text: str, weight: Weight) -> None:
        """The words of the turn so far, and what they are worth."""
        self._words = text, weight

    def paused(self, goes_on: Callable[[], bool]) -> None:
        """The voice has stopped. `goes_on` says, later, whether this pause is still the end of an open turn."""
        if self._model is None or self._words is None:
            return
        text, weight = self._words
        if weight.free and weight.words is not Words.TRAILING:
            told = Partial(text, Words.TRAILING, weight.bearing)
            self._judging = asyncio.create_task(self._judge(self._model, self._sound.taken(), told, goes_on))

    def close(self) -> None:
        if self._judging is not None:
            self._judging.cancel()

    async def _judge(self, model: EndOfTurnModel, turn: Frame, told: Partial, goes_on: Callable[[], bool]) -> None:
        loop = asyncio.get_running_loop()
        try:
            unfinished = await loop.run_in_executor(self._executor, sounds_unfinished, model, turn)
        except Exception as error:  # a hint less: the words alone decide
            log.warning("turn_model_failed", kind=type(error).__name__)
            return
        if unfinished and goes_on():
            self._tell(told)
