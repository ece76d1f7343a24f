"""Reading `uuid_audio_stream ... start` and the channel variables that go with it, as mod_audio_stream does."""

from __future__ import annotations

import json
from collections.abc import Mapping

from telephony_bridge.simulated.media_socket import acceptable_url
from telephony_bridge.simulated.signals import BinaryPlayback, Mix, StreamRequest

USAGE = (
    "-USAGE: <uuid> [start | stop | send_text | pause | resume ] [wss-url | path] [mono | mixed | stereo] [8k | 16k]\n"
)
MAX_METADATA = 8192
_RATES = {"": 8000, "8k": 8000, "16k": 16000}


class UnusableStream(ValueError):
    """The module would answer `-ERR Operation Failed`."""


def stream_request(argument: str, variables: Mapping[str, str]) -> StreamRequest:
    """What follows the word `start`. Raises `UnusableStream`."""
    words = argument.split(" ", 3)
    url = words[0]
    mix = words[1] if len(words) > 1 else ""
    if not acceptable_url(url) or mix not in set(Mix):
        raise UnusableStream("start takes a ws:// or wss:// address and one of mono, mixed, stereo")
    metadata = (words[3] if len(words) > 3 else "").replace("\\", "")  # the switch eats escapes
    if len(metadata) > MAX_METADATA:
        raise UnusableStream(f"metadata of {len(metadata)} characters; the limit is {MAX_METADATA}")
    rate = _rate(words[2] if len(words) > 2 else "")
    return StreamRequest(
        url,
        Mix(mix),
        rate,
        metadata,
        _buffer_ms(variables.get("STREAM_BUFFER_SIZE", "20")),
        _extra_headers(variables.get("STREAM_EXTRA_HEADERS", "{}")),
        _heartbeat_s(variables.get("STREAM_HEART_BEAT", "")),
        plays=BinaryPlayback(rate),
    )


def text_argument(argument: str) -> str:
    """The text of `send_text` and `stop`: up to the first space, unless in single quotes."""
    if argument.startswith("'") and argument.endswith("'") and len(argument) > 1:
        return argument[1:-1]
    return argument.partition(" ")[0]


def _rate(text: str) -> int:
    if text in _RATES:
        return _RATES[text]
    if text.isascii() and text.isdigit() and int(text) and int(text) % 8000 == 0:
        return int(text)
    raise UnusableStream(f"the sampling rate is 8k, 16k or a multiple of 8000, not {text}")


def _buffer_ms(text: str) -> int:
    """Audio in one message; the module ignores what is no multiple of 20 ms."""
    return int(text) if text.isascii() and text.isdigit() and int(text) and int(text) % 20 == 0 else 20


def _heartbeat_s(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and int(text) else None


def _extra_headers(text: str) -> dict[str, str]:
    try:
        headers = json.loads(text)
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in headers.items()} if isinstance(headers, dict) else {}
