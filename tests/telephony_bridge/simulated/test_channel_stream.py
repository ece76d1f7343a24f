"""A channel's media stream in virtual time: the module's states and events."""

from __future__ import annotations

import json

import numpy as np
import pytest

from telephony_bridge.simulated.dialplan import NumberPlan
from telephony_bridge.simulated.signals import CloseMedia, ConnectMedia, Mix, SendText, StreamRequest
from tests.telephony_bridge.simulated.virtual_call import REQUEST, VirtualCall, customs, names, streaming

pytestmark = pytest.mark.unit


def test_stream_start_sends_the_metadata_and_reports_connect() -> None:
    call = streaming()
    assert names(call) == ["MEDIA_BUG_START", "CUSTOM"]
    assert call.events("MEDIA_BUG_START")[0].headers["Media-Bug-Function"] == "audio_stream"
    assert ConnectMedia(REQUEST) in call.commands
    assert SendText('{"call":"1"}') in call.commands
    assert customs(call) == [("connect", '{"status":"connected"}')]
    assert call.channel.stream.streaming


def test_stream_without_metadata_sends_nothing_first() -> None:
    call = VirtualCall(NumberPlan()).answered()
    call.channel.stream.start(StreamRequest("ws://h/", Mix.MONO, 8000))
    call.take(call.channel.note(call.channel.stream.opened(), 0))
    assert not [command for command in call.commands if isinstance(command, SendText)]


def test_a_second_start_and_a_second_stop_fail() -> None:
    call = streaming()
    assert call.channel.stream.start(REQUEST) == (False, [])
    assert call.channel.stream.stop("")[0]
    assert call.channel.stream.stop("") == (False, [])


def test_stop_closes_without_a_disconnect_event() -> None:
    call = streaming()
    call.commands.clear()
    stopped, effects = call.channel.stream.stop("bye")
    call.take(call.channel.note(effects, call.now))
    assert stopped
    assert call.commands[:2] == [SendText("bye"), CloseMedia()]
    assert names(call) == ["MEDIA_BUG_STOP"]
    assert call.channel.stream.closed_by_server(1000, "") == []


def test_hangup_closes_the_stream_without_a_disconnect_event() -> None:
    call = streaming()
    call.commands.clear()
    call.take(call.channel.kill("NORMAL_CLEARING", call.now))
    assert CloseMedia() in call.commands
    assert customs(call) == []
    assert "MEDIA_BUG_STOP" in names(call)


def test_pause_holds_frames_back_and_resume_lets_them_go() -> None:
    stream = streaming().channel.stream
    assert stream.pause(True)
    assert not stream.streaming
    assert stream.pause(False)
    assert stream.streaming


def test_a_clean_close_by_the_server_leaves_the_bug_until_stop() -> None:
    call = streaming()
    stream = call.channel.stream
    call.take(call.channel.note(stream.closed_by_server(4001, "bye from server"), call.now))
    assert customs(call)[-1] == (
        "disconnect",
        '{"status":"disconnected","message":{"code":4001,"reason":"bye from server"}}',
    )
    assert "MEDIA_BUG_STOP" not in names(call)
    assert stream.start(REQUEST) == (False, [])
    assert stream.stop("")[0]
    assert stream.start(REQUEST)[0]


@pytest.mark.parametrize("opened", [False, True])
def test_a_refused_or_broken_connection_takes_the_bug_off(opened: bool) -> None:
    call = VirtualCall(NumberPlan()).answered()
    stream = call.channel.stream
    stream.start(REQUEST)
    if opened:
        stream.opened()
    call.take(call.channel.note(stream.failed(6, "Connection refused (system error 111)"), call.now))
    assert customs(call) == [
        (
            "error",
            '{"status":"error","message":{"code":6,"error":"Connection refused (system error 111)"}}',
        )
    ]
    assert names(call)[-1] == "MEDIA_BUG_STOP"
    assert stream.start(REQUEST)[0]


def test_stream_audio_becomes_a_file_and_a_play_event_and_plays_nothing() -> None:
    call = streaming()
    message = {
        "type": "streamAudio",
        "data": {"audioDataType": "raw", "sampleRate": 16000, "audioData": "AAAA", "myId": "utt-1"},
    }
    call.take(call.channel.note(call.channel.stream.received(json.dumps(message), "/t"), call.now))
    assert customs(call)[-1] == (
        "play",
        '{"audioDataType":"raw","sampleRate":16000,"myId":"utt-1","file":"/t/call-1_0.tmp.r16"}',
    )
    call.tick(5)
    assert not np.concatenate(call.heard).any()


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        '{"type":"other"}',
        '{"type":"streamAudio","data":{"audioDataType":"raw","sampleRate":11025,"audioData":"AAAA"}}',
        '{"type":"streamAudio","data":{"audioDataType":"raw","sampleRate":8000}}',
    ],
)
def test_any_other_text_comes_back_unchanged_as_json_event(text: str) -> None:
    call = streaming()
    call.take(call.channel.note(call.channel.stream.received(text, "/t"), call.now))
    assert customs(call)[-1] == ("json", text)
