"""What the channel's core asks of the shell around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Note:
    """An event without the headers that every event of the channel has."""

    name: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""


@dataclass(frozen=True, slots=True)
class Emit:
    """An event for the ESL clients, complete but for what only the switch knows (its own id, the date)."""

    headers: Mapping[str, str]
    body: str
    at: float

    @property
    def name(self) -> str:
        return self.headers["Event-Name"]


class Mix(StrEnum):
    """Which directions a media stream carries."""

    MONO = "mono"  # the remote party alone
    MIXED = "mixed"  # remote party and what the switch plays, summed
    STEREO = "stereo"  # interleaved: remote party, what the switch plays


@dataclass(frozen=True, slots=True)
class BinaryPlayback:
    """How a two-way module plays what it is sent: at which rate, and what it collects before it passes that on.

    `first_ms` is collected before the first of it is played, `block_ms` each time after that.
    """

    rate: int
    first_ms: int = 0
    block_ms: int = 0


@dataclass(frozen=True, slots=True)
class StreamRequest:
    """One `uuid_audio_stream start` or `uuid_audio_fork start`. Rate in Hz; `buffer_ms` goes into one message.

    `heartbeat_s` is the time between websocket pings; None for none. `plays` is how binary messages from the server
    are played by a module that can; None where the start did not ask for it.
    """

    url: str
    mix: Mix
    rate: int
    metadata: str = ""
    buffer_ms: int = 20
    extra_headers: Mapping[str, str] = field(default_factory=dict)
    heartbeat_s: int | None = None
    bug_name: str = "audio_stream"
    plays: BinaryPlayback | None = None
    subprotocol: str | None = None


@dataclass(frozen=True, slots=True)
class ConnectMedia:
    """Open the websocket and report back."""

    request: StreamRequest


@dataclass(frozen=True, slots=True)
class SendText:
    """Send a text message on the media websocket."""

    text: str


@dataclass(frozen=True, slots=True)
class CloseMedia:
    """Close the websocket if it is open (1000), report nothing more of it, and delete the stream's files."""


@dataclass(frozen=True, slots=True)
class StoreAudio:
    """Write audio the server sent into the stream's temporary folder."""

    file_name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class DropAudio:
    """Throw away what the server sent to be played."""


@dataclass(frozen=True, slots=True)
class Crash:
    """The module brings the whole switch down."""


@dataclass(frozen=True, slots=True)
class OriginateDone:
    """The answer to the `originate` that made the channel."""

    reply: str


@dataclass(frozen=True, slots=True)
class LineOpen:
    """The customer has answered: 20 ms ticks begin now."""


@dataclass(frozen=True, slots=True)
class RunApi:
    """Run an API command, as `api_on_answer` asks."""

    command: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The channel is over."""


Effect = Note | ConnectMedia | SendText | CloseMedia | StoreAudio | DropAudio | Crash
"""What the parts of a channel yield; the channel makes the notes into events."""

Command = (
    Emit
    | ConnectMedia
    | SendText
    | CloseMedia
    | StoreAudio
    | DropAudio
    | Crash
    | OriginateDone
    | LineOpen
    | RunApi
    | Gone
)
