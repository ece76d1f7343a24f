"""Decoders kept for the next utterance: each listens to one at a time, and building one costs more than a word."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Decoder = TypeVar("Decoder")


class DecoderPool(Generic[Key, Decoder]):
    """Idle decoders by what they were built for. Those idle longest are dropped beyond `capacity`."""

    def __init__(self, build: Callable[[Key], Decoder], capacity: int) -> None:
        if capacity < 0:
            raise ValueError(f"a pool keeps 0 or more decoders, not {capacity}")
        self._build = build
        self._capacity = capacity
        self._idle: deque[tuple[Key, Decoder]] = deque()
        self._lock = threading.Lock()

    def take(self, key: Key) -> Decoder:
        """An idle decoder for `key`, or a new one; it belongs to the caller until `give`."""
        with self._lock:
            for place in range(len(self._idle) - 1, -1, -1):
                if self._idle[place][0] == key:
                    decoder = self._idle[place][1]
                    del self._idle[place]
                    return decoder
        return self._build(key)

    def give(self, key: Key, decoder: Decoder) -> None:
        """Hand a decoder back, ready for another utterance."""
        with self._lock:
            self._idle.append((key, decoder))
            while len(self._idle) > self._capacity:
                self._idle.popleft()

    @property
    def idle(self) -> int:
        """How many decoders wait."""
        return len(self._idle)
