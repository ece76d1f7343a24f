"""Everything a process needs to place calls, brought up in order and taken down in reverse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import PurePosixPath

from bot.call.admission import watched_loop
from bot.call.equipment import Equipment
from bot.call.keyring import load_keyring
from bot.call.media import media_source
from bot.call.remains import finish_remains
from bot.call.script_source import Scripts, WorkingFolder
from bot.call.service import CallService
from bot.call.settled_memory import settled_memory
from bot.settings import Settings
from dialogue.supervisor import DialogueWorkers, find_dialogue_python
from telephony_bridge.balancer import Terms
from telephony_bridge.dialects import DIALECTS
from telephony_bridge.esl.connection import Endpoint
from telephony_bridge.freeswitch import FreeSwitch
from telephony_bridge.freeswitch_leg import PromptFolder
from telephony_bridge.freeswitch_pool import FreeSwitchPool
from telephony_bridge.lateness import Lateness


@asynccontextmanager
async def platform(
    settings: Settings, scripts: Sequence[str], *, with_switch: bool, versions: Scripts | None = None
) -> AsyncIterator[CallService]:
    """Load engines, start dialogue workers, and, `with_switch`, listen for media and connect to the switches.

    `versions` says which version of its script each call gets: the working folder's where not given.
    First of all, what a process that died left of its calls is put in order.
    Raises what is missing as `NotReady`, `SwitchUnreachable` or the rooms' own errors, each naming its remedy.
    """
    await asyncio.to_thread(finish_remains, settings.folders.tapes, load_keyring(settings.recordings))
    media = media_source(settings) if with_switch else None  # a mistake is told before engines are loaded
    async with AsyncExitStack() as stack:
        equipment = Equipment.load(settings, for_calls=with_switch)
        stack.callback(equipment.close)
        versions = versions or WorkingFolder(settings.folders.scripts)
        sources = [source for script in scripts for source in versions.sources(script)]
        for source in sources:
            equipment.prepare(source)
        workers = DialogueWorkers(
            find_dialogue_python(settings.dialogue.python),
            settings.folders.models / "dialogue",
            scripts,
            settings.dialogue.workers,
            settings.folders.runtime,
            timeout=settings.dialogue.turn_timeout_ms / 1000,
        )
        if media is None:
            await stack.enter_async_context(workers)
            yield CallService(equipment, workers, None, None, versions)
            return
        warm = asyncio.gather(*(asyncio.to_thread(equipment.warm_up, source) for source in sources))
        stack.callback(warm.cancel)
        await stack.enter_async_context(workers)
        await warm
        stack.enter_context(settled_memory())
        await media.start()
        stack.push_async_callback(media.close)
        lateness = await stack.enter_async_context(watched_loop(settings.call.most_late_ms))
        switch = await connect(settings, lateness)
        stack.push_async_callback(switch.close)
        yield CallService(equipment, workers, switch, media, versions)


async def connect(settings: Settings, lateness: Lateness) -> FreeSwitchPool:
    """To every switch of the settings; new calls are taken while `lateness` allows.

    Raises `SwitchUnreachable`, `SwitchRefused` or `Unsafe`.
    """
    switch = settings.switch
    prompts = None
    if switch.prompt_folder is not None:
        prompts = PromptFolder(settings.folders.prompts, PurePosixPath(switch.prompt_folder))
    members = {
        FreeSwitch(
            Endpoint(node.host, node.port, node.password.get_secret_value()),
            switch.dial_string,
            DIALECTS[switch.dialect],
            prompts,
            switch.caller_id,
        ): Terms(node.weight, node.max_calls, node.calls_per_second, node.drain)
        for node in switch.pool
    }
    return await FreeSwitchPool.connect(members, lambda: lateness.overloaded)
