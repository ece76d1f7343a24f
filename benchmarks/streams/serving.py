"""The media server of the benchmark, in a process of its own: real links, real playouts, and a clock beside them."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import psutil

from benchmarks.streams.arrivals import judge, off_schedule, transit
from benchmarks.streams.cores import Others, keep_to_core
from benchmarks.streams.listening import deaf_ears
from benchmarks.streams.load import BEGUN_WITHIN_S, Borne, Load, take_all_files
from benchmarks.streams.pacing import BURST
from bot.call.latency import percentiles
from bot.call.settled_memory import settled_memory
from bot.logs import quieten_logs
from speech import wav
from speech.audio import TELEPHONE, Frame
from speech.vad.silero import SileroModel
from telephony_bridge.dialects import MOD_AUDIO_FORK_TWO_WAY
from telephony_bridge.frame_queue import FRAME_SAMPLES
from telephony_bridge.media import MediaFault
from telephony_bridge.media_link import WebsocketMediaLink
from telephony_bridge.media_server import MediaServer
from telephony_bridge.playout import FramePlayout

CONNECTED_WITHIN_S = 30.0
OVER_WITHIN_S = BEGUN_WITHIN_S + 1.0
"""After the callers' last frame, when the bot's last sentences are still to end. What comes later counts as dropped."""

SOUND = 1000
"""Each sample of the prompt, so that callers tell it from the silence that the server sends after it."""

Stream = tuple[Sequence[float], Sequence[float]]
"""Of one caller: when each frame was sent, and when each one came."""


class WatchedLink:
    """A call's media link, as its ears see it. `came`: of each frame its number, and when it was taken."""

    format = TELEPHONE

    def __init__(self, link: WebsocketMediaLink) -> None:
        self.link = link
        self.call_id = link.call_id
        self.came: list[tuple[int, float]] = []

    @property
    def fault(self) -> MediaFault | None:
        return self.link.fault

    @property
    def detail(self) -> str:
        return self.link.detail

    async def frames(self) -> AsyncIterator[Frame]:
        async for frame in self.link.frames():
            self.came.append((frame.position // FRAME_SAMPLES, time.monotonic()))
            yield frame

    async def take(self) -> None:
        """Listen without ears."""
        async for _ in self.frames():
            pass


async def bear(load: Load, callers: Connection) -> Borne:
    """Hold the calls whose customers are at the other end of the pipe."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        model = SileroModel()
        server = MediaServer("127.0.0.1", 0)
        await server.start()
        stack.push_async_callback(server.close)
        stack.enter_context(settled_memory())  # as the platform does
        before = _memory()
        links = await _connected(server, load, callers)
        runs = [deaf_ears(link, model, folder).run() if load.ears else link.take() for link in links]
        listening = [asyncio.create_task(run) for run in runs]
        await _begin(load, links, folder / "prompt.wav")
        others = Others()
        cpu_s = await _listen_s(callers)
        others_percent, grown = others.percent(), _memory() - before
        await asyncio.sleep(OVER_WITHIN_S)
        callers.send("stop")
        late, streams = await asyncio.to_thread(callers.recv)
        for task in listening:
            task.cancel()
    return Borne(
        load,
        cpu_s,
        others_percent,
        grown,
        judge(load.calls * load.frames_heard, _heard(links, streams)),
        judge(load.calls * load.frames_said, _said(streams)),
        percentiles(late) or {},
    )


async def _connected(server: MediaServer, load: Load, callers: Connection) -> list[WatchedLink]:
    names = [f"call-{number}" for number in range(load.calls)]
    coming = [server.expect(name) for name in names]
    callers.send((load, [server.url_for(name) for name in names]))
    async with asyncio.timeout(CONNECTED_WITHIN_S):
        return [WatchedLink(link) for link in await asyncio.gather(*coming)]


async def _begin(load: Load, links: Sequence[WatchedLink], prompt: Path) -> None:
    """The bot speaks in every call, where it is to be heard."""
    wav.write(prompt, Frame.of(np.full(load.frames_said * FRAME_SAMPLES, SOUND, np.int16), TELEPHONE.rate))
    dialect = MOD_AUDIO_FORK_TWO_WAY
    began = time.monotonic()
    for number, each in enumerate(links if load.two_way else ()):
        playout = FramePlayout(each.link, lambda event: None, ahead_ms=dialect.ahead_ms, flush=dialect.flush)
        await playout.play(prompt, "prompt")
        await asyncio.sleep(began + (number + 1) * BEGUN_WITHIN_S / load.calls - time.monotonic())


async def _listen_s(callers: Connection) -> float:
    """Until the customers have said everything; returns the seconds of CPU that took."""
    callers.send("begin")
    began = time.process_time()
    await asyncio.to_thread(callers.recv)
    return time.process_time() - began


def _heard(links: Sequence[WatchedLink], streams: Sequence[Stream]) -> list[float]:
    return [ms for link, (sent, _) in zip(links, streams, strict=True) for ms in transit(sent, link.came)]


def _said(streams: Sequence[Stream]) -> list[float]:
    return [ms for _, came in streams for ms in off_schedule(came, BURST)]


def _memory() -> int:
    return int(psutil.Process().memory_info().rss)


def main() -> None:
    """Takes a core, and the descriptors of two pipes: to the benchmark, and to the callers."""
    keep_to_core(int(sys.argv[1]))
    take_all_files()
    quieten_logs()
    benchmark, callers = (Connection(int(file)) for file in sys.argv[2:])
    benchmark.send(asyncio.run(bear(benchmark.recv(), callers)))


if __name__ == "__main__":
    main()
