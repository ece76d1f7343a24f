"""Settings: one `voicebot.toml`, overridden by the environment (`VOICEBOT_SWITCH__HOST=...`).

An unknown key is an error that names it. Folders, certificate and keys are relative to the settings file's folder.
"""

from __future__ import annotations

import os
import re
import tomllib
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

ROOT = Path(__file__).resolve().parent.parent
"""The checkout: scripts, grammars and training data live in it."""

SCENARIOS = ROOT / "tests" / "scenarios"
"""Whole conversations, which `voicebot script test` plays."""


_KEY_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NodeSettings(Section):
    """One FreeSWITCH, and how many calls it may get."""

    host: str = "127.0.0.1"
    port: int = Field(default=8021, ge=1, le=65535)
    password: SecretStr = SecretStr("ClueCon")
    weight: int = Field(default=1, ge=1, le=1000)
    """Its share of the calls, beside the weights of the others."""
    max_calls: int | None = Field(default=None, ge=1)
    """How many calls of one process it may have at a time, ringing or answered."""
    calls_per_second: float | None = Field(default=None, gt=0)
    drain: bool = False
    """It gets no new calls."""


HANDED_DOWN = ("port", "password", "max_calls", "calls_per_second")
"""What is said under [switch] holds for each of its nodes that does not say otherwise."""


class SwitchSettings(NodeSettings):
    """One switch, or with `nodes` several that are alike but for what each says of itself."""

    nodes: tuple[NodeSettings, ...] = ()
    dial_string: str = "sofia/gateway/trunk/{number}"
    caller_id: str | None = None
    dialect: Literal["mod_audio_stream", "mod_audio_fork", "mod_audio_fork_two_way", "unicast"] = "mod_audio_stream"
    """How the switch gives us a call's audio; the names are those of `telephony_bridge.dialects`."""
    ring_timeout_s: int = Field(default=30, ge=5, le=120)
    prompt_folder: Path | None = None
    """The prompt folder as the switch sees it, where it differs from ours (another machine, a container)."""

    @property
    def pool(self) -> tuple[NodeSettings, ...]:
        return self.nodes or (self,)

    @model_validator(mode="before")
    @classmethod
    def _hand_down(cls, values: Any) -> Any:
        if not isinstance(values, dict) or not isinstance(values.get("nodes"), list | tuple):
            return values
        common = {key: values[key] for key in HANDED_DOWN if key in values}
        nodes = [{**common, **node} if isinstance(node, dict) else node for node in values["nodes"]]
        return {**values, "nodes": nodes}

    @model_validator(mode="after")
    def _say_once(self) -> Self:
        if not self.nodes and "nodes" in self.model_fields_set:
            raise ValueError(
                "nodes is empty: name a switch in [[switch.nodes]], or say host under [switch] without nodes"
            )
        if self.nodes and (own := sorted({"host", "weight", "drain"} & self.model_fields_set)):
            raise ValueError(f"with [[switch.nodes]], say {', '.join(own)} in each of them, not under [switch]")
        if not all("host" in node.model_fields_set for node in self.nodes):
            raise ValueError("say host in each of [[switch.nodes]]")
        places = [f"{node.host}:{node.port}" for node in self.nodes]
        if twice := sorted({place for place in places if places.count(place) > 1}):
            raise ValueError(f"{', '.join(twice)} stands in [[switch.nodes]] more than once")
        return self


class MediaSettings(Section):
    host: str = "127.0.0.1"
    port: int = Field(default=8090, ge=0, le=65535)
    advertised_url: str | None = None
    """How the switch reaches us, `ws://host:port`, or `wss://host:port` with TLS; by default the listening address."""
    certificate: Path | None = None
    """With its chain, in PEM form; with it and its key the switch connects over TLS."""
    key: Path | None = None
    allow_plaintext: bool = False
    """Listen without TLS where other machines can connect, because something else protects that network."""


class UnicastSettings(Section):
    """For `[switch] dialect = "unicast"`: where the switches send a call's audio, and take ours."""

    host: IPv4Address = IPv4Address("127.0.0.1")
    """An address of ours that the switches reach."""
    first_port: int = Field(default=12000, ge=1024, le=65535)
    last_port: int = Field(default=15999, ge=1024, le=65535)
    """Of each call's two ports the even one is ours, the next one the switch's."""
    allow_unprotected: bool = False
    """Let audio cross a network without TLS or token, because something else protects that network."""

    @model_validator(mode="after")
    def _have_a_pair(self) -> Self:
        if self.first_port + self.first_port % 2 >= self.last_port:
            raise ValueError("first_port to last_port must hold an even port and the next one; each call takes two")
        if self.host.is_unspecified or self.host.is_multicast:
            raise ValueError(f"host is told to the switch: name an address of this machine, not {self.host}")
        return self


class SpeechSettings(Section):
    recogniser: str = "pocketsphinx"
    recogniser_options: dict[str, str | int | float] = {}
    recogniser_processes: int | None = Field(default=None, ge=0, le=64)
    """In how many processes of its own it recognises; 0: in that of the calls. By default one a core, up to four,
    for an engine that would hold up other calls while it decodes, and none for others."""
    synthesiser: str = "espeak-ng"
    synthesiser_options: dict[str, str] = {}


class DialogueSettings(Section):
    python: Path | None = None
    """Python of the dialogue environment; by default `.venv-dialogue/bin/python` of the checkout."""
    workers: int = Field(default=1, ge=1, le=64)
    turn_timeout_ms: int = Field(default=5000, ge=500)


