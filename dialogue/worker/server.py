"""The four endpoints of dialogue/protocol.py over HTTP, on a Unix or a TCP socket."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from dialogue.worker.conversations import Conversations
from dialogue.worker.engine import make_fast
from dialogue.worker.problems import STATUS, Code, DialogueProblem
from dialogue.worker.shelf import Shelf
from dialogue.worker.wire import parse, render

MAX_BODY = 64 * 1024  # bytes; a turn is a few hundred
IDLE_SWEEP = 60.0  # seconds between looks for forgotten conversations
UNIX_PATH_LIMIT = 107  # bytes, of Linux


@dataclass(frozen=True)
class Settings:
    models: Path
    scripts: tuple[str, ...]  # loaded at start; empty: all that are built
    listen: str
    name: str
    idle_seconds: float
    stop_with_stdin: bool


class Endpoints:
    def __init__(self, name: str, shelf: Shelf, conversations: Conversations) -> None:
        self._name = name
        self._shelf = shelf
        self._conversations = conversations

    def application(self) -> web.Application:
        app = web.Application(client_max_size=MAX_BODY, middlewares=[_problems_as_json])
        app.router.add_post("/v1/conversations", self.start)
        app.router.add_post("/v1/conversations/{id}/turns", self.turn)
        app.router.add_delete("/v1/conversations/{id}", self.end)
        app.router.add_get("/v1/health", self.health)
        return app

    async def start(self, request: web.Request) -> web.Response:
        started = await self._conversations.start(parse(await request.read(), "Start"))
        return _json(render(started, "Started"))

    async def turn(self, request: web.Request) -> web.Response:
        turn = parse(await request.read(), "Turn")
        return _json(render(await self._conversations.turn(request.match_info["id"], turn), "Replied"))

    async def end(self, request: web.Request) -> web.Response:
        self._conversations.end(request.match_info["id"])
        return web.Response(status=204)

    async def health(self, _request: web.Request) -> web.Response:
        scripts = [
            {"script": one.manifest.script, "version": one.manifest.version, "languages": list(one.manifest.languages)}
            for one in self._shelf.loaded()
        ]
        health = {"protocol": 1, "worker": self._name, "scripts": scripts, "conversations": len(self._conversations)}
        return _json(render(health, "Health"))


def _json(body: bytes, status: int = 200) -> web.Response:
    return web.Response(body=body, status=status, content_type="application/json")


def _problem(code: Code, message: str, status: int) -> web.Response:
    body = {"protocol": 1, "code": code.value, "message": message}
    return _json(json.dumps(body, ensure_ascii=False).encode(), status)


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def _problems_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except DialogueProblem as problem:
        return _problem(problem.code, problem.message, STATUS[problem.code])
    except web.HTTPException as error:
        return _problem(Code.BAD_REQUEST, error.reason, error.status)
    except Exception as error:  # the type alone: a text could hold what the customer said
        return _problem(Code.INTERNAL, f"the worker failed: {type(error).__name__}", 500)


def serve(settings: Settings) -> int:
    """Run until SIGTERM, SIGINT or, if asked for, the end of standard input. Returns the exit code."""
    make_fast()
    try:
        asyncio.run(_serve(settings))
    except (DialogueProblem, OSError, ValueError) as error:
        print(f"the dialogue worker cannot start: {error}", file=sys.stderr, flush=True)
        return 1
    return 0


async def _serve(settings: Settings) -> None:
    shelf = Shelf(settings.models)
    names = settings.scripts or shelf.built()
    if not names:
        raise ValueError(f"no script is built in {settings.models}")
    for name in names:
        await shelf.get(name, None)
    conversations = Conversations(shelf, settings.idle_seconds, time.monotonic)
    runner = web.AppRunner(
        Endpoints(settings.name, shelf, conversations).application(), access_log=None, handle_signals=False
    )
    await runner.setup()
    stop = _stop_event(settings.stop_with_stdin)
    sweep = asyncio.create_task(_sweep(conversations))
    try:
        address = await _listen(runner, settings.listen)
        scripts = [{"script": one.manifest.script, "version": one.manifest.version} for one in shelf.loaded()]
        print(json.dumps({"event": "ready", "address": address, "scripts": scripts}), flush=True)
        await stop.wait()
    finally:
        sweep.cancel()
        await runner.cleanup()
        if settings.listen.startswith("unix:"):
            _remove(settings.listen[len("unix:") :])


async def _sweep(conversations: Conversations) -> None:
    while True:
        await asyncio.sleep(IDLE_SWEEP)
        conversations.forget_idle()


def _stop_event(stop_with_stdin: bool) -> asyncio.Event:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if stop_with_stdin:

        def on_input() -> None:
            if not os.read(sys.stdin.fileno(), 4096):
                loop.remove_reader(sys.stdin.fileno())
                stop.set()

        loop.add_reader(sys.stdin.fileno(), on_input)
    return stop


def _make_room(path: str) -> None:
    if len(os.fsencode(path)) > UNIX_PATH_LIMIT:
        raise ValueError(f"the socket's path is longer than {UNIX_PATH_LIMIT} bytes: {path}")
    _remove(path)


def _remove(path: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        Path(path).unlink()


async def _listen(runner: web.AppRunner, listen: str) -> str:
    """Open the socket and return its address, with the port that was free for port 0."""
    kind, _, place = listen.partition(":")
    if kind == "unix" and place:
        _make_room(place)
        mask = os.umask(0o177)  # for this user alone
        try:
            await web.UnixSite(runner, place).start()
        finally:
            os.umask(mask)
        return listen
    host, _, port = place.rpartition(":")
    if kind != "tcp" or not host or not port.isdigit():
        raise ValueError(f"--listen takes unix:PATH or tcp:HOST:PORT, not {listen}")
    await web.TCPSite(runner, host.strip("[]"), int(port)).start()
    return f"tcp:{host}:{runner.addresses[0][1]}"
