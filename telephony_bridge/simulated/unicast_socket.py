"""The shell of a channel's unicast: its UDP socket, and what comes in on it for the customer."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable

import numpy as np
import structlog

from speech.audio import Samples
from telephony_bridge.simulated.media_socket import STALL_S
from telephony_bridge.simulated.sound import CHANNEL_RATE, TICK_SAMPLES
from telephony_bridge.simulated.unicast import SwitchDown, Unicast, UnicastRequest

log = structlog.get_logger(__name__)

PHONE_KEEPS_S = 0.2
"""What a telephone has room for; a packet goes out to it as soon as it has come, and what is beyond that is lost."""

_MOST = 65507


class UnicastSocket:
    """`down` is called where the switch dies of what it was asked."""

    def __init__(self, down: Callable[[], None]) -> None:
        self._core = Unicast()
        self._down = down
        self._socket: socket.socket | None = None
        self._remote = ("", 0)
        self._pending: Samples = np.zeros(0, dtype=np.int16)
        self._doubled = False
        self._port_in_use = False
        self._held_back: list[bytes] | None = None

    def ask(self, request: UnicastRequest) -> None:
        self._core.ask(request)

    def turn(self, said: Samples) -> None:
        """20 ms of the parked channel's loop."""
        try:
            request = self._core.turn()
        except SwitchDown:
            self._down()
            return
        if self._core.sends:
            self._send(np.repeat(said, 2).astype("<i2").tobytes() if self._doubled else said.astype("<i2").tobytes())
        if request is not None and self._bind(request):
            self._core.opened()

    def over(self, heard: Samples, idle_silence: bool) -> Samples:
        """What the customer hears in a tick. With `idle_silence` the switch puts a frame of its own beside each."""
        part = self._pending[:TICK_SAMPLES]
        if not len(part):
            return heard
        self._pending = self._pending[TICK_SAMPLES:]
        mixed = heard.copy()
        mixed[: len(part)] = part
        if idle_silence:
            mixed[TICK_SAMPLES // 2 :] = 0
        return mixed

    def end(self) -> bool:
        """A file was played, or a packet could not be sent."""
        return self._ended(self._core.end)

    def leave(self) -> None:
        """Parked no longer."""
        self._ended(self._core.leave)

    # faults on demand

    def send_packet(self, packet: bytes) -> bool:
        if not self._core.sends:
            return False
        self._send(packet[:_MOST])
        return True

    def double_rate(self) -> bool:
        """As a channel of 16 kHz."""
        self._doubled = self._core.sends
        return self._doubled

    def stall(self) -> bool:
        """The channel's loop is held up; then all goes at once."""
        if not self._core.sends:
            return False
        self._held_back = []
        asyncio.get_running_loop().call_later(STALL_S, self._go_on)
        return True

    def refuse_port(self) -> None:
        """The next port cannot be had."""
        self._port_in_use = True

    def _go_on(self) -> None:
        held_back, self._held_back = self._held_back or [], None
        for packet in held_back:
            self._send(packet)

    def _send(self, packet: bytes) -> None:
        if self._held_back is not None:
            self._held_back.append(packet)
        elif self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.sendto(packet, self._remote)

    def _bind(self, request: UnicastRequest) -> bool:
        if self._port_in_use:
            self._port_in_use = False
            return False
        opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            opened.setblocking(False)
            opened.bind(request.local)
        except OSError as error:
            opened.close()
            log.error("failure creating unicast connection", port=request.local[1], error=error)
            return False
        self._close()
        self._socket, self._remote, self._doubled = opened, request.remote, False
        asyncio.get_running_loop().add_reader(opened, self._receive, opened)
        return True

    def _receive(self, opened: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while opened is self._socket:
                packet = opened.recv(_MOST)
                samples: Samples = np.frombuffer(packet[: len(packet) // 2 * 2], dtype="<i2")
                self._pending = np.concatenate([self._pending, samples])[: int(PHONE_KEEPS_S * CHANNEL_RATE)]

    def _ended(self, how: Callable[[], bool]) -> bool:
        try:
            ended = how()
        except SwitchDown:
            self._close()
            self._down()
            return True
        if ended:
            self._close()
        return ended

    def _close(self) -> None:
        if self._socket is not None:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()
            self._socket = None
