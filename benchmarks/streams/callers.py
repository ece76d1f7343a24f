"""Calls that stream both ways, as a switch's modules do, in a process of their own.

Plain sockets and one ready-made message: with a websocket library at this end, the callers would be at their limit
before the server is. What they sent late themselves is measured too.
"""

from __future__ import annotations

import json
import select
import socket
import sys
import time
from array import array
from collections.abc import Sequence
from multiprocessing.connection import Connection
from urllib.parse import urlsplit

from websockets.client import ClientProtocol
from websockets.frames import Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from benchmarks.streams.arrivals import FRAME_S
from benchmarks.streams.cores import keep_to_core
from benchmarks.streams.load import Load, take_all_files
from benchmarks.streams.sound import quiet_line

METADATA = {"rate": "8000"}

FINAL, MASKED = 0x80, 0x80
LENGTH_FOLLOWS = 126
HEAD = 4
"""Bytes before the audio, in a message without a mask."""


def message(audio: bytes) -> bytes:
    """As a client's binary message, masked with zeros, which leaves the server's work as it is."""
    head = bytes((FINAL | Opcode.BINARY, MASKED | LENGTH_FOLLOWS))
    return head + len(audio).to_bytes(2, "big") + bytes(4) + audio


class Caller:
    """One call's connection. `sent` and `came` are the moments of its frames, those of silence aside."""

    def __init__(self, url: str, two_way: bool) -> None:
        self.socket = _connected(url, {**METADATA, "two_way": "yes" if two_way else "no"})
        self.sent, self.came = array("d"), array("d")
        self._unread = bytearray()

    def send(self, data: bytes) -> None:
        self.sent.append(time.monotonic())
        self.socket.sendall(data)

    def receive(self) -> bool:
        """What has come; False once the server has closed."""
        try:
            data = self.socket.recv(65536)
        except ConnectionError:
            return False
        now = time.monotonic()
        self._unread += data
        self.came.extend([now] * take_sound(self._unread))
        return bool(data)


def take_sound(unread: bytearray) -> int:
    """Take a server's whole messages off the front; how many of them were a prompt's, not the silence after it."""
    sound = 0
    while (length := _length(unread)) is not None:
        sound += unread[0] == FINAL | Opcode.BINARY and any(unread[HEAD:length])
        del unread[:length]
    return sound


def _length(unread: bytearray) -> int | None:
    """Bytes of the first message, None until it is whole. A server masks nothing, and ours sends nothing long."""
    if len(unread) < HEAD:
        return None
    length = 2 + unread[1] if unread[1] < LENGTH_FOLLOWS else HEAD + int.from_bytes(unread[2:4], "big")
    return length if length <= len(unread) else None


def _connected(url: str, metadata: dict[str, str]) -> socket.socket:
    """Past the handshake, and the metadata sent."""
    place = urlsplit(url)
    made = socket.create_connection((place.hostname, place.port))
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    protocol = ClientProtocol(parse_uri(url))
    protocol.send_request(protocol.connect())
    made.sendall(b"".join(protocol.data_to_send()))
    while protocol.state is State.CONNECTING:
        protocol.receive_data(made.recv(4096))
    protocol.send_text(json.dumps(metadata).encode())
    made.sendall(b"".join(protocol.data_to_send()))
    return made


class Pace:
    """When which caller's frame is due: evenly spread over each 20 ms. `late_ms`: by how much each was late."""

    def __init__(self, callers: Sequence[Caller], frames: int) -> None:
        self._callers = callers
        self._spacing, self._total = FRAME_S / len(callers), frames * len(callers)
        self._data = message(quiet_line(FRAME_S).tobytes())
        self._began: float | None = None
        self.late_ms = array("d")

    def begin(self) -> None:
        self._began = time.monotonic()

    def wait(self) -> float | None:
        """Seconds until a frame is due; None where none will be."""
        due = self._due()
        return None if due is None else max(0.0, due - time.monotonic())

    def send(self) -> bool:
        """Send what is due; True once, when everything has gone."""
        now = time.monotonic()
        while (due := self._due()) is not None and due <= now:
            self._callers[len(self.late_ms) % len(self._callers)].send(self._data)
            self.late_ms.append((now - due) * 1000)
            if len(self.late_ms) == self._total:
                return True
        return False

    def _due(self) -> float | None:
        sent = len(self.late_ms)
        return None if self._began is None or sent == self._total else self._began + sent * self._spacing


def stream(callers: Sequence[Caller], pace: Pace, server: Connection) -> None:
    """Take what comes, send from when the server says "begin", until it says "stop"."""
    by_file = {caller.socket.fileno(): caller for caller in callers}
    poll = select.epoll()
    for file in (*by_file, server.fileno()):
        poll.register(file, select.EPOLLIN)
    while True:
        if pace.send():
            server.send("sent")
        for file, _ in poll.poll(pace.wait(), len(by_file) + 1):
            if file == server.fileno():
                if server.recv() == "stop":
                    return
                pace.begin()
            elif not by_file[file].receive():
                poll.unregister(file)


def main() -> None:
    """Takes a core, and the descriptor of a pipe to the server."""
    keep_to_core(int(sys.argv[1]))
    take_all_files()
    server = Connection(int(sys.argv[2]))
    load: Load
    load, urls = server.recv()
    callers = [Caller(url, load.two_way) for url in urls]
    pace = Pace(callers, load.frames_heard)
    stream(callers, pace, server)
    server.send((pace.late_ms, [(caller.sent, caller.came) for caller in callers]))


if __name__ == "__main__":
    main()
