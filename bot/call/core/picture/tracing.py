"""Which files of the core decide a step: watched while the step is done."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

from bot.call.core import step as core
from bot.call.core.events import Event
from bot.call.core.state import CallState, Move, Timing

_STEP = core.__name__
_PACKAGE = _STEP.rpartition(".")[0]
_WORKS = {Move.set.__code__, Move.do.__code__, Move.arm.__code__}


def deciders(state: CallState, event: Event, now: float, timing: Timing) -> tuple[str, ...]:
    """The file that `step` asked, and the one that settled the phase where it is another, without `.py`.

    Where no phase is set, the file that gave the last command, or else made the last change, stands for it; where
    nothing comes of it, the file that was asked last.
    """
    phase: list[str] = []
    command: list[str] = []
    change: list[str] = []
    asked: list[str] = []

    def watch(frame: FrameType, what: str, _: Any) -> None:
        if what != "call":
            return
        if frame.f_code not in _WORKS:
            asked[:] = _files(frame, own=True) or asked
            return
        files = _files(frame)
        if not files:
            return
        (change if frame.f_code is Move.set.__code__ else command)[:] = files
        if "phase" in frame.f_locals.get("changes", ()):
            phase[:] = files

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        core.step(state, event, now, timing)
    finally:
        sys.setprofile(before)
    files = phase or command or change or asked or [_STEP]
    ends = dict.fromkeys((files[0], files[-1]))
    return tuple(name.rpartition(".")[2] for name in ends)


def _files(frame: FrameType, *, own: bool = False) -> list[str]:
    """Modules of the core from the one that `step` called to the one that made the move, or (`own`) that runs."""
    names: list[str] = []
    caller = frame if own else frame.f_back
    while caller is not None:
        name = str(caller.f_globals.get("__name__", ""))
        if name == _STEP or not name.startswith(_PACKAGE):
            break
        if name != Move.__module__:
            names.append(name)
        caller = caller.f_back
    return names[::-1]
