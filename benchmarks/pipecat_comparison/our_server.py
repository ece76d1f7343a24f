"""Our side: the media server and, for each link, the ears of a call, as `voicebot bench media` has them."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.streams.listening import deaf_ears
from benchmarks.streams.load import take_all_files
from bot.call.core.events import Event, VoiceStopped
from bot.logs import quieten_logs
from speech.vad.silero import SileroModel
from telephony_bridge.media_link import WebsocketMediaLink
from telephony_bridge.media_server import MediaServer

WHAT = (
    "ours: media server, recording, energy gate and Silero at 8 kHz, tones, endpointing; "
    "the rest of the turn-taking core takes part only when a voice begins or ends"
)


class Server:
    def __init__(self, folder: Path) -> None:
        self.turns = 0
        self._model = SileroModel()
        self._folder = folder

    async def serve(self, calls: int) -> None:
        media = MediaServer("127.0.0.1", 0)
        await media.start()
        names = [f"call-{number}" for number in range(calls)]
        coming = [media.expect(name) for name in names]
        print(json.dumps({"urls": [media.url_for(name) for name in names], "what": WHAT}), flush=True)
        listening = asyncio.gather(*(self._listen(link) for link in await asyncio.gather(*coming)))
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while await reader.readline():
            used = os.times()
            print(json.dumps({"cpu_s": used.user + used.system, "turns": self.turns}), flush=True)
        await media.close()
        await listening

    async def _listen(self, link: WebsocketMediaLink) -> None:
        await deaf_ears(link, self._model, self._folder, self._told).run()

    def _told(self, event: Event) -> None:
        self.turns += isinstance(event, VoiceStopped)


def main() -> None:
    take_all_files()
    quieten_logs()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(Server(Path(folder)).serve(int(sys.argv[1])))


if __name__ == "__main__":
    main()
