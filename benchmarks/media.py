"""The audio of calls without what understands it: what the media server, the playout and the ears bear and cost.

A media server in a process and on a core of its own holds the calls; their other ends are on another core. On a machine
with one core the figures are those of both together.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from benchmarks.streams.cores import Others
from benchmarks.streams.crowd import STEPS, hold, hold_side_by_side, step_up
from benchmarks.streams.listening import cpu_percent
from benchmarks.streams.load import Borne, Load
from benchmarks.streams.pacing import off_schedule_ms
from bot.call.latency import percentiles
from bot.progress import step

CALLS_AIM = 500
JITTER_AIM_MS = 5.0
MEMORY_AIM_MB = 1.0
LISTENING_AIM_PERCENT = 0.15

RECEIVED = Load(calls=300, seconds=5.0, two_way=False)
LISTENED = Load(calls=100, seconds=5.0, ears=True)

FREE_PERCENT = 5.0
"""The system itself takes so much of a core now and then. Beyond it, the core was not the server's alone."""

PROCESSES = 2
SIDE_BY_SIDE = Load(calls=CALLS_AIM, seconds=10.0)
"""In each of the processes."""

BESIDES = 4
"""Measurements before the steps."""


def run() -> dict[str, Any]:
    """About two minutes; the more calls are borne, the longer."""
    with step("media", BESIDES + len(STEPS)) as progress:
        others = Others()
        jitter = percentiles(off_schedule_ms()) or {}
        others_percent = others.percent()
        progress.reach(1)
        listening = cpu_percent()
        progress.reach(2)
        received = hold(RECEIVED)
        progress.reach(3)
        listened = hold(LISTENED)
        progress.reach(BESIDES)
        steps = step_up(lambda done: progress.reach(BESIDES + done))
        progress.reach(BESIDES + len(STEPS))
        side_by_side = in_processes()
    borne = [one for one in steps if one.whole]
    memory = listened.memory_bytes / 1e6 / LISTENED.calls
    return {
        **crowd(steps),
        "calls_in_two_processes": side_by_side,
        "frames_per_second_per_core": {
            "received": received.frames_per_core_second,
            **({"both_ways": borne[-1].frames_per_core_second} if borne else {}),
        },
        "playout_off_schedule_ms": jitter | _aim(f"p99 below {JITTER_AIM_MS:g}", jitter["p99"] < JITTER_AIM_MS),
        "other_programs_while_it_played_percent": others_percent,
        "listening_percent_of_a_core": _listening(listening),
        "memory_of_a_call_mb": {"found": round(memory, 2)} | _aim(f"below {MEMORY_AIM_MB:g}", memory < MEMORY_AIM_MB),
    }


def in_processes() -> dict[str, Any]:
    """More calls than one core bears, in processes side by side; their callers need as many cores again."""
    cores = len(os.sched_getaffinity(0))
    if cores < 2 * PROCESSES:
        return {"not measured": f"takes {2 * PROCESSES} cores, half of them for the callers; here are {cores}"}
    borne = hold_side_by_side(SIDE_BY_SIDE, PROCESSES)
    found = sum(one.load.calls for one in borne if one.whole)
    aim = PROCESSES * CALLS_AIM
    return {
        "found": {"found": found} | _aim(f"at least {aim}", found >= aim),
        **{f"process {number}": _step(one) for number, one in enumerate(borne, 1)},
    }


def crowd(steps: Sequence[Borne]) -> dict[str, Any]:
    """How far it went, and how it was at each step: delays of frames, and CPU."""
    most = max((one.load.calls for one in steps if one.whole), default=0)
    return {
        "calls_at_once_on_a_core": {"found": most} | _aim(f"at least {CALLS_AIM}", most >= CALLS_AIM),
        "breaks_at": next((_fault(one) for one in steps if not one.whole), "not within these steps"),
        "steps": {f"{one.load.calls}_calls": _step(one) for one in steps},
    }


def _fault(one: Borne) -> str:
    faults = (("from customers", one.from_customers), ("to customers", one.to_customers))
    said = [f"{name}: {verdict.fault}" for name, verdict in faults if verdict.fault]
    if one.others_percent > FREE_PERCENT:
        said.append(f"other programs took {one.others_percent:.0f} % of the core")
    return "; ".join([f"{one.load.calls} calls", *said])


def _step(one: Borne) -> dict[str, Any]:
    return {
        "core_percent": round(one.cpu_percent, 1),
        "core_percent_of_others": one.others_percent,
        "from_customers_ms": one.from_customers.delay_ms,
        "to_customers_ms": one.to_customers.delay_ms,
        "callers_late_ms": one.callers_late_ms,
    }


def _listening(percent: dict[str, float]) -> dict[str, Any]:
    """The aim is for a customer who listens, as most do most of the time."""
    (quiet, found), *others = percent.items()
    aim = _aim(f"at most {LISTENING_AIM_PERCENT:g}", found <= LISTENING_AIM_PERCENT)
    return {quiet: {"found": found} | aim, **dict(others)}


def _aim(aim: str, met: bool) -> dict[str, Any]:
    return {"aim": aim, "met": met}
