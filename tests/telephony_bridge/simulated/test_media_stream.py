"""The simulated switch's media websocket over real sockets: handshake, frames, texts, and its ends."""

from __future__ import annotations

import json

import pytest

from telephony_bridge.simulated.customer import EchoCustomer, SilentCustomer
from tests.telephony_bridge.simulated.staging import Staging, U, files_of, loud, tone, write_wav

pytestmark = pytest.mark.integration


async def test_the_handshake_the_metadata_and_the_frames(staging: Staging) -> None:
    scene = await staging(SilentCustomer())
    stream = await scene.stream(metadata='{"call":"1","name":"Анна"}')
    request = stream.socket.request
    assert request is not None
    assert request.path == "/media?call=1"
    assert request.headers["Origin"] == f"http://127.0.0.1:{scene.media.port}"
    assert "Sec-WebSocket-Protocol" not in request.headers
    assert "Sec-WebSocket-Extensions" not in request.headers
    assert "User-Agent" not in request.headers
    assert await stream.next() == '{"call":"1","name":"Анна"}'
    for _ in range(5):
        frame = await stream.next()
        assert isinstance(frame, bytes)
        assert len(frame) == 320


@pytest.mark.parametrize(
    ("how", "size"),
    [("mono 16k", 640), ("mono 24000", 960), ("mixed 8k", 320), ("stereo 8k", 640), ("stereo 16k", 1280)],
)
async def test_frame_sizes_by_mix_and_rate(staging: Staging, how: str, size: int) -> None:
    scene = await staging(SilentCustomer())
    stream = await scene.stream(how, metadata="")
    assert {len(await stream.next()) for _ in range(10)} == {size}


async def test_stream_variables_set_buffer_and_headers(staging: Staging) -> None:
    scene = await staging(SilentCustomer())
    await scene.esl.api(f"uuid_setvar {U} STREAM_BUFFER_SIZE 100")
    await scene.esl.api(f'uuid_setvar {U} STREAM_EXTRA_HEADERS {{"Authorization":"Bearer x"}}')
    stream = await scene.stream("mono 16k", metadata="")
    assert stream.socket.request is not None
    assert stream.socket.request.headers["Authorization"] == "Bearer x"
    assert len(await stream.next()) == 3200


async def test_metadata_loses_its_backslashes_and_texts_end_at_a_space(staging: Staging) -> None:
    scene = await staging(SilentCustomer())
    stream = await scene.stream(metadata=r'{"a":"x \"y\" z"}')
    assert await stream.next() == '{"a":"x "y" z"}'
    assert await scene.esl.api(f"uuid_audio_stream {U} send_text 'two words'") == "+OK Success\n"
    assert await stream.next_where(lambda message: isinstance(message, str)) == "two words"
    await scene.esl.api(f'uuid_audio_stream {U} send_text {{"a": "b c"}}')
    assert await stream.next_where(lambda message: isinstance(message, str)) == '{"a":'


async def test_an_unusable_address_or_mix_fails_at_once(staging: Staging) -> None:
    scene = await staging(SilentCustomer())
    for arguments in ("http://h/ mono 8k", "ws://user:pw@h/ mono 8k", "ws://h/ loud 8k", "ws://h/ mono 11025"):
        assert await scene.esl.api(f"uuid_audio_stream {U} start {arguments}") == "-ERR Operation Failed\n"


async def test_stop_closes_with_1000_and_no_disconnect_event(staging: Staging) -> None:
    scene = await staging(SilentCustomer())
    stream = await scene.stream()
    assert await scene.esl.api(f"uuid_audio_stream {U} stop farewell") == "+OK Success\n"
    assert await stream.next_where(lambda message: message == "farewell")
    assert await stream.wait_ended() == 1000
    event = await scene.esl.event("MEDIA_BUG_STOP")
    assert event.headers["Media-Bug-Function"] == "audio_stream"
    assert await scene.esl.api(f"uuid_audio_stream {U} stop") == "-ERR Operation Failed\n"
    await scene.esl.api(f"uuid_kill {U}")
    await scene.esl.event("CHANNEL_DESTROY")
    assert "mod_audio_stream::disconnect" not in {event.subclass for event in scene.esl.seen}


async def test_hangup_closes_with_1000(staging: Staging) -> None:
    scene = await staging(SilentCustomer())
    stream = await scene.stream()
    await stream.next()
    await scene.esl.api(f"uuid_kill {U}")
    assert await stream.wait_ended() == 1000


