"""pipecat's side, in its own environment: for each websocket a pipeline of transport, voice detection and turns.

It imports nothing of the platform. `serving.py` says how it speaks with who started it.
"""

# mypy: ignore-errors
from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
import threading
from importlib.metadata import version

import uvicorn
from fastapi import FastAPI, WebSocket
from loguru import logger
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import InputAudioRawFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.audio.vad_processor import VADProcessor
from pipecat.serializers.base_serializer import FrameSerializer
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams, FastAPIWebsocketTransport
from pipecat.turns.user_stop import SpeechTimeoutUserTurnStopStrategy
from pipecat.turns.user_turn_processor import UserTurnProcessor
from pipecat.turns.user_turn_strategies import UserTurnStrategies
from pipecat.workers.runner import WorkerRunner

RATE = 8000


class PlainSerializer(FrameSerializer):
    """Samples as they come on the line: cheaper than pipecat's serializers for telephony, which unpack JSON first."""

    async def serialize(self, frame):
        return None

    async def deserialize(self, data):
        return InputAudioRawFrame(audio=data, sample_rate=RATE, num_channels=1) if isinstance(data, bytes) else None


class Server:
    def __init__(self, lean: bool) -> None:
        self.app = FastAPI()
        self.app.add_api_websocket_route("/media", self.hold)
        self.turns = 0
        self._spare = {"enable_rtvi": False, "enable_turn_tracking": False} if lean else {}

    async def hold(self, websocket: WebSocket) -> None:
        await websocket.accept()
        params = FastAPIWebsocketParams(audio_in_enabled=True, audio_out_enabled=True, serializer=PlainSerializer())
        transport = FastAPIWebsocketTransport(websocket, params)
        # Nobody transcribes, so a turn ends with the silence alone.
        stop = SpeechTimeoutUserTurnStopStrategy(wait_for_transcript=False)
        turns = UserTurnProcessor(user_turn_strategies=UserTurnStrategies(stop=[stop]))

        @turns.event_handler("on_user_turn_stopped")
        async def count(*_) -> None:
            self.turns += 1

        stages = [transport.input(), VADProcessor(vad_analyzer=SileroVADAnalyzer()), turns, transport.output()]
        worker = PipelineWorker(
            Pipeline(stages),
            params=PipelineParams(audio_in_sample_rate=RATE, audio_out_sample_rate=RATE),
            **self._spare,
        )

        @transport.event_handler("on_client_disconnected")
        async def leave(*_) -> None:
            await worker.cancel()

        runner = WorkerRunner(handle_sigint=False)
        await runner.add_workers(worker)
        await runner.run()


def main() -> None:
    logger.remove()
    calls, kind = int(sys.argv[1]), sys.argv[2]
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    server = Server(lean=kind == "lean")
    listening = uvicorn.Server(uvicorn.Config(server.app, host="127.0.0.1", port=0, log_level="error"))

    def answer() -> None:
        while not listening.started:
            threading.Event().wait(0.05)
        port = listening.servers[0].sockets[0].getsockname()[1]
        print(json.dumps({"urls": [f"ws://127.0.0.1:{port}/media"] * calls, "what": what(kind)}), flush=True)
        for _ in sys.stdin:
            used = os.times()
            print(json.dumps({"cpu_s": used.user + used.system, "turns": server.turns}), flush=True)
        os._exit(0)

    threading.Thread(target=answer, daemon=True).start()
    asyncio.run(listening.serve())


def what(kind: str) -> str:
    spare = ", without RTVI and turn tracking" if kind == "lean" else ""
    return (
        f"pipecat-ai {version('pipecat-ai')}{spare}: FastAPIWebsocketTransport (uvicorn {version('uvicorn')}), "
        "VADProcessor with SileroVADAnalyzer at 8 kHz, UserTurnProcessor with SpeechTimeoutUserTurnStopStrategy (0.6 s)"
    )


if __name__ == "__main__":
    main()
