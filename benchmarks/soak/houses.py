"""The platform of the soak: one process, one media server, and for each dialect a pool of switches of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from pydantic import SecretStr

from benchmarks.soak.engines import DrawnWords
from benchmarks.soak.nodes import Node
from bot.call.admission import watched_loop
from bot.call.equipment import Equipment
from bot.call.media import media_server
from bot.call.platform import connect
from bot.call.script_source import ScriptSource
from bot.call.service import CallService
from bot.settings import MediaSettings, NodeSettings, RecordingSettings, Settings
from dialogue.supervisor import DialogueWorkers, find_dialogue_python
from nlu.in_service import ModelsInService
from speech.engines import load_synthesiser
from speech.vad.silero import SileroModel

SCRIPTS = ("repayment_reminder", "satisfaction_survey")
QUEUES = {"collections": "9300 XML default", "service": "9311 XML default"}
"""A colleague takes the calls of one script, and nobody is free for those of the other."""


@dataclass(frozen=True, slots=True)
class House:
    """Who places calls through the nodes of one dialect."""

    service: CallService
    nodes: tuple[Node, ...]


def settings_in(settings: Settings, folder: Path) -> Settings:
    """What the soak writes goes into `folder`, and its media server takes any port."""
    folders = settings.folders.model_copy(
        update={"tapes": folder / "tapes", "prompts": folder / "prompts", "runtime": folder / "run"}
    )
    update = {
        "folders": folders,
        "media": MediaSettings(port=0),
        "queues": QUEUES,
        "recordings": RecordingSettings(),  # sealed ones would have to be known by another name
    }
    return settings.model_copy(update=update)


@asynccontextmanager
async def houses(settings: Settings, nodes: Sequence[Node], seed: int, calls: int) -> AsyncIterator[list[House]]:
    """`settings` as `settings_in` gives them. A node takes as many calls as all others together leave it."""
    media = media_server(settings.media)
    async with AsyncExitStack() as stack:
        workers = DialogueWorkers(
            find_dialogue_python(settings.dialogue.python),
            settings.folders.models / "dialogue",
            SCRIPTS,
            settings.dialogue.workers,
            settings.folders.runtime,
            timeout=settings.dialogue.turn_timeout_ms / 1000,
        )
        await stack.enter_async_context(workers)
        await media.start()
        stack.push_async_callback(media.close)
        synthesiser = load_synthesiser(settings.speech.synthesiser, settings.speech.synthesiser_options)
        meaning = ModelsInService(settings.folders.models / "nlu")
        recogniser, voice_activity = DrawnWords(Random(seed)), SileroModel()
        lateness = await stack.enter_async_context(watched_loop(settings.call.most_late_ms))
        found = []
        for dialect in dict.fromkeys(node.dialect for node in nodes):
            own = tuple(node for node in nodes if node.dialect == dialect)
            theirs = _for_dialect(settings, dialect, own, calls)
            equipment = Equipment(theirs, recogniser, synthesiser, meaning, voice_activity)
            stack.callback(equipment.close)
            for script in SCRIPTS:
                equipment.prepare(ScriptSource(script, theirs.folders.scripts))
            switch = await connect(theirs, lateness)
            stack.push_async_callback(switch.close)
            found.append(House(CallService(equipment, workers, switch, media), own))
        await asyncio.to_thread(meaning.live)  # read from the disk now, not in the first call
        yield found


def _for_dialect(settings: Settings, dialect: str, nodes: Sequence[Node], calls: int) -> Settings:
    places = tuple(
        NodeSettings(
            host=node.endpoint.host,
            port=node.endpoint.port,
            password=SecretStr(node.endpoint.password),
            max_calls=max(1, calls),
            calls_per_second=5,
        )
        for node in nodes
    )
    ways = {"nodes": places, "dialect": dialect, "prompt_folder": None, "dial_string": "sofia/gateway/trunk/{number}"}
    return settings.model_copy(update={"switch": settings.switch.model_copy(update=ways)})
