"""What a parked channel does with `call-command: unicast`, without I/O: as `switch_ivr_park` has it in its source.

The command is a message to the channel, which its loop takes up in its own time; only then is the port opened, and
nobody is told whether it could be. The next turn of the loop starts the thread that takes packets, and from then on
each turn sends one. Ending it waits for that thread: where it was never started, the whole switch dies of that.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class UnicastRequest:
    """`local` is the switch's own end."""

    local: Address
    remote: Address

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> UnicastRequest:
        """With what the switch takes where a header is missing; a port that is no number is 0."""
        return cls(
            (headers.get("local-ip") or "127.0.0.1", _port(headers.get("local-port") or "8025")),
            (headers.get("remote-ip") or "127.0.0.1", _port(headers.get("remote-port") or "8026")),
        )


class SwitchDown(Exception):
    """The switch waits for a thread that it never started."""


class Unicast:
    """One channel. `turn` is one turn of the loop that has it parked."""

    def __init__(self) -> None:
        self._asked: deque[UnicastRequest] = deque()
        self._on = False  # the channel's flag
        self._opened = False  # there is a connection, whose thread is not started yet
        self._served = False  # this parking has started a thread: it starts no other
        self._open = False  # and the connection of that thread is open

    def ask(self, request: UnicastRequest) -> None:
        self._asked.append(request)

    @property
    def sends(self) -> bool:
        return self._on and self._open

    def turn(self) -> UnicastRequest | None:
        """What is to be opened now; then say `opened`, unless it cannot be had. Raises `SwitchDown`."""
        if self._on and self._served and not self._open:  # it sends on what was closed, fails, and ends the new one
            self._clear()
            raise SwitchDown
        if self._on and not self._served:
            self._served = self._open = True
            self._opened = False
        return self._asked.popleft() if self._asked else None

    def opened(self) -> None:
        self._on = self._opened = True

    def end(self) -> bool:
        """As at the end of a file that was played, or where a packet cannot be sent. False where nothing was on.

        Raises `SwitchDown`.
        """
        if not self._on:
            return False
        never_started = self._opened
        self._clear()
        if never_started:
            raise SwitchDown
        return True

    def leave(self) -> bool:
        """The channel is parked no longer, and may be parked anew. Raises `SwitchDown`."""
        self._asked.clear()
        try:
            return self.end()
        finally:
            self._served = False

    def _clear(self) -> None:
        self._on = self._opened = self._open = False


def _port(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
