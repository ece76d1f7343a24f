"""The media server over real sockets: who is let in, what each fault does, and that it touches no other call."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Mapping
from typing import cast

import pytest
from structlog.testing import capture_logs
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode

from speech.audio import TELEPHONE, Frame
from telephony_bridge.leg import Leg, SwitchError
from telephony_bridge.media import MediaClosed, MediaFault, MediaLink
from telephony_bridge.media_link import WebsocketMediaLink
from telephony_bridge.media_protocol import MAX_MESSAGE_BYTES
from telephony_bridge.media_server import MediaServer, Refusal
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.integration

METADATA = '{"call_id":"u-1","rate":"8000","two_way":"no"}'
WORD = b"\1\0" * 160


@pytest.fixture
async def server() -> AsyncIterator[MediaServer]:
    """Its clock moves 20 ms a message."""
    ticks = itertools.count()
    made = MediaServer("127.0.0.1", 0, clock=lambda: next(ticks) * 0.02, metadata_timeout_s=PATIENCE_S)
    await made.start()
    yield made
    await made.close()


async def joined(
    server: MediaServer, call_id: str = "u-1", metadata: str = METADATA
) -> tuple[ClientConnection, MediaLink]:
    coming = server.expect(call_id)
    client = await connect(server.url_for(call_id))
    await client.send(metadata)
    return client, await coming


async def heard(link: MediaLink) -> list[Frame]:
    return [frame async for frame in link.frames()]


async def refused_with(url: str) -> int | None:
    client = await connect(url)
    with pytest.raises(ConnectionClosed):
        await client.recv()
    return client.close_code


async def test_a_call_from_its_first_frame_to_the_hang_up(server: MediaServer) -> None:
    client, link = await joined(server)
    assert (link.call_id, link.format, link.two_way, link.fault) == ("u-1", TELEPHONE, False, None)
    assert link.metadata["call_id"] == "u-1"
    for _ in range(3):
        await client.send(WORD)
    await client.close()
    frames = await heard(link)
    assert [frame.position for frame in frames] == [0, 160, 320]
    assert frames[0].data == WORD
    assert (link.fault, link.detail) == (MediaFault.CLOSED, "the switch closed the link")


async def test_messages_in_fragments_keep_their_place_among_whole_ones(server: MediaServer) -> None:
    client, link = await joined(server)
    words = [bytes([count, 0]) * 160 for count in range(1, 7)]
    await client.send(words[0])
    await anext(link.frames())  # by now whole messages are handed on
    await client.send(words[1])
    await client.send([words[2][:100], words[2][100:]])
    for word in words[3:]:
        await client.send(word)
    await client.close()
    frames = await heard(link)
    assert [frame.data for frame in frames if any(frame.data)] == words[1:]
    assert frames[-1].end == 6 * 160


async def test_frames_to_the_customer_arrive_as_they_were_offered_or_sent(server: MediaServer) -> None:
    client, link = await joined(server, metadata='{"two_way":"yes"}')
    assert isinstance(link, WebsocketMediaLink)
    assert link.offer(Frame(TELEPHONE, WORD))
    await link.send(Frame(TELEPHONE, WORD))
    assert not link.offer(Frame(TELEPHONE, WORD[:2])), "shorter than any a playout has"
    await link.send(Frame(TELEPHONE, WORD[:2]))
    assert [await client.recv() for _ in range(3)] == [WORD, WORD, WORD[:2]]
    await client.close()
    await heard(link)
    with pytest.raises(MediaClosed):
        link.offer(Frame(TELEPHONE, WORD))


async def test_audio_that_comes_too_slowly_is_told_once_and_goes_on(server: MediaServer) -> None:
    with capture_logs() as logs:
        client, link = await joined(server, metadata='{"rate":"16000"}')
        for _ in range(250):
            await client.send(WORD)
        await client.close()
        assert len(await heard(link)) == 250
    assert link.fault is MediaFault.CLOSED
    told = [row for row in logs if row["event"] == "audio comes slower than announced"]
    assert [row["call_id"] for row in told] == ["u-1"]
    assert told[0]["rate"] == pytest.approx(8000, rel=0.05)


async def test_a_drop_in_the_middle_of_a_word_keeps_what_came_and_says_so(server: MediaServer) -> None:
    client, link = await joined(server)
    await client.send(WORD)
    await client.send(WORD)
    client.transport.close()
    assert len(await heard(link)) == 2
    assert link.fault is MediaFault.DROPPED


@pytest.mark.parametrize(
    ("messages", "fault"),
    [
        ([b"\0" * 321], MediaFault.MALFORMED),
        ([bytes(MAX_MESSAGE_BYTES + 2)], MediaFault.OVERSIZED),
        ([bytes(640)] * 150, MediaFault.WRONG_RATE),
    ],
    ids=["half a sample", "oversized", "wrong rate"],
)
async def test_a_bad_message_ends_its_link_and_no_other(
    server: MediaServer, messages: list[bytes], fault: MediaFault
) -> None:
    client, link = await joined(server)
    other_client, other = await joined(server, "u-2")
    try:
        for message in messages:
            await client.send(message)
        await client.wait_closed()
    except ConnectionClosed:
        pass  # the server ended it while we were still sending
    await heard(link)
    assert link.fault is fault
    assert link.detail
    await other_client.send(WORD)
    assert (await anext(other.frames())).data == WORD
    assert other.fault is None


@pytest.mark.parametrize(
    "message",
    [WORD, "hello", json.dumps({"rate": "\N{POLICE CARS REVOLVING LIGHT}" * 20})],
    ids=["audio first", "no metadata", "a rate that is no number"],
)
async def test_a_bad_first_message_gives_a_link_that_says_what_was_wrong(
    server: MediaServer, message: str | bytes
) -> None:
    coming = server.expect("u-1")
    client = await connect(server.url_for("u-1"))
    await client.send(message)
    link = await coming
    assert await heard(link) == []
    assert link.fault is MediaFault.MALFORMED
    await client.wait_closed()
    assert client.close_code == CloseCode.INVALID_DATA


async def test_no_metadata_in_time_is_malformed() -> None:
    server = MediaServer("127.0.0.1", 0, metadata_timeout_s=0)
    await server.start()
    coming = server.expect("u-1")
    async with connect(server.url_for("u-1")):
        assert (await coming).fault is MediaFault.MALFORMED
    await server.close()


async def test_strangers_are_refused(server: MediaServer) -> None:
    _, link = await joined(server)
    coming = server.expect("u-2")
    assert await refused_with(f"ws://127.0.0.1:{server.port}/media/u-9?token=x") == Refusal.UNKNOWN_CALL
    assert await refused_with(f"ws://127.0.0.1:{server.port}/") == Refusal.UNKNOWN_CALL
    assert await refused_with(f"ws://127.0.0.1:{server.port}/media/u-2?token=%ff") == Refusal.BAD_TOKEN
    assert await refused_with(f"ws://127.0.0.1:{server.port}/media/u-2") == Refusal.BAD_TOKEN
    assert await refused_with(server.url_for("u-1")) == Refusal.SECOND_CONNECTION
    assert link.fault is None
    assert not coming.done()


async def test_a_token_is_good_for_one_connection(server: MediaServer) -> None:
    coming = server.expect("u-1")
    url = server.url_for("u-1")
    client = await connect(url)
    await client.send(METADATA)
    link = await coming
    await link.close()
    await client.wait_closed()
    assert await refused_with(url) == Refusal.UNKNOWN_CALL


async def test_a_call_can_be_expected_again_after_its_link_broke(server: MediaServer) -> None:
    first, broken = await joined(server)
    with pytest.raises(ValueError, match="already"):
        server.expect("u-1")
    first.transport.close()
    await heard(broken)
    client, link = await joined(server)
    await client.send(WORD)
    assert (await anext(link.frames())).position == 0


async def test_a_cancelled_expectation_lets_nobody_in(server: MediaServer) -> None:
    coming = server.expect("u-1")
    url = server.url_for("u-1")
    coming.cancel()
    await asyncio.sleep(0)
    assert await refused_with(url) == Refusal.UNKNOWN_CALL
    with pytest.raises(KeyError):
        server.url_for("u-1")


async def test_frames_go_back_on_a_two_way_link_only(server: MediaServer) -> None:
    client, link = await joined(server, metadata='{"rate":"8000","two_way":"yes"}')
    await link.send(Frame(TELEPHONE, WORD))
    assert await client.recv() == WORD
    await link.send_text('{"type":"killAudio"}')
    assert await client.recv() == '{"type":"killAudio"}'
    await link.close()
    with pytest.raises(MediaClosed):
        await link.send(Frame(TELEPHONE, WORD))
    _, one_way = await joined(server, "u-2")
    with pytest.raises(MediaClosed):
        await one_way.send(Frame(TELEPHONE, WORD))


async def test_a_listener_far_behind_gets_the_newest_audio_and_silence_for_the_rest(server: MediaServer) -> None:
    client, link = await joined(server)
    for _ in range(600):
        await client.send(WORD)
    await client.close()
    await server.close()  # waits until it has read everything
    frames = await heard(link)
    missed, *newest = frames
    assert (missed.position, missed.end, missed.data.strip(b"\0")) == (0, 100 * 160, b"")
    assert len(newest) == 500
    assert (newest[0].position, newest[-1].end) == (100 * 160, 600 * 160)


async def test_closing_the_server_ends_every_link() -> None:
    server = MediaServer("127.0.0.1", 0)
    await server.start()
    _, link = await joined(server)
    waiting = server.expect("u-2")
    await server.close()
    await heard(link)
    assert link.fault is MediaFault.CLOSED
    assert waiting.cancelled()


async def test_the_advertised_address_is_what_the_switch_is_told() -> None:
    server = MediaServer("127.0.0.1", 0, advertised="ws://10.0.0.5:8090/")
    server.expect("u 1")
    assert server.url_for("u 1").startswith("ws://10.0.0.5:8090/media/u%201?token=")


class StreamedLeg:
    """A leg whose switch is asked for its audio, and never sends any."""

    call_id = "u-1"
    asked = 0

    async def start_media(self, url: str, metadata: Mapping[str, str]) -> None:
        self.asked += 1


async def test_a_server_that_is_closed_asks_no_switch_for_audio(server: MediaServer) -> None:
    leg = StreamedLeg()
    with pytest.raises(TimeoutError):
        await server.connect(cast(Leg, leg), within_s=0.0)
    await server.close()
    with pytest.raises(SwitchError, match="closed"):
        await server.connect(cast(Leg, leg))
    assert leg.asked == 1
