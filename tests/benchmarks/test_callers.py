"""What the callers of the media benchmark write and read, held against the websocket library."""

from __future__ import annotations

import pytest
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol

from benchmarks.streams.arrivals import judge
from benchmarks.streams.callers import message, take_sound

pytestmark = pytest.mark.unit

AUDIO = bytes(range(256)) + bytes(64)


def test_a_server_reads_the_audio_that_was_meant() -> None:
    server = ServerProtocol(state=State.OPEN)
    server.receive_data(message(AUDIO) * 2)
    assert [event.data for event in server.events_received() if isinstance(event, Frame)] == [AUDIO, AUDIO]


@pytest.mark.parametrize("piece", [1, 7, 324, 2000])
def test_a_prompt_is_counted_however_it_is_cut_and_whatever_comes_between(piece: int) -> None:
    frames = [(Opcode.BINARY, AUDIO), (Opcode.TEXT, b"{}"), (Opcode.PING, b"1234"), (Opcode.BINARY, AUDIO)] * 2
    stream = b"".join(Frame(opcode, data).serialize(mask=False) for opcode, data in frames)
    unread, audio = bytearray(), 0
    for start in range(0, len(stream), piece):
        unread += stream[start : start + piece]
        audio += take_sound(unread)
    assert (audio, unread) == (4, b"")


def test_the_silence_after_a_prompt_makes_no_lost_frame_good() -> None:
    said = [Frame(Opcode.BINARY, audio).serialize(mask=False) for audio in [AUDIO] * 5 + [bytes(len(AUDIO))] * 4]
    del said[2]
    assert judge(5, [0.0] * take_sound(bytearray(b"".join(said)))).dropped == 1
