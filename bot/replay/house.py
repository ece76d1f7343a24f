"""What replays run in: engines, dialogue workers, and a chosen version of each script."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bot.call.equipment import Equipment, OneModel
from bot.call.script_source import FixedSources, ScriptSource
from bot.call.service import CallService
from bot.replay.recorded import CannotReplay
from bot.settings import Settings
from dialogue.supervisor import DialogueWorkers, find_dialogue_python
from nlu import model
from speech.asr.engines import Options, load_recogniser
from speech.asr.port import Recogniser
from speech.engines import UnknownEngine, load_synthesiser
from speech.vad.silero import SileroModel


@asynccontextmanager
async def replay_house(
    settings: Settings, sources: Sequence[ScriptSource], understander: str, recogniser: str
) -> AsyncIterator[CallService]:
    """A service for calls in virtual time, with these scripts. Its tapes are forgotten at the end.

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
        workers = DialogueWorkers(
            find_dialogue_python(settings.dialogue.python),
            settings.folders.models / "dialogue",
            sorted(source.name for source in sources),
            1,
            settings.folders.runtime,
            timeout=settings.dialogue.turn_timeout_ms / 1000,
        )
        await stack.enter_async_context(workers)
        scripts = FixedSources({source.name: source for source in sources})
        yield CallService(equipment, workers, None, None, scripts)


def _recogniser(name: str, options: Options) -> Recogniser:
    try:
        return load_recogniser(name, options)
    except UnknownEngine as error:
        raise CannotReplay(
            f'{error}. Its options are taken from [speech] of the settings where `recogniser` is "{name}": '
            "name such a file with --settings"
        ) from None
