"""The port for a simulated customer, and three that need no engine: silent, echoing, and playing recordings.

A customer is asked once for each 20 ms of an answered call. One that recognises or synthesises speech declares
`blocking = True`: it then runs in a thread of its own, and the line goes on without it. While it is late the line
carries silence; when it catches up, silence it has piled up is left out, so that it does not stay late.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from speech.audio import TELEPHONE, Frame, Samples, silence
from telephony_bridge.simulated.sound import CHANNEL_RATE, TICK_MS, TICK_SAMPLES, load_sound

LOUD = 300
"""Peak of a frame, of 32767, from which it counts as sound (-41 dBFS; room noise of a telephone stays below)."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a customer does in one tick.

    `audio` is exactly 20 ms of L16 at 8 kHz; `digits` are the keys pressed in it; with `hang_up` the call ends
    after this tick, whose audio is still heard.
    """

    audio: Frame
    digits: str = ""
    hang_up: bool = False


class Customer(Protocol):
    """One person on one answered line."""

    @property
    def blocking(self) -> bool:
        """False promises that `hear_and_speak` returns within a millisecond or so."""
        ...

    def hear_and_speak(self, heard: Frame) -> Said:
        """Take 20 ms of what the line plays (L16, 8 kHz; silence when nothing plays), give 20 ms back.

        `heard.position` counts samples from the answer. Never called twice at a time.
        """
        ...


CustomerFactory = Callable[[str, Mapping[str, str]], Customer]
"""Makes the customer of a number that will answer, from the number dialled and the channel's variables.

Called in a thread while it rings, so it may load what it needs; the call is not answered before it returns.
"""


class SilentCustomer:
    """Answers and says nothing; hangs up after `hang_up_after_ms`, if given."""

    blocking = False

    def __init__(self, hang_up_after_ms: float | None = None) -> None:
        self._hang_up_after_ms = hang_up_after_ms

    def hear_and_speak(self, heard: Frame) -> Said:
        patience = self._hang_up_after_ms
        over = patience is not None and TELEPHONE.ms_for(heard.end) >= patience
        return Said(silence(TELEPHONE, TICK_MS, heard.position), hang_up=over)


class EchoCustomer:
    """Says back what it hears, in the same tick."""

    blocking = False

    def hear_and_speak(self, heard: Frame) -> Said:
        return Said(heard)


class ScriptedAudio:
    """Plays its recordings one at a time, each when the other side has spoken and then been quiet for `quiet_ms`.

    Recordings are WAV files of any rate. After the last one it waits for the same again and hangs up, unless told
    to stay. What it hears while it speaks counts as the other side speaking.
    """

    blocking = False

    def __init__(self, recordings: Sequence[Path], quiet_ms: float = 700, hang_up_at_end: bool = True) -> None:
        self._recordings = [load_sound(path) for path in recordings]
        self._quiet_ticks = max(1, round(quiet_ms / TICK_MS))
        self._hang_up_at_end = hang_up_at_end
        self._speaking: Samples | None = None
        self._spoken = 0
        self._heard_speech = False
        self._quiet = 0

    def hear_and_speak(self, heard: Frame) -> Said:
        self._listen(heard)
        if self._speaking is None and self._my_turn():
            if not self._recordings:
                return Said(silence(TELEPHONE, TICK_MS, heard.position), hang_up=self._hang_up_at_end)
            self._speaking, self._spoken = self._recordings.pop(0), 0
            self._heard_speech = False
        return Said(self._next(heard.position))

    def _listen(self, heard: Frame) -> None:
        if is_loud(heard):
            self._heard_speech, self._quiet = True, 0
        else:
            self._quiet += 1

    def _my_turn(self) -> bool:
        return self._heard_speech and self._quiet >= self._quiet_ticks

    def _next(self, position: int) -> Frame:
        if self._speaking is None:
            return silence(TELEPHONE, TICK_MS, position)
        part = self._speaking[self._spoken : self._spoken + TICK_SAMPLES]
        self._spoken += TICK_SAMPLES
        if self._spoken >= len(self._speaking):
            self._speaking = None
        padded = np.zeros(TICK_SAMPLES, dtype=np.int16)
        padded[: len(part)] = part
        return Frame.of(padded, CHANNEL_RATE, position)


def is_loud(frame: Frame) -> bool:
    """Whether the frame carries sound and not just the line's noise."""
    return bool(np.abs(frame.samples().astype(np.int32)).max(initial=0) >= LOUD)
