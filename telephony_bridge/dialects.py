"""How a call's audio comes to us: one profile for each FreeSWITCH module that streams it to a websocket, and unicast.

The commands and events were observed on mod_audio_stream (community edition, ec2a781) and mod_audio_fork
(drachtio, 88e1465); neither plays binary messages. Those of the two-way mod_audio_fork are as its later versions
describe and publish them, and were not observed. What unicast does was observed in part (see `UnicastDialect`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

MAX_METADATA = 8192
"""Bytes of metadata a module takes in `start`; both have this limit."""

_BUG_NAME = "voicebot"
_SAFE_METADATA = re.compile(r"[^\s\\']+")
"""The switch cuts a command at spaces and eats backslashes and single quotes."""


@dataclass(frozen=True, slots=True)
class MediaDialect:
    """`start` and `stop` are API commands with {uuid}, {url}, {rate} (`8k`), {hertz} and {metadata} to fill in.

    `connected` and `stopped` are the subclasses of the CUSTOM events that say so; `variables` are set on the
    channel before `start`; `two_way` tells whether the module plays binary frames that we send. Where it does not,
    prompts are played by the switch (`playback`, `uuid_break all`). Where it does, `ahead_ms` is what we send before
    it is due, for the module keeps so much in hand against jitter, and `flush` the text that makes it throw that away.

    Raises `ValueError` for a profile that would bring a switch down or lose its metadata.
    """

    name: str
    start: str
    stop: str
    connected: str
    stopped: frozenset[str]
    variables: Mapping[str, str] = field(default_factory=dict)
    two_way: bool = False
    ahead_ms: int = 0
    flush: str | None = None
    transit_ms: ClassVar[int] = 0
    while_parked: ClassVar[bool] = False

    def __post_init__(self) -> None:
        missing = [place for place in ("{uuid}", "{url}", "{rate}", "{metadata}") if place not in self.start.split()]
        if missing:  # without a rate, mod_audio_fork brings the whole switch down
            raise ValueError(f"the start of {self.name} lacks {', '.join(missing)}")
        if self.flush is not None:
            check_module_text(self.flush)

    @property
    def subclasses(self) -> tuple[str, ...]:
        """What to subscribe to."""
        return (self.connected, *sorted(self.stopped))

    def start_command(self, uuid: str, url: str, rate: int, metadata: str) -> str:
        """Raises `ValueError` for a rate no module takes, and for metadata the switch would cut or change."""
        if rate <= 0 or rate % 8000:
            raise ValueError(f"a media stream has a multiple of 8000 Hz, not {rate}")
        if not _SAFE_METADATA.fullmatch(metadata):
            raise ValueError("media metadata must be there, without spaces, backslashes and single quotes")
        filled = {"{uuid}": uuid, "{url}": url, "{rate}": f"{rate // 1000}k", "{hertz}": str(rate)}
        words = [filled.get(word, word) for word in self.start.split()]
        return " ".join(metadata if word == "{metadata}" else word for word in words)

    def stop_command(self, uuid: str) -> str:
        return self.stop.replace("{uuid}", uuid)


def check_module_text(text: str) -> str:
    """`text`, where a module can be sent it; `ValueError` for what brings mod_audio_fork's switch down."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict):
        raise ValueError("a text for a module must be a JSON object")
    data = message.get("data")
    if message.get("type") == "playAudio" and not (isinstance(data, dict) and data.get("audioContentType")):
        raise ValueError("a playAudio without audioContentType brings the whole switch down")
    return text


MOD_AUDIO_STREAM = MediaDialect(
    name="mod_audio_stream",
    start="uuid_audio_stream {uuid} start {url} mono {rate} {metadata}",
    stop="uuid_audio_stream {uuid} stop",
    connected="mod_audio_stream::connect",
    stopped=frozenset({"mod_audio_stream::error", "mod_audio_stream::disconnect"}),
    # The module reads this from memory it never set unless the variable is there.
    variables={"STREAM_HEART_BEAT": "30"},
)

MOD_AUDIO_FORK = MediaDialect(
    name="mod_audio_fork",
    # A name for the fork always: without one, metadata in base64 would be taken for it.
    # The rate must be there too: without it this module brings the whole switch down.
    start=f"uuid_audio_fork {{uuid}} start {{url}} mono {{rate}} {_BUG_NAME} {{metadata}}",
    stop=f"uuid_audio_fork {{uuid}} stop {_BUG_NAME}",
    connected="mod_audio_fork::connect",
    stopped=frozenset({"mod_audio_fork::connect_failed", "mod_audio_fork::error", "mod_audio_fork::disconnect"}),
)

MOD_AUDIO_FORK_TWO_WAY = MediaDialect(
    name="mod_audio_fork_two_way",
    # The last three: play what comes back, as binary messages, at this rate.
    start=f"uuid_audio_fork {{uuid}} start {{url}} mono {{rate}} {_BUG_NAME} {{metadata}} true true {{hertz}}",
    stop=MOD_AUDIO_FORK.stop,
    connected=MOD_AUDIO_FORK.connected,
    stopped=MOD_AUDIO_FORK.stopped,
    two_way=True,
    # It begins to play when 80 ms have come, and takes 40 ms at a time after that.
    ahead_ms=60,
    flush='{"type":"killAudio"}',
)


@dataclass(frozen=True, slots=True)
class UnicastDialect:
    """FreeSWITCH itself, without a module: UDP packets both ways, which `sendmsg` with `call-command: unicast` begins.

    That it works both ways was observed on a parked call. The rest is read in the switch's source (`switch_ivr.c`): it
    is the loop of a parked call that sends, so that the audio ends when the call leaves it (`while_parked`), and with a
    file that the switch plays; nothing says whether it began or ended; and a second `unicast` in one parking brings
    the whole switch down at its end.
    """

    name: ClassVar[str] = "unicast"
    two_way: ClassVar[bool] = True
    ahead_ms: ClassVar[int] = 0
    transit_ms: ClassVar[int] = 40
    """An echo came back after 32 ms: so long the end of a prompt is waited for."""
    flush: ClassVar[None] = None
    stopped: ClassVar[frozenset[str]] = frozenset()
    subclasses: ClassVar[tuple[str, ...]] = ()
    while_parked: ClassVar[bool] = True


UNICAST = UnicastDialect()

Dialect = MediaDialect | UnicastDialect

MODULES: Mapping[str, MediaDialect] = {
    dialect.name: dialect for dialect in (MOD_AUDIO_STREAM, MOD_AUDIO_FORK, MOD_AUDIO_FORK_TWO_WAY)
}

DIALECTS: Mapping[str, Dialect] = {**MODULES, UNICAST.name: UNICAST}
