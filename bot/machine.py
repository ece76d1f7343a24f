"""What machine a figure was measured on, and what memory our processes take."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import psutil


def machine() -> str:
    """Processor, cores and memory this process may use, and the Python."""
    memory = psutil.virtual_memory().total / 2**30
    cores = len(os.sched_getaffinity(0))
    return f"{_processor()}, {cores} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def memory_of_processes() -> dict[str, float]:
    """Resident memory in MiB of this process and its children, by what they are."""
    own = psutil.Process()
    found = {"platform": own.memory_info().rss / 2**20}
    for child in own.children(recursive=True):
        found[_role(child)] = found.get(_role(child), 0.0) + child.memory_info().rss / 2**20
    return {name: round(mib) for name, mib in found.items()}


def _role(process: psutil.Process) -> str:
    words = " ".join(process.cmdline())
    if "dialogue" in words:
        return "dialogue worker"
    return "simulated switch" if "switchboard" in words else process.name()
