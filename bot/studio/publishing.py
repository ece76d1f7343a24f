"""Makes a version of the working folder: checked, tried on its scenarios, its sentences spoken, stored, submitted."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from rich.console import Console

from bot.call.equipment import Equipment
from bot.call.platform import platform
from bot.call.script_source import ScriptSource
from bot.preparation import train_understanding
from bot.progress import step
from bot.rehearsal.playing import Played, cases, play
from bot.rehearsal.scenario import Mode, ScenarioFile
from bot.rehearsal.together import together
from bot.script_check import Checked
from bot.settings import Settings
from bot.studio.events import Stored, Submitted
from bot.studio.ledger import Ledger
from bot.studio.standing import NotAllowed, State
from bot.studio.versions import Manifest, Published, SpokenPrompt, store
from dialogue.script import Voice as WantedVoice
from nlu.pointers import live_version
from speech.asr.grammar import BOOK


class CannotPublish(Exception):
    """The working folder is not fit to be a version; the message says why, and what would help."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of the scenarios, and what the version would be if they all passed."""

    played: tuple[Played, ...]
    described: Manifest

    @property
    def failed(self) -> tuple[Played, ...]:
        return tuple(one for one in self.played if not one.verdict.good)


def try_out(settings: Settings, checked: Checked, files: Sequence[ScenarioFile], console: Console) -> Trial:
    """Play the scenarios of a script that was checked and trained, in text, and speak its sentences into the cache.

    Raises `CannotPublish` where there is nothing to try it with, and the rooms' own errors.
    """
    chosen = [file for file in files if file.scenario.script == checked.name]
    if not chosen:
        raise CannotPublish(
            f"no scenario tries {checked.name}, so nothing shows that it works: write one (`voicebot script new` shows "
            "how), or name its file or folder with --scenarios"
        )
    train_understanding(settings, console)
    return asyncio.run(_try_out(settings, checked, chosen, console))


async def _try_out(settings: Settings, checked: Checked, files: Sequence[ScenarioFile], console: Console) -> Trial:
    """The tapes are kept apart from those of calls to customers."""
    folders = settings.folders.model_copy(update={"tapes": settings.folders.tapes / "scenarios"})
    settings = settings.model_copy(update={"folders": folders})
    assert checked.version is not None
    async with platform(settings, [checked.name], with_switch=False) as service:
        chosen = cases(files, {Mode.TEXT}, ())
        with step("playing scenarios", total=len(chosen), console=console) as bar:
            played = await together(partial(play, service), chosen, bar.reach)
        equipment = service.equipment
        loaded = equipment.prepare(ScriptSource(checked.name, folders.scripts))
        languages = loaded.script.languages
        voices = {language: equipment.voice(language, loaded.script) for language in languages}
        described = Manifest(
            script=checked.name,
            rules=checked.version,
            understander=live_version(folders.models / "nlu"),
            synthesiser=f"{equipment.synthesiser.name} {equipment.synthesiser.version}",
            voices={language: WantedVoice(name=voice.name, rate=voice.rate) for language, voice in voices.items()},
            prompts=tuple(_speak(equipment, checked.name, console)),
            scenarios=len(played),
        )
    return Trial(tuple(played), described)


def _speak(equipment: Equipment, name: str, console: Console) -> list[SpokenPrompt]:
    """Every sentence without slots, rendered into the prompt cache."""
    loaded = equipment.prepare(ScriptSource(name, equipment.settings.folders.scripts))
    ready = [(spoken, one) for spoken in loaded.script.languages for one in loaded.catalogue.ready(spoken, {})]
    spoken = []
    with step("speaking prompts", total=len(ready), console=console) as bar:
        for number, (language, prompt) in enumerate(ready, 1):
            path = equipment.prompts.render(prompt.text, equipment.voice(language, loaded.script))
            sound = hashlib.sha256(path.read_bytes()).hexdigest()
            spoken.append(
                SpokenPrompt(
                    name=prompt.name, language=language, variation=prompt.variation, text=prompt.text, sound=sound
                )
            )
            bar.reach(number)
    return spoken


def publish(settings: Settings, trial: Trial, author: str) -> Published:
    """Store what was tried and submit it for approval.

    Raises `CannotPublish` where scenarios failed, `NotAllowed` where nothing is new, `VersionError` and `LedgerError`.
    """
    if trial.failed:
        raise CannotPublish(f"{len(trial.failed)} of {len(trial.played)} scenarios failed: mend the script, or them")
    folders, name = settings.folders, trial.described.script
    published = store(
        folders.studio, folders.scripts, folders.models / "dialogue", sorted(BOOK.values()), trial.described
    )
    version, now = published.manifest.version, datetime.now(UTC)
    ledger = Ledger(folders.studio / name)
    known = ledger.standing.versions.get(version)
    submitted = Submitted(at=now, version=version, by=author)
    if known is None:
        ledger.record(Stored(at=now, version=version, by=author, manifest=published.seal), submitted)
    elif known.state in {State.DRAFT, State.RETIRED}:
        ledger.record(submitted)
    else:
        raise NotAllowed(f"nothing has changed since version {version} of {name}, which is {known.state}")
    return published
