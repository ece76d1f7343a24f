"""FreeSWITCH's event socket (ESL) as a client sees it, without I/O: bytes to messages, commands to bytes.

Why not the `genesis` library (0.3.5): it reads an event's body from the socket a second time, although the outer
Content-Length covers it, so it stalls on every BACKGROUND_JOB and mod_audio_* event (tried); a command that is
cancelled leaves its reply to the next one; it has no bgapi jobs and no reconnect, and logs the password at debug level.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

from telephony_bridge.esl.framing import (
    MAX_BODY_BYTES,
    MAX_HEADER_BYTES,
    Block,
    BlockReader,
    EslProtocolError,
    content_length,
    header_lines,
    headers_of,
)

__all__ = [
    "EslMessage",
    "EslParser",
    "EslProtocolError",
    "MessageKind",
    "UnsafeText",
    "api",
    "auth",
    "bgapi",
    "event_plain",
    "sendevent_custom",
    "sendmsg_execute",
]


class MessageKind(StrEnum):
    """What the switch sends, by Content-Type."""

    AUTH_REQUEST = "auth/request"
    COMMAND_REPLY = "command/reply"
    API_RESPONSE = "api/response"
    EVENT = "text/event-plain"
    DISCONNECT_NOTICE = "text/disconnect-notice"
    REJECTED = "text/rude-rejection"  # the switch's access list does not admit our address
    OTHER = "other"  # a type we never ask for; safe to ignore


_KINDS = {kind.value: kind for kind in MessageKind if kind is not MessageKind.OTHER}


@dataclass(frozen=True, slots=True)
class EslMessage:
    """One message. For an event, `headers` are the event's own, decoded; `body` is its inner body."""

    kind: MessageKind
    headers: Mapping[str, str]
    body: str = ""

    @property
    def reply(self) -> str:
        """The answer to a command: `Reply-Text` of a command reply, the body of an API response, without line end."""
        text = self.body if self.kind is MessageKind.API_RESPONSE else self.headers.get("Reply-Text", "")
        return text.rstrip("\n")

    @property
    def event_name(self) -> str:
        return self.headers.get("Event-Name", "")

    @property
    def subclass(self) -> str:
        """A CUSTOM event's own name, such as `mod_audio_stream::connect`."""
        return self.headers.get("Event-Subclass", "")

    @property
    def unique_id(self) -> str:
        """The channel an event is about; empty for events about none."""
        return self.headers.get("Unique-ID", "")


class EslParser:
    """Feed it what the socket gave; get whole messages. Raises only `EslProtocolError`, after which it is done for."""

    def __init__(self, max_header_bytes: int = MAX_HEADER_BYTES, max_body_bytes: int = MAX_BODY_BYTES) -> None:
        self._blocks = BlockReader(_message, max_header_bytes, max_body_bytes)

    def feed(self, data: bytes) -> Iterator[EslMessage]:
        return self._blocks.feed(data)


def _message(block: Block) -> EslMessage:
    headers = headers_of(block.lines)
    content_type = headers.get("Content-Type")
    if content_type is None:
        raise EslProtocolError(f"a message without Content-Type: {block.lines[0][:80]!r}")
    kind = _KINDS.get(content_type, MessageKind.OTHER)
    if kind is MessageKind.EVENT:
        return _event(block.body)
    return EslMessage(kind, headers, block.body.decode("utf-8", "replace"))


def _event(data: bytes) -> EslMessage:
    """A plain event: URL-encoded headers, and where Content-Length says so, a body after the blank line."""
    head, _, rest = data.partition(b"\n\n")
    lines = header_lines(head.rstrip(b"\n"))
    length = content_length(lines)
    if length > len(rest):
        raise EslProtocolError(f"an event announces a body of {length} bytes and brings {len(rest)}")
    headers = {name: unquote(value) for name, value in headers_of(lines).items()}
    return EslMessage(MessageKind.EVENT, headers, rest[:length].decode("utf-8", "replace"))


class UnsafeText(ValueError):
    """Text that would end a line of a command and so smuggle in another one, or that UTF-8 cannot carry."""


_LINE_BREAKS = re.compile(r"[\r\n\0]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def one_line(text: str, what: str) -> str:
    """`text` itself, or `UnsafeText` naming `what` where it holds a line break, a NUL or half of a character."""
    if _LINE_BREAKS.search(text):
        raise UnsafeText(f"{what} must not contain a line break or a NUL character")
    if _SURROGATES.search(text):
        raise UnsafeText(f"{what} must be text that UTF-8 can carry")
    return text


def auth(password: str) -> bytes:
    return _command(f"auth {one_line(password, 'the password')}")


def api(command: str) -> bytes:
    """Run an API command; the answer is an `API_RESPONSE`."""
    return _command(f"api {one_line(command, 'an api command')}")


def bgapi(command: str) -> bytes:
    """Run an API command in the background: a `COMMAND_REPLY` with Job-UUID, then a BACKGROUND_JOB event."""
    return _command(f"bgapi {one_line(command, 'a bgapi command')}")


def event_plain(names: Iterable[str], subclasses: Iterable[str] = ()) -> bytes:
    """Subscribe to events by name; subclasses are those of CUSTOM events."""
    words = ["event", "plain", *names]
    custom = list(subclasses)
    if custom:
        words += ["CUSTOM", *custom]
    if any(not word or " " in word for word in words):
        raise UnsafeText("an event name must be one word")
    return _command(one_line(" ".join(words), "an event name"))


def sendmsg_execute(uuid: str, application: str, argument: str, event_uuid: str) -> bytes:
    """Have a channel run an application after those already queued.

    `event-lock` keeps queued applications in order (without it they nest); `event_uuid` comes back as
    `Application-UUID` in the CHANNEL_EXECUTE and CHANNEL_EXECUTE_COMPLETE events.
    """
    return _command(
        f"sendmsg {one_line(uuid, 'a channel id')}",
        "call-command: execute",
        f"execute-app-name: {one_line(application, 'an application name')}",
        f"execute-app-arg: {one_line(argument, 'an application argument')}",
        "event-lock: true",
        f"Event-UUID: {one_line(event_uuid, 'an event id')}",
    )


def sendmsg_unicast(uuid: str, local: tuple[str, int], remote: tuple[str, int]) -> bytes:
    """Have a parked channel exchange its audio in UDP packets: `local` is the switch's own end, `remote` ours.

    The reply says that the message was taken, not that there is audio. Never twice while the channel stays parked.
    """
    return _command(
        f"sendmsg {one_line(uuid, 'a channel id')}",
        "call-command: unicast",
        f"local-ip: {one_line(local[0], 'an address')}",
        f"local-port: {local[1]}",
        f"remote-ip: {one_line(remote[0], 'an address')}",
        f"remote-port: {remote[1]}",
        "transport: udp",
    )


def sendevent_custom(subclass: str, headers: Mapping[str, str]) -> bytes:
    """Have the switch send a CUSTOM event to all who subscribed to its subclass; the reply is `+OK` and an id."""
    return _command(
        "sendevent CUSTOM",
        f"Event-Subclass: {one_line(subclass, 'an event subclass')}",
        *(f"{_header_name(name)}: {one_line(value, f'header {name}')}" for name, value in headers.items()),
    )


_HEADER_NAME = re.compile(r"[A-Za-z0-9_-]+")


def _header_name(name: str) -> str:
    if not _HEADER_NAME.fullmatch(name):
        raise UnsafeText("a header's name may have letters, digits, _ and -")
    return name


def _command(*lines: str) -> bytes:
    return ("\n".join(lines) + "\n\n").encode()
