"""A recogniser in processes of its own, for an engine that keeps the interpreter to itself while it decodes.

In the caller's process such an engine holds up everything for as long as it decodes: up to half a second in which no
other call is heard or spoken to. Here the caller's threads wait at a pipe instead. A stream stays in the process it was
opened in, which works off its streams' requests one after another. A process that ends or hangs is replaced: its
streams are lost, others are not.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import structlog

from speech.asr.port import Hints, Recogniser, RecognitionError, Transcript
from speech.asr.serving import Call, Described, Request, WarmUp
from speech.audio import AudioFormat, Frame

log = structlog.get_logger(__name__)

LOAD_WITHIN_S = 30.0
ANSWER_WITHIN_S = 10.0
"""Longer than an engine takes to decode a minute of speech: one that is silent for so long hangs."""

BUSY_S = 1.0
"""A request that has taken so long keeps new utterances away from the process, whatever the reason."""

END_WITHIN_S = 5.0

ROOT = Path(__file__).parents[2]
"""Where the processes import `speech` from, as this one does."""


class ProcessEnded(RecognitionError):
    """The process that held the stream has ended, or hung; there is another one in its place."""


class RecogniserProcesses:
    """The port `Recogniser`. `load` makes the engine in each process, so it must be importable by name."""

    def __init__(self, load: Callable[[], Recogniser], processes: int) -> None:
        """Takes as long as one engine takes to load. Raises what `load` raises."""
        if processes < 1:
            raise ValueError(f"a recogniser needs at least one process, not {processes}")
        self._load = load
        self._lock = threading.Lock()
        self._known: dict[Hints, None] = {}
        self._members = [_Process(load) for _ in range(processes)]
        self._threads = ThreadPoolExecutor(processes, "recogniser-warm-up")
        try:
            self._described, *_ = [member.get_ready() for member in self._members]
        except BaseException:
            self.close()
            raise

    @property
    def name(self) -> str:
        return self._described.name

    @property
    def version(self) -> str:
        return self._described.version

    @property
    def languages(self) -> tuple[str, ...]:
        return self._described.languages

    @property
    def format(self) -> AudioFormat:
        return self._described.format

    def open(self, hints: Hints) -> _Stream:
        """In the process with the fewest streams. All take up hints that are new, which takes a moment."""
        if hints not in self._known:
            able = [member for member in self._members if not member.is_held_up]
            list(self._threads.map(lambda member: member.take_up(hints), able))
            with self._lock:
                self._known[hints] = None
        try:
            return _Stream(self._least_busy(), self.format, hints)
        except ProcessEnded:
            return _Stream(self._least_busy(), self.format, hints)

    def close(self) -> None:
        """End the processes; utterances in them are lost."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for member in self._members:
            member.end()

    def _least_busy(self) -> _Process:
        """Of those that are ready, if any is; in place of each that has ended there is a new one."""
        with self._lock:
            for place, member in enumerate(self._members):
                if member.has_ended:
                    log.error("recogniser.process_ended", exit_code=member.exit_code)
                    member.end()
                    self._members[place] = fresh = _Process(self._load)
                    self._threads.submit(fresh.get_ready, tuple(self._known))
            return min(self._members, key=lambda one: (not one.ready, one.is_held_up, len(one.streams)))


class _Process:
    """One process with the engine: a request at a time, each answered. Threads take turns."""

    def __init__(self, load: Callable[[], Recogniser]) -> None:
        self.streams: set[int] = set()
        """The numbers of what is open."""
        self.ready = False
        """Whether the engine is loaded, and has what was needed so far."""
        self._described: Described | None = None
        self._since: float | None = None
        self._numbers = count()
        self._lost: deque[int] = deque()
        self._turn = threading.Lock()
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", "from speech.asr.serving import main; main()", str(theirs.fileno())],
                env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])},
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        self._connection = Connection(ours.detach())
        self._connection.send(load)

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    @property
    def exit_code(self) -> int | None:
        return self._process.returncode

    @property
    def is_held_up(self) -> bool:
        since = self._since
        return since is not None and time.monotonic() - since > BUSY_S

    def get_ready(self, known: Sequence[Hints] = ()) -> Described:
        """Wait until the engine is loaded and has what it needs for these hints."""
        with self._turn:
            described = self._loaded()
        for hints in known:
            self.take_up(hints)
        self.ready = True
        return described

    def open(self, hints: Hints) -> int:
        number = next(self._numbers)
        self.streams.add(number)
        try:
            self.ask(Request(Call.OPEN, number, hints))
        except BaseException:
            self.streams.discard(number)
            raise
        return number

    def take_up(self, hints: Hints) -> None:
        """Have what the engine needs for these hints built. A process that has ended is left to who needs it."""
        with suppress(ProcessEnded):
            self.ask(WarmUp(hints))

    def ask(self, request: Request | WarmUp) -> Any:
        """Raises what the engine raised, or `ProcessEnded`."""
        with self._turn:
            self._loaded()
            while self._lost:
                self._exchange(Request(Call.CLOSE, self._lost.popleft()))
            return self._exchange(request)

    def lose(self, number: int) -> None:
        """Nobody has the stream any more: it is closed with the next request. May be called from a garbage collector,
        in a thread that is in the middle of a request."""
        self._lost.append(number)
        self.streams.discard(number)

    def end(self) -> None:
        """Lets what is under way come to its end, unless that takes too long."""
        in_turn = self._turn.acquire(timeout=END_WITHIN_S)
        if not in_turn:
            self._process.kill()
        self._connection.close()
        try:
            self._process.wait(END_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if in_turn:
            self._turn.release()

    def _loaded(self) -> Described:
        if self._described is None:
            self._described = self._answer(LOAD_WITHIN_S)
        assert self._described is not None
        return self._described

    def _exchange(self, request: Request | WarmUp) -> Any:
        self._since = time.monotonic()
        try:
            self._connection.send(request)
            return self._answer(ANSWER_WITHIN_S)
        except OSError as error:
            raise self._gone() from error
        finally:
            self._since = None

    def _answer(self, within_s: float) -> Any:
        try:
            if not self._connection.poll(within_s):
                self._process.kill()
            answer = self._connection.recv()
        except (EOFError, OSError) as error:
            raise self._gone() from error
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _gone(self) -> ProcessEnded:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(END_WITHIN_S)
        return ProcessEnded(f"the recogniser's process has ended (exit code {self._process.returncode})")


class _Stream:
    """The port `RecognitionStream`, in another process."""

    def __init__(self, process: _Process, takes: AudioFormat, hints: Hints) -> None:
        self._process = process
        self._takes = takes
        self._number = process.open(hints)
        self._open = weakref.finalize(self, process.lose, self._number)

    def accept(self, frame: Frame) -> Transcript | None:
        self._takes.require(frame.format, "the recogniser")
        return self._ask(Call.ACCEPT, frame)  # type: ignore[no-any-return]

    def preview(self) -> Transcript | None:
        return self._ask(Call.PREVIEW)  # type: ignore[no-any-return]

    def finalise(self) -> Transcript:
        try:
            return self._ask(Call.FINALISE)  # type: ignore[no-any-return]
        finally:
            if self._open.detach() is not None:
                self._process.streams.discard(self._number)

    def close(self) -> None:
        """At once, for it is called where nothing may be waited for: the process is told with the next request."""
        if self._open.detach() is not None:
            self._process.lose(self._number)

    def _ask(self, call: Call, frame: Frame | None = None) -> Any:
        return self._process.ask(Request(call, self._number, frame))