class FolderSettings(Section):
    """Where the product keeps what it makes and reads."""

    scripts: Path = ROOT / "dialogue" / "scripts"
    training_data: Path = ROOT / "training_data"
    models: Path = ROOT / "models"
    prompts: Path = ROOT / "var" / "prompts"
    tapes: Path = ROOT / "var" / "tapes"
    runtime: Path = ROOT / "var" / "run"
    studio: Path = ROOT / "var" / "studio"
    """Published versions of scripts, and the ledgers that say which of them serve."""


class InboundSettings(Section):
    """Who answers calls to one of our numbers."""

    number: str = Field(pattern=r"^\+?[0-9*#]{1,32}$")
    """As the dialplan names it; a leading + makes no difference."""
    script: str
    language: str | None = None
    """By default the script's first."""
    contact: dict[str, str] = {}
    """The contact fields that the script needs, the same for all who call."""


class RecordingSettings(Section):
    """With what the recordings of calls are encrypted. Without a key they are not."""

    key: str | None = None
    """The name, in `keys`, of the key for new recordings."""
    keys: dict[str, Path] = {}
    """Key files by name: that one, and those of before for as long as a recording needs them."""

    @model_validator(mode="after")
    def _have_the_key(self) -> Self:
        if self.key is not None and self.key not in self.keys:
            raise ValueError(f"key is `{self.key}`, which is not in [recordings.keys]: name its file there")
        if odd := [name for name in self.keys if not _KEY_NAME.fullmatch(name)]:
            raise ValueError(
                f"a key's name has 1 to 64 letters, digits, dots, _ and -: not {', '.join(map(repr, odd))}"
            )
        return self


class CallSettings(Section):
    no_input_ms: int = Field(default=5000, ge=1000, le=30000)
    """Silence after a question before the script is told, unless its prompt asks for more patience."""
    most_late_ms: int = Field(default=100, ge=20, le=10000)
    """How late this process may run, on an average of some seconds, and still take new calls. Five frames."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="VOICEBOT_", env_nested_delimiter="__", extra="forbid", frozen=True, validate_default=False
    )

    switch: SwitchSettings = SwitchSettings()
    media: MediaSettings = MediaSettings()
    unicast: UnicastSettings = UnicastSettings()
    speech: SpeechSettings = SpeechSettings()
    dialogue: DialogueSettings = DialogueSettings()
    folders: FolderSettings = FolderSettings()
    recordings: RecordingSettings = RecordingSettings()
    call: CallSettings = CallSettings()
    inbound: tuple[InboundSettings, ...] = ()
    """What `voicebot answer` does with calls that come in, by the number called."""
    queues: dict[str, str] = {}
    """Where a script's queue is on the switch: name -> arguments of uuid_transfer, `9300 XML default`."""

    @model_validator(mode="after")
    def _one_script_a_number(self) -> Self:
        numbers = [route.number.removeprefix("+") for route in self.inbound]
        if twice := sorted({number for number in numbers if numbers.count(number) > 1}):
            raise ValueError(f"{', '.join(twice)} stands in [[inbound]] more than once")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (env_settings, init_settings)


class SettingsError(Exception):
    """The settings cannot be used; the message names the file, the key and the remedy."""


def load_settings(path: Path | None = None) -> Settings:
    """Read settings from `path`, else from VOICEBOT_SETTINGS, else from `voicebot.toml` here, else the defaults."""
    chosen = path or (Path(os.environ["VOICEBOT_SETTINGS"]) if "VOICEBOT_SETTINGS" in os.environ else None)
    if chosen is None:
        default = Path("voicebot.toml")
        chosen = default if default.exists() else None
    values: dict[str, Any] = {}
    where = "the environment (VOICEBOT_...)"
    if chosen is not None:
        where = str(chosen)
        values = _anchored(_parse(chosen), chosen.resolve().parent)
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SettingsError(_explain(error, where)) from None


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"{path}: there is no such file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not valid TOML: {error}") from None


_PATHS = {"folders": frozenset(FolderSettings.model_fields), "media": frozenset({"certificate", "key"})}
"""The settings, by section, that name a place on this machine."""


def _anchored(values: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Relative paths count from the settings file, not from where the command was started."""
    for section, paths in _PATHS.items():
        given = values.get(section)
        if isinstance(given, dict):
            values[section] = {
                name: str(folder / value) if name in paths and isinstance(value, str) else value
                for name, value in given.items()
            }
    recordings = values.get("recordings")
    if isinstance(recordings, dict) and isinstance(keys := recordings.get("keys"), dict):
        recordings["keys"] = {name: str(folder / at) if isinstance(at, str) else at for name, at in keys.items()}
    return values


def _explain(error: ValidationError, where: str) -> str:
    lines = []
    for problem in error.errors():
        key = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            lines.append(f"{where}: unknown setting `{key}`; {_known(problem['loc'])}")
        else:
            lines.append(f"{where}: `{key}`: {problem['msg'].removeprefix('Value error, ')}")
    return "\n".join(lines)


def _known(location: tuple[int | str, ...]) -> str:
    fields: dict[str, Any] = dict(Settings.model_fields)
    for part in location[:-1]:
        if isinstance(part, int):
            continue  # one of several that have the same fields
        annotation = fields[part].annotation if part in fields else None
        section = next(iter(get_args(annotation)), annotation)
        fields = dict(section.model_fields) if isinstance(section, type) and issubclass(section, BaseModel) else {}
    return "known here: " + ", ".join(sorted(fields)) if fields else "there is no such section"
