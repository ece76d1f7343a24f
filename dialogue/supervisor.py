"""Starts dialogue workers, watches them, starts them again, and gives each conversation a home.

async with DialogueWorkers(find_dialogue_python(), models, ["repayment_reminder"], 2, runtime) as workers:
    conversation = workers.conversation(Start(...))
    started = await conversation.start()
    reply = await conversation.turn("affirm")
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from dialogue.client import DialogueClient, DialogueUnavailable
from dialogue.conversation import TRIES, Conversation, Home
from dialogue.dialogue_python import find_dialogue_python
from dialogue.protocol import Health, Start
from dialogue.restarts import RestartPolicy, Restarts
from dialogue.worker_process import WorkerProcess

__all__ = ["Conversation", "DialogueWorkers", "find_dialogue_python"]

log = structlog.get_logger(__name__)

SOCKET_PATH_LIMIT = 100  # bytes; Linux takes 107


class RunningWorker:
    """A worker from ready to death: a home for conversations."""

    def __init__(self, process: WorkerProcess, timeout: float) -> None:
        self.process = process
        self.client = DialogueClient(process.address, timeout)
        self.alive = True
        self.conversations: set[str] = set()

    def took_in(self, conversation: str) -> None:
        self.conversations.add(conversation)

    def let_go(self, conversation: str) -> None:
        self.conversations.discard(conversation)

    async def health(self) -> Health | None:
        """None from a worker that does not answer: it dies, or hangs."""
        try:
            return await self.client.health()
        except DialogueUnavailable:
            return None


class DialogueWorkers:
    """`count` workers as child processes on Unix sockets in `runtime`.

    `timeout`: seconds for one request. `wait`: seconds a conversation waits for a living worker unless its caller
    says otherwise; with two workers or more it moves at once, with one it waits for the restart (5 to 10 s).
    """

    def __init__(
        self,
        python: Path,
        models: Path,
        scripts: Sequence[str],
        count: int,
        runtime: Path,
        *,
        timeout: float = 5.0,
        wait: float = 20.0,
        policy: RestartPolicy = RestartPolicy(),  # noqa: B008 (a frozen value)
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._python = python
        self._models = models
        self._scripts = tuple(scripts)
        self._count = count
        self._runtime = runtime
        self._timeout = timeout
        self._wait = wait
        self._policy = policy
        self._clock = clock
        self._running: dict[int, RunningWorker] = {}
        self._keepers: list[asyncio.Task[None]] = []
        self._changed = asyncio.Condition()
        self._temporary: tempfile.TemporaryDirectory[str] | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Return when all workers answer. Raises DialogueUnavailable with the reason if one cannot start."""
        self._runtime.mkdir(parents=True, exist_ok=True)
        begun = await asyncio.gather(*(self._launch(number) for number in range(self._count)), return_exceptions=True)
        for number, worker in enumerate(begun):
            if isinstance(worker, RunningWorker):
                self._running[number] = worker
        failed = next((one for one in begun if isinstance(one, BaseException)), None)
        if failed is not None:
            await self.stop()
            raise failed
        self._keepers = [asyncio.create_task(self._keep(number)) for number in range(self._count)]

    async def stop(self) -> None:
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        self._keepers = []
        await asyncio.gather(*(self._bury(worker) for worker in self._running.values()))
        self._running = {}
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None

    def conversation(self, start: Start, wait: float | None = None) -> Conversation:
        """A handle for a new conversation; nothing is sent before its start()."""
        return Conversation(self, start, self._wait if wait is None else wait, self._clock)

    def client_for(self, conversation: str) -> DialogueClient:
        """The client of the worker that holds the conversation. Raises DialogueUnavailable if none does."""
        for worker in self._running.values():
            if conversation in worker.conversations:
                return worker.client
        raise DialogueUnavailable("no dialogue worker holds this conversation")

    async def find(self, wait: float, failed: Sequence[Home] = ()) -> RunningWorker:
        """The living worker that failed least, of those the one with the fewest conversations.

        Waits up to `wait` seconds for one that is not in `failed` as often as a worker may be tried.
        """

        def found() -> list[RunningWorker]:
            return [worker for worker in self._running.values() if failed.count(worker) < TRIES]

        try:
            async with asyncio.timeout(wait), self._changed:
                await self._changed.wait_for(found)
                return min(found(), key=lambda worker: (failed.count(worker), len(worker.conversations)))
        except TimeoutError:
            raise DialogueUnavailable(f"no dialogue worker came up within {wait:g} s") from None

    async def health(self) -> tuple[Health, ...]:
        """What each worker says of itself that answers; fewer than there should be, where one dies or hangs."""
        asked = tuple(self._running.values())  # workers come and go while they answer
        told = await asyncio.gather(*(worker.health() for worker in asked))
        return tuple(health for health in told if health is not None)

    @property
    def pids(self) -> tuple[int, ...]:
        """Process ids of the living workers."""
        return tuple(worker.process.pid for worker in self._running.values())

    async def _launch(self, number: int) -> RunningWorker:
        socket, errors = self._files(number)
        process = await WorkerProcess.start(
            self._python, self._models, self._scripts, socket, errors, f"dialogue-{number}"
        )
        return RunningWorker(process, self._timeout)

    async def _keep(self, number: int) -> None:
        """Watch one worker; when it dies, start another in its place, again and again."""
        restarts, born = Restarts(), self._clock()
        while True:
            if worker := self._running.get(number):
                await worker.process.gone()
                del self._running[number]
                await self._bury(worker)
                log.warning("dialogue worker died", worker=number)
            restarts, pause = restarts.after_death(self._clock() - born, self._policy)
            await asyncio.sleep(pause)
            born = self._clock()
            try:
                worker = await self._launch(number)
            except (DialogueUnavailable, OSError) as error:
                log.error(
                    "dialogue worker does not start",
                    worker=number,
                    error=error,
                    remedy="read its .err in [folders] runtime",
                )
                continue
            async with self._changed:
                self._running[number] = worker
                self._changed.notify_all()

    async def _bury(self, worker: RunningWorker) -> None:
        worker.alive = False
        await worker.process.stop()
        await worker.client.close()

    def _files(self, number: int) -> tuple[Path, Path]:
        """The socket, unique to this process so that two can share a folder, and the file for error output."""
        name = f"dialogue-{os.getpid()}-{number}"
        socket = self._runtime / f"{name}.sock"
        if len(os.fsencode(socket)) > SOCKET_PATH_LIMIT:
            self._temporary = self._temporary or tempfile.TemporaryDirectory(prefix="voicebot-")
            socket = Path(self._temporary.name) / f"{name}.sock"
        return socket, self._runtime / f"dialogue-{number}.err"
