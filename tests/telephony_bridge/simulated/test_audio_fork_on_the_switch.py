"""mod_audio_fork on the simulated switch over real sockets: its handshake and events, and how it is brought down."""

from __future__ import annotations

import pytest

from telephony_bridge.simulated.customer import EchoCustomer, SilentCustomer
from tests.telephony_bridge.simulated.staging import Scene, Staging, U, loud, tone

pytestmark = pytest.mark.integration

TWO_WAY = "mono 8k voicebot {} true true 8000"


async def forked(scene: Scene, how: str = "mono 8k voicebot {}") -> str:
    return await scene.esl.api(f"uuid_audio_fork {U} start {scene.media.url} {how}")


async def test_a_fork_connects_with_its_subprotocol_and_stops_by_its_name(staging: Staging) -> None:
    scene = await staging(SilentCustomer())
    assert await forked(scene) == "+OK Success\n"
    stream = await scene.media.connection()
    assert (await scene.esl.event("mod_audio_fork::connect")).body == ""
    assert stream.socket.request is not None
    assert stream.socket.request.headers["Sec-WebSocket-Protocol"] == "audio.drachtio.org"
    assert await stream.next() == "{}"
    assert len(await stream.next()) == 320
    assert await forked(scene) == "-ERR Operation Failed\n"
    assert await scene.esl.api(f"uuid_audio_fork {U} stop another") == "-ERR Operation Failed\n"
    assert await scene.esl.api(f"uuid_audio_stream {U} pause") == "-ERR Operation Failed\n"
    assert await scene.esl.api(f"uuid_audio_fork {U} stop voicebot") == "+OK Success\n"
    assert await stream.wait_ended() == 1000


@pytest.mark.parametrize("how", ["mono 8k voicebot {}", TWO_WAY])
async def test_binary_is_played_only_where_the_start_asked_for_it(staging: Staging, how: str) -> None:
    scene = await staging(EchoCustomer(), two_way=True)
    await forked(scene, how)
    stream = await scene.media.connection()
    sound = tone(80)
    await stream.socket.send(sound.astype("<i2").tobytes())
    if how == TWO_WAY:
        assert await stream.next_where(loud) == sound[:160].astype("<i2").tobytes()
    else:
        await stream.socket.send('{"type":"json"}')
        await scene.esl.event("mod_audio_fork::json")
    await scene.esl.api(f"uuid_kill {U}")
    await scene.esl.event("CHANNEL_DESTROY")
    assert bool(scene.recording().any()) is (how == TWO_WAY)


async def test_kill_audio_drops_what_was_sent(staging: Staging) -> None:
    scene = await staging(EchoCustomer(), two_way=True)
    await forked(scene, TWO_WAY)
    stream = await scene.media.connection()
    await stream.socket.send(tone(4000).astype("<i2").tobytes())
    await stream.next_where(loud)
    await stream.socket.send('{"type":"killAudio"}')
    await scene.esl.event("mod_audio_fork::kill_audio")
    await scene.esl.api(f"uuid_kill {U}")
    await scene.esl.event("CHANNEL_DESTROY")
    heard = scene.recording()[:, 1]
    assert heard.any()
    assert len(heard.nonzero()[0]) < 4000 * 8


async def test_a_start_without_a_rate_takes_the_whole_switch_down(staging: Staging) -> None:
    scene = await staging(SilentCustomer())
    scene.esl.send(f"api uuid_audio_fork {U} start {scene.media.url} mono")
    await scene.esl.wait_ended()
    assert not scene.switch.calls


async def test_a_play_audio_without_its_type_takes_the_whole_switch_down(staging: Staging) -> None:
    scene = await staging(SilentCustomer())
    await forked(scene)
    stream = await scene.media.connection()
    await scene.esl.event("mod_audio_fork::connect")
    await stream.socket.send('{"type":"playAudio","data":{"audioContent":""}}')
    await scene.esl.wait_ended()
    assert not scene.switch.calls
