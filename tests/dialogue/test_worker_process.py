"""A worker that does not get as far as being ready leaves no process and no socket. The worker is a stand-in."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import psutil
import pytest

from dialogue.client import DialogueUnavailable
from dialogue.worker_process import WorkerProcess

pytestmark = pytest.mark.integration

BINDS = """
import os, signal, socket, sys, time
address = sys.argv[sys.argv.index("--listen") + 1].removeprefix("unix:")
socket.socket(socket.AF_UNIX).bind(address)
"""
DIES = "os.kill(os.getpid(), signal.SIGKILL)\n"
HANGS = """
with open(r"{fifo}", "w") as fifo:
    fifo.write(str(os.getpid()))
time.sleep(600)
"""


def stand_in(folder: Path, program: str) -> Path:
    """A program that can be started in the place of the dialogue environment's Python."""
    code, python = folder / "stand_in.py", folder / "python"
    code.write_text(BINDS + program)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{code}" "$@"\n')
    python.chmod(0o755)
    return python


async def start(folder: Path, program: str) -> WorkerProcess:
    python = stand_in(folder, program)
    return await WorkerProcess.start(python, folder, [], folder / "s", folder / "err", "dialogue-0")


async def test_one_that_dies_before_it_is_ready_leaves_no_socket(tmp_path: Path) -> None:
    with pytest.raises(DialogueUnavailable, match="ended before it was ready"):
        await start(tmp_path, DIES)
    assert not (tmp_path / "s").exists()


async def test_one_that_is_given_up_leaves_no_process_and_no_socket(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    starting = asyncio.create_task(start(tmp_path, HANGS.format(fifo=fifo)))
    pid = int(await asyncio.to_thread(fifo.read_text))
    assert (tmp_path / "s").exists()
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert not psutil.pid_exists(pid)
    assert not (tmp_path / "s").exists()
