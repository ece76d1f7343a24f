"""What replays run in: engines, and dialogue workers that begin conversations with a chosen version of the script."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from bot.call.equipment import Equipment, OneModel
from bot.call.service import CallService
from bot.replay.recorded import CannotReplay
from bot.settings import Settings
from dialogue.conversation import Conversation
from dialogue.protocol import Start
from dialogue.supervisor import DialogueWorkers, find_dialogue_python
from nlu import model
from speech.asr.engines import Options, load_recogniser
from speech.asr.port import Recogniser
from speech.engines import UnknownEngine, load_synthesiser
from speech.vad.silero import SileroModel


class PinnedWorkers(DialogueWorkers):
    """Dialogue workers whose conversations begin with the version chosen for their script; None is the newest."""

    def __init__(self, versions: Mapping[str, str | None], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._versions = versions

    def conversation(self, start: Start, wait: float | None = None) -> Conversation:
        return super().conversation(start.model_copy(update={"version": self._versions.get(start.script)}), wait)


@asynccontextmanager
async def replay_house(
    settings: Settings, versions: Mapping[str, str | None], understander: str, recogniser: str
) -> AsyncIterator[CallService]:
    """A service for calls in virtual time, with these versions of the scripts. Its tapes are forgotten at the end.

    A recogniser gets the options of the settings where they are for it. Raises the rooms' own errors, each
    naming its remedy.
    """
    speech = settings.speech
    options = speech.recogniser_options if recogniser == speech.recogniser else {}
    async with AsyncExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="voicebot-replay-")))
        folders = settings.folders.model_copy(update={"tapes": scratch})
        equipment = Equipment(
            settings.model_copy(update={"folders": folders}),
            _recogniser(recogniser, options),
            load_synthesiser(speech.synthesiser, speech.synthesiser_options),
            OneModel(model.load(settings.folders.models / "nlu" / understander)),
            SileroModel(),
        )
        stack.callback(equipment.close)
        workers = PinnedWorkers(
            versions,
            find_dialogue_python(settings.dialogue.python),
            settings.folders.models / "dialogue",
            sorted(versions),
            1,
            settings.folders.runtime,
            timeout=settings.dialogue.turn_timeout_ms / 1000,
        )
        await stack.enter_async_context(workers)
        yield CallService(equipment, workers, None, None)


def _recogniser(name: str, options: Options) -> Recogniser:
    try:
        return load_recogniser(name, options)
    except UnknownEngine as error:
        raise CannotReplay(
            f'{error}. Its options are taken from [speech] of the settings where `recogniser` is "{name}": '
            "name such a file with --settings"
        ) from None
