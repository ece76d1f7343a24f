"""What the simulated switch plays and records, over real sockets."""

from __future__ import annotations

import wave

import numpy as np
import pytest

from telephony_bridge.simulated.customer import EchoCustomer, SilentCustomer
from tests.telephony_bridge.simulated.staging import Staging, U, loud, tone, write_wav

pytestmark = pytest.mark.integration


async def test_what_is_played_is_heard_recorded_and_echoed(staging: Staging) -> None:
    scene = await staging(EchoCustomer())
    sound = tone(300)
    stream = await scene.stream()
    assert await scene.esl.play(U, write_wav(scene.folder / "a.wav", sound), "p1") == "+OK"
    stop = await scene.esl.event("PLAYBACK_STOP")
    assert stop.headers["variable_playback_last_offset_pos"] == str(len(sound))
    assert await stream.next_where(loud) == sound[:160].astype("<i2").tobytes()
    await scene.esl.api(f"uuid_kill {U}")
    await scene.esl.event("CHANNEL_DESTROY")
    said, heard = scene.recording().T
    begin = int(np.flatnonzero(heard)[0])
    assert np.array_equal(heard[begin : begin + len(sound)], sound)
    assert np.array_equal(said, heard)


async def test_a_file_of_another_rate_is_played_at_the_channel_rate(staging: Staging) -> None:
    scene = await staging(SilentCustomer())
    await scene.esl.play(U, write_wav(scene.folder / "wide.wav", tone(200, 16000), 16000), "p1")
    stop = await scene.esl.event("PLAYBACK_STOP")
    assert stop.headers["variable_playback_last_offset_pos"] == "1600"


async def test_a_missing_file_is_not_found(staging: Staging) -> None:
    scene = await staging(SilentCustomer())
    assert await scene.esl.play(U, scene.folder / "none.wav", "p1") == "+OK"
    event = await scene.esl.event("CHANNEL_EXECUTE_COMPLETE")
    assert (event.headers["Application-UUID"], event.headers["Application-Response"]) == ("p1", "FILE NOT FOUND")


async def test_break_all_stops_what_plays_and_what_waits(staging: Staging) -> None:
    scene = await staging(SilentCustomer())
    file = write_wav(scene.folder / "long.wav", tone(30_000))
    for event_uuid in ("p1", "p2"):
        await scene.esl.play(U, file, event_uuid)
    await scene.esl.event("PLAYBACK_START")
    assert await scene.esl.api(f"uuid_break {U} all") == "+OK\n"
    assert (await scene.esl.event("PLAYBACK_STOP")).headers["Playback-Status"] == "break"
    await scene.esl.play(U, write_wav(scene.folder / "short.wav", tone(40)), "p3")
    await scene.esl.event("PLAYBACK_STOP")
    executed = [event.headers["Application-UUID"] for event in scene.esl.seen if event.event_name == "CHANNEL_EXECUTE"]
    assert executed == ["p1", "p3"]


async def test_the_switch_records_a_call_on_request(staging: Staging) -> None:
    scene = await staging(EchoCustomer())
    await scene.esl.api(f"uuid_setvar {U} RECORD_STEREO true")
    file = scene.folder / "asked.wav"
    assert await scene.esl.api(f"uuid_record {U} start {file}") == "+OK Success\n"
    await scene.esl.play(U, write_wav(scene.folder / "a.wav", tone(100)), "p1")
    await scene.esl.event("PLAYBACK_STOP")
    assert await scene.esl.api(f"uuid_record {U} stop {file}") == "+OK Success\n"
    assert (await scene.esl.event("RECORD_STOP")).headers["Record-File-Path"] == str(file)
    with wave.open(str(file), "rb") as wav:
        assert wav.getnchannels() == 2
        assert any(wav.readframes(wav.getnframes()))
    assert await scene.esl.api(f"uuid_record {U} stop {file}") == "-ERR Cannot record session!\n"


async def test_several_calls_at_once_keep_their_audio_apart(staging: Staging) -> None:
    scene = await staging(EchoCustomer())
    await scene.esl.answered_call("U2")
    await scene.esl.play("U2", write_wav(scene.folder / "a.wav", tone(100)), "p1")
    await scene.esl.event("PLAYBACK_STOP")
    await scene.esl.api(f"uuid_kill {U}")
    await scene.esl.event("CHANNEL_DESTROY")
    assert not scene.recording().any()


async def test_a_call_whose_recording_cannot_be_written_goes_on(staging: Staging) -> None:
    scene = await staging(SilentCustomer())
    (scene.folder / "recordings" / "U2.wav").mkdir()
    await scene.esl.answered_call("U2")
    await scene.esl.play("U2", write_wav(scene.folder / "a.wav", tone(40)), "p1")
    assert (await scene.esl.event("PLAYBACK_STOP")).unique_id == "U2"
