"""The client against a server that drops, stalls or babbles."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from dialogue.client import DialogueClient, DialogueError, DialogueUnavailable
from dialogue.protocol import ProblemCode, Source, Turn
from tests.patience import PATIENCE_S, soon

pytestmark = pytest.mark.integration

TURN = Turn(turn=1, source=Source.SPEECH, intent="affirm")
REPLIED = json.dumps({"protocol": 1, "turn": 1, "reply": {"steps": [{"kind": "hang_up"}]}}).encode()

Behave = Callable[[int, asyncio.StreamWriter], Awaitable[None]]


def http(status: int, body: bytes) -> bytes:
    return b"HTTP/1.1 %d x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(body)) + body


@asynccontextmanager
async def server(folder: Path, behave: Behave) -> AsyncIterator[str]:
    """`behave(n, writer)` acts on the n-th request, after which the connection is closed."""
    requests = 0

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        await reader.readuntil(b"\r\n\r\n")
        requests += 1
        await behave(requests, writer)
        writer.close()

    path = folder / "s"
    async with await asyncio.start_unix_server(handle, path):
        yield f"unix:{path}"


async def test_a_dropped_connection_is_tried_once_more(tmp_path: Path) -> None:
    async def behave(number: int, writer: asyncio.StreamWriter) -> None:
        if number == 2:
            writer.write(http(200, REPLIED))

    async with server(tmp_path, behave) as address, DialogueClient(address, timeout=PATIENCE_S) as client:
        assert (await client.turn("c", TURN)).turn == 1


async def test_a_connection_that_drops_twice_is_a_worker_that_is_not_there(tmp_path: Path) -> None:
    seen: list[int] = []

    async def behave(number: int, writer: asyncio.StreamWriter) -> None:
        seen.append(number)

    async with server(tmp_path, behave) as address, DialogueClient(address, timeout=PATIENCE_S) as client:
        with pytest.raises(DialogueUnavailable, match="cannot be reached"):
            await client.turn("c", TURN)
    assert seen == [1, 2]


async def test_no_answer_in_time(tmp_path: Path) -> None:
    asked, give_up = asyncio.Event(), asyncio.Event()

    async def behave(number: int, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await give_up.wait()

    async with server(tmp_path, behave) as address, DialogueClient(address, timeout=PATIENCE_S) as client:
        client._http.timeout = httpx.Timeout(PATIENCE_S, read=0.0)  # in a hurry only once the request is sent
        with pytest.raises(DialogueUnavailable, match="in time"):
            await client.turn("c", TURN)
        await soon(asked.wait())
        give_up.set()


async def test_a_client_that_was_put_away_has_no_worker_either(tmp_path: Path) -> None:
    async def behave(number: int, writer: asyncio.StreamWriter) -> None:
        await client.close()  # as when the worker's death is noticed before the second try

    async with server(tmp_path, behave) as address, DialogueClient(address, timeout=PATIENCE_S) as client:
        with pytest.raises(DialogueUnavailable, match="is gone"):
            await client.turn("c", TURN)
        with pytest.raises(DialogueUnavailable, match="is gone"):
            await client.health()


@pytest.mark.parametrize("address", ["unix:{}/nothing", "tcp:127.0.0.1:1"])
async def test_nobody_listens(tmp_path: Path, address: str) -> None:
    async with DialogueClient(address.format(tmp_path), timeout=PATIENCE_S) as client:
        with pytest.raises(DialogueUnavailable, match="cannot be reached"):
            await client.health()


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (http(404, b'{"code": "unknown_conversation", "message": "m"}'), ProblemCode.UNKNOWN_CONVERSATION),
        (http(500, b"<html>"), ProblemCode.INTERNAL),
        (http(200, b'{"turn": 1, "reply": {"steps": [{"kind": "sing"}]}}'), ProblemCode.INTERNAL),
        (http(200, b"<html>"), ProblemCode.INTERNAL),
    ],
)
async def test_a_problem_has_its_code(tmp_path: Path, answer: bytes, code: ProblemCode) -> None:
    async def behave(number: int, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)

    async with server(tmp_path, behave) as address, DialogueClient(address, timeout=PATIENCE_S) as client:
        with pytest.raises(DialogueError) as caught:
            await client.turn("c", TURN)
    assert caught.value.code is code


def test_an_address_says_its_kind() -> None:
    with pytest.raises(ValueError, match="unix:PATH or tcp:HOST:PORT"):
        DialogueClient("localhost:80")
