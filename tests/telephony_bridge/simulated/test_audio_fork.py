"""mod_audio_fork on the simulated switch: its command, its texts and events, what it plays, what brings it down."""

from __future__ import annotations

import json

import numpy as np
import pytest

from speech.audio import Samples
from telephony_bridge.simulated.audio_fork import AudioFork
from telephony_bridge.simulated.audio_fork_command import SwitchDown, bug_and_text, fork_request
from telephony_bridge.simulated.signals import BinaryPlayback, Crash, DropAudio, Effect, Note, StoreAudio
from telephony_bridge.simulated.stream import Bug
from telephony_bridge.simulated.wire import FromServer

pytestmark = pytest.mark.unit

URL = "ws://h/"


def opened() -> AudioFork:
    fork = AudioFork("call-1")
    assert fork.start(fork_request(f"{URL} mono 8k voicebot {{}}"))[0]
    fork.opened()
    return fork


def told(effects: list[Effect]) -> list[tuple[str, str]]:
    return [(e.headers["Event-Subclass"], e.body) for e in effects if isinstance(e, Note) and e.name == "CUSTOM"]


def test_the_words_of_a_start() -> None:
    plain = fork_request(f"{URL} mono 16k")
    assert (plain.rate, plain.bug_name, plain.metadata, plain.plays) == (16000, "audio_fork", "", None)
    assert fork_request(f'{URL} mono 8k {{"a":"b"}}').metadata == '{"a":"b"}'
    named = fork_request(f"{URL} mono 8k voicebot eyJ9")
    assert (named.bug_name, named.metadata) == ("voicebot", "eyJ9")
    assert fork_request(f"{URL} mono 8k voicebot {{}} true true 8000").plays == BinaryPlayback(8000, 80, 40)
    assert fork_request(f"{URL} mono 8k voicebot {{}} true false 8000").plays is None


def test_a_start_without_a_rate_brings_the_switch_down() -> None:
    with pytest.raises(SwitchDown):
        fork_request(f"{URL} mono")


def test_one_optional_word_is_a_text_if_it_begins_with_a_bracket() -> None:
    assert bug_and_text("") == ("audio_fork", "")
    assert bug_and_text('{"a":1}') == ("audio_fork", '{"a":1}')
    assert bug_and_text("voicebot") == ("voicebot", "")
    assert bug_and_text("voicebot bye now") == ("voicebot", "bye")


def test_connecting_failing_and_being_left() -> None:
    fork = AudioFork("call-1")
    fork.start(fork_request(f"{URL} mono 8k"))
    assert told(fork.failed(6, "refused")) == [("mod_audio_fork::connect_failed", '{"reason":"Unable to connect"}')]
    assert fork.start(fork_request(f"{URL} mono 8k")) == (False, [])  # the bug stays until it is stopped
    assert fork.stop("")[0]
    fork = opened()
    assert told(fork.closed_by_server(1000, "")) == [("mod_audio_fork::disconnect", "")]
    assert fork.bug is Bug.LOST


def test_texts_of_the_server() -> None:
    fork = opened()
    assert told(fork.received('{"type":"transfer","data":{"to":1}}', "/f")) == [
        ("mod_audio_fork::transfer", '{"to":1}')
    ]
    assert told(fork.received('{"type":"disconnect"}', "/f")) == [("mod_audio_fork::disconnect", "")]
    whole = '{"type":"json","x":1}'
    assert told(fork.received(whole, "/f")) == [("mod_audio_fork::json", whole)]
    assert fork.received('{"type":"other"}', "/f") == fork.received("no json", "/f") == []
    assert fork.received('{"type":"killAudio"}', "/f")[0] == DropAudio()


def test_play_audio_writes_a_file_and_without_a_type_brings_the_switch_down() -> None:
    fork = opened()
    data = {"audioContentType": "raw", "sampleRate": 8000, "audioContent": "AQAB", "textContent": "hi"}
    effects = fork.received(json.dumps({"type": "playAudio", "data": data}), "/f")
    assert effects[0] == StoreAudio("call-1_0.tmp.r8", b"\x01\x00\x01")
    ((subclass, body),) = told(effects)
    assert subclass == "mod_audio_fork::play_audio"
    assert json.loads(body) == {
        "audioContentType": "raw",
        "sampleRate": 8000,
        "textContent": "hi",
        "file": "/f/call-1_0.tmp.r8",
    }
    assert fork.received('{"type":"playAudio","data":{"audioContent":""}}', "/f") == [Crash()]


def frame(value: int) -> bytes:
    return np.full(160, value, dtype="<i2").tobytes()


def loud(inbox: FromServer, ticks: int) -> list[int]:
    heard: list[Samples] = [inbox.take() for _ in range(ticks)]
    return [int(samples[0]) for samples in heard]


def test_a_two_way_module_collects_80_ms_first_and_then_40_at_a_time() -> None:
    inbox = FromServer(BinaryPlayback(8000, 80, 40))
    for value in (1, 2, 3):
        inbox.feed(frame(value))
    assert loud(inbox, 2) == [0, 0]
    inbox.feed(frame(4))
    assert loud(inbox, 4) == [1, 2, 3, 4]
    inbox.feed(frame(5))
    assert loud(inbox, 1) == [0]
    assert inbox.underruns == 1
    inbox.feed(frame(6))
    assert loud(inbox, 3) == [5, 6, 0]


def test_what_is_dropped_is_not_heard() -> None:
    inbox = FromServer(BinaryPlayback(8000, 40, 40))
    for value in (1, 2, 3):
        inbox.feed(frame(value))
    assert loud(inbox, 1) == [1]
    inbox.drop()
    inbox.feed(frame(9))
    inbox.feed(frame(9))
    assert loud(inbox, 3) == [9, 9, 0]
