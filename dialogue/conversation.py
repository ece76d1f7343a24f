"""One conversation as the platform holds it. It outlives the worker that plays it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from dialogue.client import DialogueClient, DialogueError, DialogueUnavailable
from dialogue.protocol import ProblemCode, Replied, Reply, Source, Start, Started, Turn, WireEntity

TRIES = 2
"""How often one living worker is asked before it is given up: one answer may be late, and there may be no other."""


class Home(Protocol):
    """A worker while it lives; after its death a new one is another home, whatever its address."""

    @property
    def client(self) -> DialogueClient: ...

    @property
    def alive(self) -> bool: ...

    def took_in(self, conversation: str) -> None: ...

    def let_go(self, conversation: str) -> None: ...


class Homes(Protocol):
    async def find(self, wait: float, failed: Sequence[Home]) -> Home:
        """The living worker that is least often in `failed`, none that is there `TRIES` times.

        Waits up to `wait` seconds for one to be started; then raises DialogueUnavailable.
        """
        ...


class Conversation:
    """start(), then turn() by turn() in order, then end(); never two at a time.

    When the worker dies, or forgets the conversation, it is made anew on a living one: everything said so far is
    replayed, and must get the answers that were given before. `wait` is how long, in seconds, a call may wait for
    a living worker. A call that raised DialogueUnavailable may be tried again.
    """

    def __init__(self, homes: Homes, start: Start, wait: float, clock: Callable[[], float]) -> None:
        self._homes = homes
        self._clock = clock
        self._start = start
        self._wait = wait
        self._home: Home | None = None
        self._started: Started | None = None
        self._played: list[tuple[Turn, Replied]] = []

    @property
    def id(self) -> str:
        return self._start.conversation

    async def start(self, wait: float | None = None) -> Started:
        """Raises DialogueError or DialogueUnavailable."""
        if self._started is None:
            await self._settle(self._clock() + (self._wait if wait is None else wait), [])
        assert self._started is not None
        return self._started

    async def turn(
        self,
        intent: str,
        source: Source = Source.SPEECH,
        sentiment: str = "neutral",
        entities: Sequence[WireEntity] = (),
        wait: float | None = None,
    ) -> Reply:
        """What the bot does now. Raises DialogueError (the conversation stays as it was) or DialogueUnavailable."""
        if self._started is None:
            raise ValueError("a conversation is started before its first turn")
        number = len(self._played) + 1
        turn = Turn(turn=number, source=source, intent=intent, sentiment=sentiment, entities=tuple(entities))
        replied = await self._ask(turn, self._wait if wait is None else wait)
        self._played.append((turn, replied))
        return replied.reply

    async def end(self) -> None:
        """Let the worker forget the conversation; never raises for a worker that is gone."""
        home, self._home = self._home, None
        if home is None:
            return
        home.let_go(self.id)
        if home.alive:
            try:
                await home.client.end(self.id)
            except DialogueUnavailable:
                return

    async def _ask(self, turn: Turn, wait: float) -> Replied:
        """Play the turn at home; where that fails, move and play it there, as long as `wait` allows."""
        deadline = self._clock() + wait
        failed: list[Home] = []
        while True:
            home = self._home if self._home is not None and self._home.alive else None
            home = home or await self._settle(deadline, failed)
            try:
                return await home.client.turn(self.id, turn)
            except DialogueUnavailable:
                failed.append(home)
                self._leave()
            except DialogueError as error:
                if error.code is not ProblemCode.UNKNOWN_CONVERSATION or home in failed:
                    raise
                failed.append(home)
                self._leave()
            except BaseException:  # cancelled: whether the worker has played the turn is not known
                self._leave()
                raise

    async def _settle(self, deadline: float, failed: list[Home]) -> Home:
        """Begin on a living worker and replay what has been said; on the next one if it dies meanwhile."""
        self._leave()
        while True:
            home = await self._homes.find(max(0.0, deadline - self._clock()), failed)
            try:
                await self._replay(home)
            except DialogueUnavailable:
                failed.append(home)
                continue
            self._home = home
            home.took_in(self.id)
            return home

    async def _replay(self, home: Home) -> None:
        before = self._started
        if before is not None:
            await home.client.end(self.id)  # what a broken-off attempt may have left there
        started = await home.client.start(self._start)
        if before is not None and started.reply != before.reply:
            raise DialogueError(ProblemCode.INTERNAL, "the replayed conversation opened in another way")
        for turn, replied in self._played:
            if (await home.client.turn(self.id, turn)).reply != replied.reply:
                raise DialogueError(ProblemCode.INTERNAL, f"the replayed conversation left its way at turn {turn.turn}")
        self._started = started
        self._start = self._start.model_copy(update={"version": started.version})

    def _leave(self) -> None:
        if self._home is not None:
            self._home.let_go(self.id)
            self._home = None
