"""A channel's playback: what is queued, what plays, and how `sendmsg`, `event-lock` and breaks act on it. No I/O.

Observed on a real switch: a message sent while something plays is run at once *inside* it (so a, b, c sent together
play as c, b, a), unless the one that plays was sent with `event-lock`; then it waits, and follows without a gap.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from speech.audio import Samples
from telephony_bridge.simulated.signals import Note
from telephony_bridge.simulated.sound import CHANNEL_RATE, TICK_SAMPLES

READ_AHEAD_SAMPLES = 16384
"""A file is read in blocks of 32 KiB; `playback_samples` and `playback_ms` count what was read, not what was played."""

PICK_UP_S = 0.010
"""A channel reads its messages once a tick. With this least age, 10-30 ms pass until one runs: 20 ms on average."""

_ROUNDING_S = 1e-6


@dataclass(frozen=True, slots=True)
class Playback:
    """One `sendmsg execute playback`. `samples` are at 8 kHz; None where the file cannot be played."""

    path: str
    event_uuid: str
    event_lock: bool
    samples: Samples | None
    received: float


@dataclass(slots=True)
class _Playing:
    playback: Playback
    samples: Samples
    played: int = 0

    @property
    def finished(self) -> bool:
        return self.played >= len(self.samples)

    def take(self) -> Samples:
        part = self.samples[self.played : self.played + TICK_SAMPLES]
        self.played += len(part)
        frame = np.zeros(TICK_SAMPLES, dtype=np.int16)
        frame[: len(part)] = part
        return frame


class PlaybackStack:
    """The message queue of one channel and the playbacks that run, innermost last."""

    def __init__(self) -> None:
        self._queue: deque[Playback] = deque()
        self._stack: list[_Playing] = []
        self._break = False

    @property
    def playing(self) -> bool:
        return bool(self._stack)

    def add(self, playback: Playback) -> None:
        self._queue.append(playback)

    def interrupt(self, flush: bool) -> None:
        """`uuid_break`; with `flush`, `uuid_break all`. Messages that are flushed leave no event behind."""
        if flush:
            self._queue.clear()
        self._break = bool(self._stack)

    def tick(self, now: float) -> tuple[list[Note], Samples]:
        """Advance by 20 ms: what happened, and what the customer hears in this tick."""
        notes: list[Note] = []
        if self._break:
            self._break = False
            notes += _stopped(self._stack.pop(), "break")
        else:
            while self._stack and self._stack[-1].finished:
                notes += _stopped(self._stack.pop(), "done")
            notes += self._start_due(now)
        if not self._stack:
            return notes, np.zeros(TICK_SAMPLES, dtype=np.int16)
        return notes, self._stack[-1].take()

    def end(self, status: str = "done") -> list[Note]:
        """Stop everything at once: at hang-up, where the switch calls even half a file `done`, or at a transfer."""
        self._queue.clear()
        self._break = False
        notes: list[Note] = []
        while self._stack:
            notes += _stopped(self._stack.pop(), status)
        return notes

    def _start_due(self, now: float) -> list[Note]:
        notes: list[Note] = []
        while self._queue and not (self._stack and self._stack[-1].playback.event_lock):
            if self._queue[0].received + PICK_UP_S > now + _ROUNDING_S:
                break
            playback = self._queue.popleft()
            notes.append(Note("CHANNEL_EXECUTE", _application(playback)))
            if playback.samples is None:
                notes.append(_completed(playback, "FILE NOT FOUND"))
                continue
            self._stack.append(_Playing(playback, playback.samples))
            notes.append(Note("PLAYBACK_START", {"Playback-File-Path": playback.path}))
        return notes


def _application(playback: Playback) -> dict[str, str]:
    return {
        "Application": "playback",
        "Application-Data": playback.path,
        "Application-UUID": playback.event_uuid,
    }


def _completed(playback: Playback, response: str) -> Note:
    return Note("CHANNEL_EXECUTE_COMPLETE", {**_application(playback), "Application-Response": response})


def _stopped(playing: _Playing, status: str) -> list[Note]:
    blocks = max(1, -(-playing.played // READ_AHEAD_SAMPLES))
    read = min(blocks * READ_AHEAD_SAMPLES, len(playing.samples))
    stop = {
        "Playback-File-Path": playing.playback.path,
        "Playback-Status": status,
        "variable_playback_last_offset_pos": str(playing.played),
        "variable_playback_ms": str(read * 1000 // CHANNEL_RATE),
        "variable_playback_samples": str(read),
        "variable_playback_seconds": str(read // CHANNEL_RATE),
    }
    return [Note("PLAYBACK_STOP", stop), _completed(playing.playback, "FILE PLAYED")]
