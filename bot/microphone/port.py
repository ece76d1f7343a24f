"""The port for a computer's sound: one microphone, one loudspeaker, both as a telephone has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

Heard = Callable[[bytes], object]
"""Takes what the microphone heard: L16, 8 kHz, one channel, in pieces of any length."""

Wanted = Callable[[int], bytes]
"""Gives the next so many samples for the loudspeaker, in the same format; always as many as are asked for."""

Gone = Callable[[str], object]
"""Is told, in a sentence, that the device plays and hears no more."""


class SoundDevice(Protocol):
    def open(self, heard: Heard, wanted: Wanted, gone: Gone) -> None:
        """Begin to hear and to play. All three are called from threads of the device.

        Raises `NotReady` where the device cannot be used, with the remedy.
        """
        ...

    def close(self) -> None:
        """Nothing is called any more once this returns."""
        ...
