"""Probes of the machine: Python, processors, memory, disk."""

from __future__ import annotations

import os
import platform
import shutil
from pathlib import Path

import psutil

from bot.doctor.report import Finding, Status

AREA = "machine"

# A dialogue worker holds 0.5 GB, training it and the models of speech and meaning somewhat more.
MEMORY_GB = 2.0
# Room for trained models, rendered prompts and the tapes of some hundred calls.
DISK_GB = 1.0


def python() -> Finding:
    return Finding(AREA, "Python", Status.OK, platform.python_version())


def processors() -> Finding:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Finding(AREA, "processors", Status.OK, f"{usable} cores")


def memory(available_gb: float | None = None) -> Finding:
    free = psutil.virtual_memory().available / 1e9 if available_gb is None else available_gb
    if free < MEMORY_GB:
        return Finding(
            AREA, "memory", Status.MISSING, f"{free:.1f} GB free", f"one call needs {MEMORY_GB:.0f} GB: close something"
        )
    return Finding(AREA, "memory", Status.OK, f"{free:.1f} GB free")


def disk(folder: Path, free_gb: float | None = None) -> Finding:
    free = shutil.disk_usage(_existing(folder)).free / 1e9 if free_gb is None else free_gb
    if free < DISK_GB:
        return Finding(
            AREA, "disk", Status.MISSING, f"{free:.1f} GB free at {folder}", f"{DISK_GB:.0f} GB are needed: make room"
        )
    return Finding(AREA, "disk", Status.OK, f"{free:.0f} GB free at {folder}")


def _existing(folder: Path) -> Path:
    return next(place for place in (folder, *folder.parents) if place.exists())
