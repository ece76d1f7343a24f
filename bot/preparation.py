"""Before the first call: can it be made at all, and what has to be trained first (scripts, model of meaning)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from bot.call.equipment import NotReady
from bot.call.script_source import Scripts, ScriptSource
from bot.progress import step
from bot.settings import Settings
from bot.vocabulary import Outcome
from dialogue.building import BuildEvent, BuildProgress, build_scripts
from dialogue.prompts import PromptCatalogue
from dialogue.script import Script, load_script
from dialogue.supervisor import find_dialogue_python
from nlu.pointers import needs_model, set_live


class UnknownOutcome(Exception):
    """A script concludes with an outcome that the product does not have."""


def prepare(settings: Settings, scripts: Sequence[str], console: Console) -> None:
    """Returns within seconds where nothing has changed.

    Raises `ScriptError` and `ScriptBuildError` for a designer's mistake, `DialogueUnavailable` without a dialogue
    environment.
    """
    check_scripts(settings, scripts, console)
    train_understanding(settings, console)


def prepare_versions(settings: Settings, versions: Scripts, scripts: Sequence[str], console: Console) -> None:
    """`prepare` for the scripts of which calls may get the working folder; published versions are trained already.

    Raises what `prepare` raises.
    """
    working = [name for name in scripts if any(source.published is None for source in versions.sources(name))]
    if working:
        prepare(settings, working, console)
    else:
        train_understanding(settings, console)


def check_orders(settings: Settings, versions: Scripts, name: str, language: str, contact: Mapping[str, str]) -> None:
    """`check_order` for every version of the script that the call may get. Raises what it raises."""
    for source in versions.sources(name):
        check_order(with_scripts_of(settings, source), name, language, contact)


def with_scripts_of(settings: Settings, source: ScriptSource) -> Settings:
    """The settings where scripts are read from that version."""
    folders = settings.folders.model_copy(update={"scripts": source.scripts})
    return settings.model_copy(update={"folders": folders})


def check_order(settings: Settings, name: str, language: str, contact: Mapping[str, str]) -> None:
    """Can such a call be made, as far as it can be told at once, without training anything?

    Raises `NotReady` for a script or a language that there is not and where no switch takes calls, `ContactError`, and
    `ScriptError`.
    """
    script = script_named(settings, name)
    language_of(script, language)
    script.validate_contact(contact)
    if all(node.drain for node in settings.switch.pool):
        raise NotReady(
            "every switch is drained, so that none takes a call: take drain = true from one in voicebot.toml"
        )


def language_of(script: Script, wanted: str | None) -> str:
    """The language wanted, or the script's first. Raises `NotReady` for one that it does not speak."""
    if wanted is not None and wanted not in script.languages:
        raise NotReady(f"--language {wanted}: the script {script.name} speaks {', '.join(script.languages)}")
    return wanted or script.languages[0]


def script_named(settings: Settings, name: str) -> Script:
    """A script's own settings. Raises `NotReady`, naming those there are, and `ScriptError`."""
    folder = settings.folders.scripts
    names = _names(folder)
    if name not in names:
        raise NotReady(f"--script {name}: there is no such script in {folder}; there are: {', '.join(names) or 'none'}")
    return load_script(folder / name)


def _names(folder: Path) -> list[str]:
    return sorted(path.parent.name for path in folder.glob("*/script.yml"))


def check_scripts(settings: Settings, scripts: Sequence[str], console: Console) -> dict[str, str]:
    """Read and train `scripts` (all without names); the version of each."""
    folder = settings.folders.scripts
    names = list(scripts) or _names(folder)
    for name in names:
        _read(settings, name)
    python = find_dialogue_python(settings.dialogue.python)
    done = 0
    with step("checking and training scripts", total=len(names), console=console) as bar:

        def follow(progress: BuildProgress) -> None:
            nonlocal done
            if progress.event is not BuildEvent.STARTED:
                done += 1
                bar.reach(done)

        return build_scripts(python, folder, settings.folders.models / "dialogue", follow, names)


def _read(settings: Settings, name: str) -> None:
    folder = settings.folders.scripts
    script = load_script(folder / name)
    PromptCatalogue.load(folder / name, folder / "shared")
    unknown = sorted(set(script.outcomes) - {outcome.value for outcome in Outcome})
    if unknown:
        known = ", ".join(outcome.value for outcome in Outcome)
        raise UnknownOutcome(f"{folder / name / 'script.yml'}: unknown outcome {', '.join(unknown)}; known are {known}")


def train_understanding(settings: Settings, console: Console) -> None:
    """Train a first model of meaning where none is in service; a new one is a decision (`voicebot nlu train`)."""
    root = settings.folders.models / "nlu"
    if not needs_model(root):
        return
    from nlu.registry import train_version  # takes a second, and is seldom needed

    with step("training the model of meaning", console=console):
        version, _ = train_version(settings.folders.training_data, root)
        set_live(root, version)
