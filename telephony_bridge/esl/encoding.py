"""The event socket as a server speaks it, without I/O: commands in, messages and events out.

The bridge is a client and never needs this; the simulated switch and the tests play the server with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from telephony_bridge.esl.framing import MAX_BODY_BYTES, MAX_HEADER_BYTES, Block, BlockReader, headers_of

_SAFE = "!$'()*,-./_~"
"""Characters besides letters and digits that FreeSWITCH leaves as they are in a plain event's values."""


@dataclass(frozen=True, slots=True)
class EslCommand:
    """`api status` has the verb `api` and the argument `status`; `sendmsg` brings headers and perhaps a body."""

    verb: str
    argument: str
    headers: Mapping[str, str]
    body: str = ""


class CommandParser:
    """Feed it what a client sent; get whole commands. Raises only `EslProtocolError`, after which it is done for."""

    def __init__(self, max_header_bytes: int = MAX_HEADER_BYTES, max_body_bytes: int = MAX_BODY_BYTES) -> None:
        self._blocks = BlockReader(_command, max_header_bytes, max_body_bytes)

    def feed(self, data: bytes) -> Iterator[EslCommand]:
        return self._blocks.feed(data)


def _command(block: Block) -> EslCommand:
    verb, _, argument = block.lines[0].partition(" ")
    return EslCommand(verb, argument, headers_of(block.lines[1:]), block.body.decode("utf-8", "replace"))


def auth_request() -> bytes:
    return b"Content-Type: auth/request\n\n"


def command_reply(text: str, headers: Mapping[str, str] | None = None) -> bytes:
    """`text` begins with +OK or -ERR; `headers` adds others, such as Job-UUID."""
    return _head({"Content-Type": "command/reply", "Reply-Text": text, **(headers or {})})


def api_response(body: str) -> bytes:
    data = body.encode()
    return _head({"Content-Type": "api/response", "Content-Length": str(len(data))}) + data


def event(headers: Mapping[str, str], body: str = "") -> bytes:
    """A plain event; `headers` begin with Event-Name and are given unencoded."""
    lines = "".join(f"{name}: {quote(value, safe=_SAFE)}\n" for name, value in headers.items())
    content = body.encode()
    tail = f"Content-Length: {len(content)}\n\n".encode() + content if content else b"\n"
    inner = lines.encode() + tail
    return _head({"Content-Length": str(len(inner)), "Content-Type": "text/event-plain"}) + inner


def disconnect_notice(text: str = "Disconnected, goodbye.\n") -> bytes:
    data = text.encode()
    return _head({"Content-Type": "text/disconnect-notice", "Content-Length": str(len(data))}) + data


def rude_rejection(text: str = "Access Denied, go away.\n") -> bytes:
    """What a client outside the access list gets instead of an authentication request."""
    data = text.encode()
    return _head({"Content-Type": "text/rude-rejection", "Content-Length": str(len(data))}) + data


def _head(headers: Mapping[str, str]) -> bytes:
    return ("".join(f"{name}: {value}\n" for name, value in headers.items()) + "\n").encode()
