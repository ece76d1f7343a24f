"""The server's end of a media websocket: websockets' connection, with a short way for the audio.

A call has a hundred messages of audio a second. In websockets' queue each costs a task that is woken to fetch it, and
each that is sent some tens of lines for cases that do not occur here. So whole messages are handed on as they are read,
and one that finds the socket idle is written at once. All else, the handshake, fragments, pings and the goodbye, is
websockets' as it stands.
"""

from __future__ import annotations

from collections.abc import Callable

from websockets.asyncio.server import ServerConnection
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State

_FINAL_BINARY = bytes((0x80 | Opcode.BINARY,))
_LENGTH_IN_TWO, _SHORTEST_IN_TWO, _LONGEST_IN_TWO = b"\x7e", 126, 0xFFFF


class MediaConnection(ServerConnection):
    """Give it to `websockets.serve` as `create_connection`."""

    _take: Callable[[str | bytes], None] | None = None

    def hand_on(self, take: Callable[[str | bytes], None]) -> bool:
        """From now on give each message to `take`, and none to `recv`. False while some still wait for `recv`.

        With the first message that comes in fragments, all go to `recv` again.
        """
        if len(self.recv_messages.frames):
            return False
        self._take = take
        return True

    def process_event(self, event: Frame | Request) -> None:  # type: ignore[override]
        """As websockets calls it for each frame that was read."""
        take = self._take
        if take is None or not isinstance(event, Frame) or event.opcode not in (Opcode.BINARY, Opcode.TEXT):
            super().process_event(event)
        elif event.fin:
            data = bytes(event.data)
            take(data if event.opcode is Opcode.BINARY else data.decode("utf-8", "replace"))
        else:
            self._take = None
            super().process_event(event)

    def write_audio(self, audio: bytes) -> bool:
        """Send a binary message now; False, and nothing is sent, where the peer is slow or the connection ends.

        So is it for messages of a length that telephones do not have: `send` takes them all.
        """
        size = len(audio)
        idle = self.state is State.OPEN and not self.transport.get_write_buffer_size()
        if not idle or not _SHORTEST_IN_TWO <= size <= _LONGEST_IN_TWO:
            return False
        self.transport.write(_FINAL_BINARY + _LENGTH_IN_TWO + size.to_bytes(2, "big") + audio)
        return True
