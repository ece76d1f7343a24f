"""Real workers started, killed, replaced: a conversation goes on where it was."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import psutil
import pytest

from dialogue.client import DialogueUnavailable
from dialogue.protocol import Say, Source, Start, WireEntity
from dialogue.supervisor import DialogueWorkers, find_dialogue_python
from tests.needs import DIALOGUE_PYTHON, ROOT
from tests.patience import PATIENCE_S

pytestmark = [pytest.mark.integration, pytest.mark.requires("rasa")]


def start(name: str) -> Start:
    slots = {"customer_name": "Zaphod", "due_date": "2030-05-10", "amount": 120.5, "last4": "0815"}
    return Start(conversation=name, script="errand", language="en", day=date(2030, 5, 1), slots=slots)


def sockets(folder: Path) -> list[Path]:
    return list(folder.glob("*.sock"))


DIGITS = (WireEntity(type="digits", value="0815"),)


@pytest.mark.parametrize("count", [1, 2])
async def test_a_killed_worker_is_replaced_and_the_conversation_goes_on(
    fixture_models: Path, tmp_path: Path, count: int
) -> None:
    async with DialogueWorkers(
        DIALOGUE_PYTHON, fixture_models, ["errand"], count, tmp_path, timeout=PATIENCE_S, wait=PATIENCE_S
    ) as workers:
        conversation = workers.conversation(start("c"))
        await conversation.start()
        await conversation.turn("silence", Source.EVENT)
        held_by = workers.client_for("c").address
        for pid in workers.pids if count == 1 else workers.pids[:1]:
            os.kill(pid, signal.SIGKILL)
        reply = await conversation.turn("inform", Source.KEYPAD, entities=DIGITS)
        assert reply.steps[0] == Say(prompt="utter_due", slots={"amount": 120.5, "due_date": "2030-05-10"})
        assert reply.slots["silence_count"] == 1.0
        assert count == 1 or workers.client_for("c").address != held_by
        await conversation.end()
        assert sum(health.conversations for health in await workers.health()) == 0
        with pytest.raises(DialogueUnavailable):
            workers.client_for("c")
    assert sockets(tmp_path) == []


async def test_conversations_are_shared_out_among_the_workers(fixture_models: Path, tmp_path: Path) -> None:
    deep = tmp_path / ("folder" * 20)  # a socket's path would be too long in it
    async with DialogueWorkers(DIALOGUE_PYTHON, fixture_models, [], 2, deep, timeout=PATIENCE_S) as workers:
        for name in "abcd":
            await workers.conversation(start(name)).start()
        assert [health.conversations for health in await workers.health()] == [2, 2]
        assert len({workers.client_for(name).address for name in "abcd"}) == 2
        os.kill(workers.pids[0], signal.SIGKILL)
        assert [health.conversations for health in await workers.health()] == [2]  # of the one that lives


async def test_a_worker_that_cannot_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(DialogueUnavailable, match="no script is built in"):
        await DialogueWorkers(DIALOGUE_PYTHON, tmp_path / "empty", [], 1, tmp_path / "run").start()
    with pytest.raises(DialogueUnavailable, match="the script errand is not built here"):
        await DialogueWorkers(DIALOGUE_PYTHON, tmp_path / "empty", ["errand"], 1, tmp_path / "run").start()


def test_workers_end_with_the_process_that_started_them(fixture_models: Path, tmp_path: Path) -> None:
    program = f"""
import asyncio, os, signal
from pathlib import Path
from dialogue.supervisor import DialogueWorkers
async def main():
    async with DialogueWorkers(Path({str(DIALOGUE_PYTHON)!r}), Path({str(fixture_models)!r}), ["errand"], 1,
                               Path({str(tmp_path)!r})) as workers:
        print(workers.pids[0], flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""
    killed = subprocess.run(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=ROOT, timeout=PATIENCE_S, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    pid = int(killed.stdout)
    with contextlib.suppress(psutil.NoSuchProcess):
        orphan = psutil.Process(pid)
        psutil.wait_procs([orphan], timeout=20)
        assert orphan.status() == psutil.STATUS_ZOMBIE  # ended; nobody has collected it yet


def test_a_missing_environment_is_told_with_its_remedy(tmp_path: Path) -> None:
    with pytest.raises(DialogueUnavailable, match=r"no Python at .*nowhere; correct `dialogue.python`"):
        find_dialogue_python(tmp_path / "nowhere")
    assert find_dialogue_python(DIALOGUE_PYTHON) == DIALOGUE_PYTHON
