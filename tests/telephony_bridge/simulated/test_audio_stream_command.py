"""How `uuid_audio_stream start` and its channel variables are read."""

from __future__ import annotations

import pytest

from telephony_bridge.simulated.audio_stream_command import UnusableStream, stream_request, text_argument
from telephony_bridge.simulated.media_socket import origin_of
from telephony_bridge.simulated.signals import Mix

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("word", "rate"), [("8k", 8000), ("16k", 16000), ("8000", 8000), ("24000", 24000), ("48000", 48000)]
)
def test_rates(word: str, rate: int) -> None:
    assert stream_request(f"ws://h/ mono {word}", {}).rate == rate


def test_without_a_rate_it_is_8000_and_the_rest_of_the_line_is_metadata() -> None:
    assert stream_request("ws://h:1/p?q=1 stereo", {}).rate == 8000
    request = stream_request("ws://h:1/p?q=1 stereo 16k it's the rest, в целом", {})
    assert (request.url, request.mix, request.metadata) == ("ws://h:1/p?q=1", Mix.STEREO, "it's the rest, в целом")


def test_backslashes_are_eaten() -> None:
    assert stream_request(r'ws://h/ mono 8k "x \"y\" z"', {}).metadata == '"x "y" z"'


def test_channel_variables() -> None:
    variables = {
        "STREAM_BUFFER_SIZE": "100",
        "STREAM_HEART_BEAT": "30",
        "STREAM_EXTRA_HEADERS": '{"X-Call":"7"}',
    }
    request = stream_request("ws://h/ mono 8k", variables)
    assert (request.buffer_ms, request.heartbeat_s, request.extra_headers) == (100, 30, {"X-Call": "7"})


def test_unusable_channel_variables_are_left_out() -> None:
    variables = {"STREAM_BUFFER_SIZE": "30", "STREAM_HEART_BEAT": "often", "STREAM_EXTRA_HEADERS": "[1]"}
    request = stream_request("ws://h/ mono 8k", variables)
    assert (request.buffer_ms, request.heartbeat_s, request.extra_headers) == (20, None, {})


@pytest.mark.parametrize(
    "argument",
    [
        "",
        "http://h/ mono 8k",
        "ws://user:pw@h/ mono 8k",
        "ws://under_score/ mono 8k",
        "ws://h/ loud 8k",
        "ws://h/ mono 11025",
        "ws://h/ mono 0",
        f"ws://h/ mono 8k {'x' * 8193}",
    ],
)
def test_what_the_module_refuses(argument: str) -> None:
    with pytest.raises(UnusableStream):
        stream_request(argument, {})


@pytest.mark.parametrize(
    ("argument", "text"), [("'two words'", "two words"), ('{"a": "b c"}', '{"a":'), ("one", "one"), ("", "")]
)
def test_a_text_ends_at_a_space_unless_quoted(argument: str, text: str) -> None:
    assert text_argument(argument) == text


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("ws://127.0.0.1:9000/x?y=z", "http://127.0.0.1:9000"),
        ("ws://media.bank", "http://media.bank:80"),
        ("wss://media.bank/a", "http://media.bank:443"),
    ],
)
def test_the_origin_header(url: str, origin: str) -> None:
    assert origin_of(url) == origin
