"""Asks every probe, with the settings that calls would use."""

from __future__ import annotations

from bot.call.keyring import load_keyring
from bot.call.media import media_source
from bot.doctor import engines, machine, services, setup, trained
from bot.doctor.report import Finding, Report, Status
from bot.environments.house import environments
from bot.model_files.manifest import ModelFilesError, read_manifests
from bot.settings import FolderSettings, RecordingSettings, Settings, SettingsError, load_settings
from telephony_bridge.media_tls import CertificateError
from telephony_bridge.originate import Unsafe

OPTIONAL_ENGINES = (
    # engine, package, how to install the package
    ("vosk", "vosk", ".venv/bin/pip install -e '.[vosk]'"),
    ("faster-whisper", "faster_whisper", "make setup"),
    ("piper", "piper", ".venv/bin/pip install -e '.[piper]'"),
)


def examine_all() -> Report:
    settings, settings_finding = _settings()
    folders = settings.folders
    return Report.of(
        [machine.python(), machine.processors(), machine.memory(), machine.disk(folders.tapes)],
        _environments(settings),
        [settings_finding, audio(settings), recordings(settings.recordings)],
        [engines.pocketsphinx(), engines.espeak(), engines.silero(), engines.onnxruntime()],
        _optional_engines(folders),
        [trained.meaning(folders.models)],
        trained.dialogue(folders.scripts, folders.models),
        [
            *(services.switch(node.host, node.port, drained=node.drain) for node in settings.switch.pool),
            services.server("PostgreSQL", "127.0.0.1", 5432, "not needed on one machine"),
            services.server("Redis", "127.0.0.1", 6379, "not needed on one machine"),
        ],
    )


def audio(settings: Settings) -> Finding:
    """Whether the audio of calls may come as the settings have it; nothing is opened."""
    subject = "audio from the switch"
    try:
        media_source(settings)
    except (SettingsError, CertificateError, Unsafe) as error:
        return Finding("settings", subject, Status.MISSING, str(error), "correct voicebot.toml")
    return Finding("settings", subject, Status.OK, settings.switch.dialect)


def _settings() -> tuple[Settings, Finding]:
    """The settings of a call; where they are faulty, the defaults, so that the other probes can still look."""
    try:
        return load_settings(), Finding("settings", "voicebot.toml", Status.OK, "can be used")
    except SettingsError as error:
        finding = Finding("settings", "voicebot.toml", Status.MISSING, str(error), "correct the file")
        return Settings.model_construct(), finding


def recordings(settings: RecordingSettings) -> Finding:
    """Whether new recordings are sealed, and every key is there."""
    try:
        current = load_keyring(settings).current
    except SettingsError as error:
        return Finding("settings", "recordings", Status.MISSING, str(error), "correct [recordings.keys]")
    if current is None:
        return Finding("settings", "recordings", Status.OK, "not sealed", "`voicebot tape new-key` makes a key")
    return Finding("settings", "recordings", Status.OK, f"sealed with {current}")


def _environments(settings: Settings) -> list[Finding]:
    platform, dialogue = environments()
    python = settings.dialogue.python
    if python is not None:
        # Another environment was chosen, which is not ours to build.
        return [setup.environment(platform), setup.rasa(python)]
    return [setup.environment(platform), setup.environment(dialogue), setup.rasa(dialogue.python)]


def _optional_engines(folders: FolderSettings) -> list[Finding]:
    try:
        manifests = read_manifests(folders.models).values()
    except ModelFilesError as error:
        return [Finding(engines.AREA, "manifests", Status.MISSING, str(error), "correct the file")]
    found = [engines.optional_engine(*engine, manifests, folders.models) for engine in OPTIONAL_ENGINES]
    return [*found, engines.end_of_turn(manifests, folders.models)]
