"""How the event socket cuts a byte stream: a block of header lines, a blank line, and the body it announces.

Both directions are framed alike, so the client's parser (`protocol.py`) and the server's (`encoding.py`)
share this file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

MAX_HEADER_BYTES = 256 * 1024
"""A channel event with all its variables takes about 10 KiB; this leaves room and still bounds memory."""

MAX_BODY_BYTES = 4 * 1024 * 1024


class EslProtocolError(Exception):
    """The peer does not speak the event socket protocol, or a message is larger than the limit."""


@dataclass(frozen=True, slots=True)
class Block:
    """Header lines without their line ends, and the body's bytes."""

    lines: tuple[str, ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Head:
    lines: tuple[str, ...]
    body_length: int


T = TypeVar("T")


class BlockReader(Generic[T]):
    """Collects bytes into blocks and builds each into a message.

    How the stream was cut makes no difference. Once it has raised `EslProtocolError` it raises it again for whatever
    comes: where one message ends wrongly, no later one can be trusted.
    """

    def __init__(
        self,
        build: Callable[[Block], T],
        max_header_bytes: int = MAX_HEADER_BYTES,
        max_body_bytes: int = MAX_BODY_BYTES,
    ) -> None:
        self._build = build
        self._max_header_bytes = max_header_bytes
        self._max_body_bytes = max_body_bytes
        self._buffer = bytearray()
        self._scanned = 0  # no blank line begins before this offset
        self._head: _Head | None = None  # its body is still to come
        self._error: EslProtocolError | None = None

    def feed(self, data: bytes) -> Iterator[T]:
        """The messages that `data` completes, as they are asked for; what is wrong is raised after those before it."""
        if self._error is None:
            self._buffer += data
        return self._messages()

    def _messages(self) -> Iterator[T]:
        if self._error is not None:
            raise self._error
        try:
            while (block := self._take()) is not None:
                yield self._build(block)
        except EslProtocolError as error:
            self._error = error
            self._buffer.clear()
            raise

    def _take(self) -> Block | None:
        self._head = self._head or self._take_head()
        if self._head is None or len(self._buffer) < self._head.body_length:
            return None
        head, self._head = self._head, None
        body = bytes(self._buffer[: head.body_length])
        del self._buffer[: head.body_length]
        return Block(head.lines, body)

    def _take_head(self) -> _Head | None:
        start = 0
        while self._buffer.startswith(b"\n", start):  # blank lines between blocks mean nothing
            start += 1
        if start:
            del self._buffer[:start]
            self._scanned = 0
        end = self._buffer.find(b"\n\n", self._scanned)
        # Where the blank line begins, or could: the limit must not depend on how the stream was cut.
        soonest = end if end >= 0 else len(self._buffer) - self._buffer.endswith(b"\n")
        if soonest > self._max_header_bytes:
            raise EslProtocolError(f"no end of headers within {self._max_header_bytes} bytes")
        if end < 0:
            self._scanned = max(0, len(self._buffer) - 1)
            return None
        lines = header_lines(bytes(self._buffer[:end]))
        del self._buffer[: end + 2]
        self._scanned = 0
        return _Head(lines, content_length(lines, self._max_body_bytes))


def header_lines(data: bytes) -> tuple[str, ...]:
    """Lines as text; bytes that are not UTF-8 become U+FFFD, since the switch passes on what phones send."""
    return tuple(line.rstrip("\r") for line in data.decode("utf-8", "replace").split("\n"))


def headers_of(lines: Iterable[str]) -> dict[str, str]:
    """`Name: value` lines as a mapping; a repeated name keeps its last value."""
    headers = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name:
            raise EslProtocolError(f"not a header line: {line[:80]!r}")
        headers[name] = value.strip(" ")
    return headers


def content_length(lines: Iterable[str], limit: int = MAX_BODY_BYTES) -> int:
    """The announced length of the body in bytes; 0 where none is announced."""
    for line in lines:
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            text = value.strip()
            if not (text.isascii() and text.isdigit() and len(text) <= 12):
                raise EslProtocolError(f"Content-Length is not a number: {text[:40]!r}")
            if int(text) > limit:
                raise EslProtocolError(f"a body of {int(text)} bytes; the limit is {limit}")
            return int(text)
    return 0
