"""Speaks the dialogue protocol to one worker: `DialogueClient("unix:/run/voicebot/dialogue.sock")`."""

from __future__ import annotations

from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import quote

import httpx
from pydantic import ValidationError

from dialogue.protocol import Health, Message, Problem, ProblemCode, Replied, Start, Started, Turn

Answered = TypeVar("Answered", bound=Message)


class DialogueError(Exception):
    """The worker answered with a problem. The message names scripts and slots, never a customer's value."""

    def __init__(self, code: ProblemCode, message: str) -> None:
        super().__init__(message)
        self.code = code


class DialogueUnavailable(Exception):
    """No worker answered: none runs, the connection broke twice, or the answer did not come in time."""


class DialogueClient:
    """`address` is `unix:PATH` or `tcp:HOST:PORT`, `timeout` in seconds for one request.

    A request whose connection drops is sent once more: a worker answers a turn that it has already played, or a
    conversation that it has already begun, with the same answer.
    """

    def __init__(self, address: str, timeout: float = 5.0) -> None:
        self.address = address
        kind, _, place = address.partition(":")
        if kind not in {"unix", "tcp"} or not place:
            raise ValueError(f"an address is unix:PATH or tcp:HOST:PORT, not {address}")
        self._http = httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(uds=place if kind == "unix" else None),
            base_url="http://dialogue" if kind == "unix" else f"http://{place}",
            timeout=timeout,
            trust_env=False,  # a proxy is not for a worker
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()

    async def start(self, start: Start) -> Started:
        return await self._ask("POST", "/v1/conversations", start, Started)

    async def turn(self, conversation: str, turn: Turn) -> Replied:
        return await self._ask("POST", f"/v1/conversations/{quote(conversation, safe='')}/turns", turn, Replied)

    async def end(self, conversation: str) -> None:
        """Let the worker forget the conversation; also if it never knew it."""
        response = await self._send("DELETE", f"/v1/conversations/{quote(conversation, safe='')}", None)
        if response.status_code != httpx.codes.NO_CONTENT:
            raise _error(response)

    async def health(self) -> Health:
        return await self._ask("GET", "/v1/health", None, Health)

    async def _ask(self, method: str, path: str, message: Message | None, answer: type[Answered]) -> Answered:
        response = await self._send(method, path, message)
        if response.status_code != httpx.codes.OK:
            raise _error(response)
        try:
            return answer.model_validate_json(response.content)
        except ValidationError as error:
            places = ", ".join(".".join(map(str, one["loc"])) for one in error.errors(include_input=False))
            raise DialogueError(ProblemCode.INTERNAL, f"the worker's answer breaks the protocol at {places}") from None

    async def _send(self, method: str, path: str, message: Message | None) -> httpx.Response:
        body = message.model_dump_json().encode() if message is not None else None
        try:
            try:
                return await self._send_once(method, path, body)
            except (httpx.NetworkError, httpx.RemoteProtocolError):
                return await self._send_once(method, path, body)
        except httpx.TimeoutException:
            raise DialogueUnavailable("the dialogue worker did not answer in time") from None
        except httpx.TransportError as error:
            raise DialogueUnavailable(f"the dialogue worker cannot be reached ({type(error).__name__})") from None

    async def _send_once(self, method: str, path: str, body: bytes | None) -> httpx.Response:
        if self._http.is_closed:  # the worker's death may be noticed between two requests of a caller
            raise DialogueUnavailable("the dialogue worker is gone")
        return await self._http.request(method, path, content=body)


def _error(response: httpx.Response) -> DialogueError:
    try:
        problem = Problem.model_validate_json(response.content)
    except ValidationError:
        return DialogueError(ProblemCode.INTERNAL, f"the worker answered with status {response.status_code}")
    return DialogueError(problem.code, problem.message)
