"""The dialogue worker by itself: how long scripts take to build, a worker to start, a turn to be answered."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
import uuid
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psutil

from bot.call.latency import percentiles
from bot.settings import load_settings
from dialogue.building import BuildProgress, build_scripts
from dialogue.conversation import Conversation
from dialogue.protocol import HangUp, SlotValue, Source, Start, WireEntity
from dialogue.supervisor import DialogueWorkers, find_dialogue_python

SCRIPT = "repayment_reminder"
TRAINED = (SCRIPT, "satisfaction_survey")
CONVERSATIONS = 20
AT_ONCE = 10
DAY = date(2030, 5, 1)
CONTACT: dict[str, SlotValue] = {
    "bank_name": "Harbour Bank",
    "customer_name": "Anna Lee",
    "last4": "4217",
    "amount": "1250.00 USD",
    "due_date": "2030-05-10",
}
DIGITS = WireEntity(type="digits", value="4217")
FRIDAY = WireEntity(type="date", value=str(DAY + timedelta(days=2)))
TURNS: tuple[tuple[str, tuple[WireEntity, ...]], ...] = (
    ("affirm", ()),
    ("silence", ()),
    ("inform", (DIGITS,)),
    ("repeat", ()),
    ("ask_due_date", ()),
    ("promise_to_pay", (FRIDAY,)),
    ("affirm", ()),
    ("ask_how_to_pay", ()),
    ("goodbye", ()),
)


def run() -> dict[str, Any]:
    """About 20 s: two scripts are trained afresh, then one worker holds the conversations."""
    settings = load_settings()
    python = find_dialogue_python(settings.dialogue.python)
    built: list[BuildProgress] = []
    with tempfile.TemporaryDirectory() as temporary:
        models = Path(temporary) / "models"
        began = time.perf_counter()
        build_scripts(python, settings.folders.scripts, models, built.append, TRAINED)
        found: dict[str, Any] = {
            "build_s": {one.script: one.seconds for one in built if one.seconds is not None},
            "build_command_s": round(time.perf_counter() - began, 2),
        }
        began = time.perf_counter()
        build_scripts(python, settings.folders.scripts, models, built.append, TRAINED)
        found["build_unchanged_s"] = round(time.perf_counter() - began, 2)
        return {**found, **asyncio.run(_converse(python, models, Path(temporary)))}


async def _converse(python: Path, models: Path, runtime: Path) -> dict[str, Any]:
    began = time.perf_counter()
    async with DialogueWorkers(python, models, (), 1, runtime, timeout=60.0) as workers:
        found: dict[str, Any] = {"worker_start_s": round(time.perf_counter() - began, 2)}
        process = psutil.Process(workers.pids[0])
        cpu, alone = _cpu_s(process), []
        for _ in range(CONVERSATIONS):
            alone += await _talk(workers.conversation(_start()))
        found["cpu_ms_per_turn"] = round((_cpu_s(process) - cpu) * 1000 / len(alone), 1)
        found["turns"] = len(alone)
        found["turn_ms"] = percentiles(alone)
        crowd = await asyncio.gather(*(_talk(workers.conversation(_start())) for _ in range(AT_ONCE)))
        found[f"turn_ms_with_{AT_ONCE}_asking_without_pause"] = percentiles(ms for one in crowd for ms in one)
        found["memory_mib"] = round(process.memory_info().rss / 2**20)
    return found


def _cpu_s(process: psutil.Process) -> float:
    used = process.cpu_times()
    return float(used.user + used.system)


def _start() -> Start:
    return Start(conversation=str(uuid.uuid4()), script=SCRIPT, language="en", day=DAY, slots=CONTACT)


async def _talk(conversation: Conversation) -> list[float]:
    """One conversation to its end; the milliseconds of each answer, the opening included."""
    began = time.perf_counter()
    await conversation.start()
    taken = [(time.perf_counter() - began) * 1000]
    for intent, entities in TURNS:
        began = time.perf_counter()
        source = Source.EVENT if intent == "silence" else Source.SPEECH
        reply = await conversation.turn(intent, source, entities=entities)
        taken.append((time.perf_counter() - began) * 1000)
        if any(isinstance(step, HangUp) for step in reply.steps):
            break
    await conversation.end()
    return taken


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