async def test_a_refused_connection_is_an_error_event_after_ok(staging: Staging) -> None:
    scene = await staging(SilentCustomer())
    assert await scene.esl.api(f"uuid_audio_stream {U} start ws://127.0.0.1:1/ mono 8k") == "+OK Success\n"
    event = await scene.esl.event("mod_audio_stream::error")
    assert json.loads(event.body)["message"] == {"code": 6, "error": "Connection refused (system error 111)"}
    assert (await (await scene.stream()).next()) == '{"call":"1"}'


async def test_a_close_by_the_server_leaves_the_bug_attached(staging: Staging) -> None:
    scene = await staging(SilentCustomer())
    stream = await scene.stream()
    await stream.next()
    await stream.socket.close(4001, "bye from server")
    event = await scene.esl.event("mod_audio_stream::disconnect")
    assert json.loads(event.body)["message"] == {"code": 4001, "reason": "bye from server"}
    assert await scene.esl.api(f"uuid_audio_stream {U} start {scene.media.url} mono 8k") == "-ERR Operation Failed\n"
    assert await scene.esl.api(f"uuid_audio_stream {U} stop") == "+OK Success\n"
    await scene.stream()


async def test_a_server_that_breaks_off_is_an_error_and_takes_the_bug_off(staging: Staging) -> None:
    scene = await staging(SilentCustomer())
    stream = await scene.stream()
    await stream.next()
    stream.socket.transport.abort()
    event = await scene.esl.event("mod_audio_stream::error")
    assert json.loads(event.body)["message"]["code"] == 1
    await scene.stream()


async def test_text_from_the_server_is_an_event_and_its_file_plays(staging: Staging) -> None:
    scene = await staging(EchoCustomer())
    stream = await scene.stream()
    await stream.socket.send("hello")
    assert (await scene.esl.event("mod_audio_stream::json")).body == "hello"
    await stream.socket.send(
        '{"type":"streamAudio","data":{"audioDataType":"raw","sampleRate":8000,"audioData":"%s"}}' % ("AQAB" * 800)
    )
    file = json.loads((await scene.esl.event("mod_audio_stream::play")).body)["file"]
    assert [file] == files_of(scene.switch)
    assert await scene.esl.play(U, file, "p1") == "+OK"
    assert (await scene.esl.event("PLAYBACK_STOP")).headers["variable_playback_last_offset_pos"] == "1200"
    await scene.esl.api(f"uuid_audio_stream {U} stop")
    await scene.esl.event("MEDIA_BUG_STOP")
    assert files_of(scene.switch) == []


async def test_pause_holds_the_frames_and_keeps_the_connection(staging: Staging) -> None:
    scene = await staging(SilentCustomer())
    stream = await scene.stream()
    await stream.next()
    assert await scene.esl.api(f"uuid_audio_stream {U} pause") == "+OK Success\n"
    await scene.esl.api(f"uuid_audio_stream {U} send_text paused")
    await stream.next_where(lambda message: message == "paused")
    await scene.esl.play(U, write_wav(scene.folder / "a.wav", tone(100)), "p1")  # five ticks pass
    await scene.esl.event("PLAYBACK_STOP")
    assert stream.messages.empty()
    assert await scene.esl.api(f"uuid_audio_stream {U} resume") == "+OK Success\n"
    assert len(await stream.next()) == 320


@pytest.mark.parametrize("two_way", [True, False])
async def test_binary_from_the_server_is_played_only_on_a_two_way_link(staging: Staging, two_way: bool) -> None:
    scene = await staging(EchoCustomer(), two_way=two_way)
    stream = await scene.stream()
    sound = tone(100)
    await stream.socket.send(sound.astype("<i2").tobytes())
    if two_way:
        assert await stream.next_where(loud) == sound[:160].astype("<i2").tobytes()
    else:
        await stream.socket.send("then a text")
        await scene.esl.event("mod_audio_stream::json")
    await scene.esl.api(f"uuid_kill {U}")
    await scene.esl.event("CHANNEL_DESTROY")
    assert bool(scene.recording().any()) is two_way


async def test_api_on_answer_starts_the_stream(staging: Staging) -> None:
    scene = await staging(SilentCustomer())
    start = f"uuid_audio_stream U2 start {scene.media.url} mono 8k hello"
    await scene.esl.answered_call("U2", variables=f",api_on_answer='{start}'")
    assert await (await scene.media.connection()).next() == "hello"
