"""One dialogue worker as a child process: start it, know when it is ready, know when it is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from dialogue.client import DialogueUnavailable
from dialogue.dialogue_python import worker_command

READY_WITHIN = 60.0  # seconds; importing Rasa takes 4 to 7 on a busy machine
STOP_WITHIN = 5.0  # seconds
TOLD_LINES = 3  # of a worker's last words in an error


class WorkerProcess:
    """A running worker. It ends with this process: its standard input is our pipe."""

    def __init__(self, process: asyncio.subprocess.Process, socket: Path) -> None:
        self._process = process
        self._socket = socket
        self.address = f"unix:{socket}"

    @property
    def pid(self) -> int:
        return self._process.pid

    @classmethod
    async def start(
        cls, python: Path, models: Path, scripts: Sequence[str], socket: Path, errors: Path, name: str
    ) -> WorkerProcess:
        """Returns when the worker answers; `errors` receives what it prints as errors. Raises DialogueUnavailable."""
        command = worker_command(
            python,
            *("serve", "--models", str(models), "--scripts", ",".join(scripts)),
            *("--listen", f"unix:{socket}", "--name", name, "--stop-with-stdin"),
        )
        with errors.open("wb") as error_file:
            process = await asyncio.create_subprocess_exec(
                *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=error_file
            )
        worker = cls(process, socket)
        try:
            async with asyncio.timeout(READY_WITHIN):
                await worker._ready(errors)
        except BaseException as error:
            await worker.stop()
            if isinstance(error, TimeoutError):
                raise DialogueUnavailable(f"the dialogue worker was not ready within {READY_WITHIN:.0f} s") from None
            raise
        return worker

    async def _ready(self, errors: Path) -> None:
        assert self._process.stdout is not None
        if not await self._process.stdout.readline():
            await self._process.wait()
            raise DialogueUnavailable(_last_words(errors))

    async def gone(self) -> None:
        """Return when the worker has ended, however it ended."""
        await self._process.wait()

    async def stop(self) -> None:
        """End it, also if it is gone already, and remove the socket that a killed worker leaves."""
        try:
            if self._process.returncode is None:
                self._process.terminate()
            async with asyncio.timeout(STOP_WITHIN):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        finally:
            self._socket.unlink(missing_ok=True)


def _last_words(errors: Path) -> str:
    lines = errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-TOLD_LINES:]
    return "\n".join(lines) or f"the dialogue worker ended before it was ready ({errors} is empty)"
