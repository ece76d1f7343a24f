"""mod_audio_stream (community edition) on one channel: its media bug, its websocket, its events. No I/O.

Every command returns whether the module answers `+OK Success` or `-ERR Operation Failed`, and what follows from it.
"""

from __future__ import annotations

import base64
import binascii
import json
from enum import StrEnum

from telephony_bridge.simulated.signals import (
    CloseMedia,
    ConnectMedia,
    Effect,
    Note,
    SendText,
    StoreAudio,
    StreamRequest,
)

REFUSED = (6, "Connection refused (system error 111)")
ABNORMAL_EOF = (1, "Connection closed without WebSocket CLOSE (abnormal EOF)")
CONNECT_FAILED_CODE = 6

_EXTENSIONS = {"wav": ".wav", "mp3": ".mp3", "ogg": ".ogg", "pcmu": ".pcmu", "pcma": ".pcma"}
_RAW_RATES = (8000, 16000, 24000, 32000, 48000, 64000)


class Bug(StrEnum):
    """The media bug and its connection."""

    DETACHED = "detached"
    CONNECTING = "connecting"
    OPEN = "open"
    LOST = "lost"  # the server closed; the bug stays until `stop`


class AudioStream:
    """One channel's stream; at most one at a time."""

    def __init__(self, channel_uuid: str) -> None:
        self._uuid = channel_uuid
        self._files = 0
        self._request: StreamRequest | None = None
        self.bug = Bug.DETACHED
        self.paused = False

    @property
    def streaming(self) -> bool:
        """Whether audio frames go out now."""
        return self.bug is Bug.OPEN and not self.paused

    def start(self, request: StreamRequest) -> tuple[bool, list[Effect]]:
        if self.bug is not Bug.DETACHED:
            return False, []
        self.bug, self.paused, self._request, self._files = Bug.CONNECTING, False, request, 0
        return True, [self._bug_note("MEDIA_BUG_START"), ConnectMedia(request)]

    def stop(self, text: str) -> tuple[bool, list[Effect]]:
        if self.bug is Bug.DETACHED:
            return False, []
        farewell: list[Effect] = [SendText(text)] if text and self.bug is Bug.OPEN else []
        return True, farewell + self.detach()

    def pause(self, paused: bool) -> bool:
        if self.bug is Bug.DETACHED:
            return False
        self.paused = paused
        return True

    def send_text(self, text: str) -> tuple[bool, list[Effect]]:
        if self.bug is not Bug.OPEN:
            return False, []
        return True, [SendText(text)]

    def detach(self) -> list[Effect]:
        """Take the bug off, as at hang-up. No disconnect event follows: the module has let go of its callbacks."""
        if self.bug is Bug.DETACHED:
            return []
        self.bug = Bug.DETACHED
        return [CloseMedia(), self._bug_note("MEDIA_BUG_STOP")]

    def opened(self) -> list[Effect]:
        if self.bug is not Bug.CONNECTING or self._request is None:
            return []
        self.bug = Bug.OPEN
        metadata: list[Effect] = [SendText(self._request.metadata)] if self._request.metadata else []
        return [*metadata, _custom("connect", {"status": "connected"})]

    def failed(self, code: int, error: str) -> list[Effect]:
        """The connection was refused or broke: an event, and the module takes the bug off by itself."""
        if self.bug is Bug.DETACHED:
            return []
        note = _custom("error", {"status": "error", "message": {"code": code, "error": error}})
        return [note, *self.detach()]

    def closed_by_server(self, code: int, reason: str) -> list[Effect]:
        """A clean close by the server: an event, but the bug stays attached."""
        if self.bug is not Bug.OPEN:
            return []
        self.bug = Bug.LOST
        return [_custom("disconnect", {"status": "disconnected", "message": {"code": code, "reason": reason}})]

    def _bug_note(self, name: str) -> Note:
        return Note(name, {"Media-Bug-Function": self._request.bug_name if self._request else ""})

    def received(self, text: str, folder: str) -> list[Effect]:
        """A text message from the server. `folder` is where the stream's files are kept."""
        if self.bug is not Bug.OPEN:
            return []
        audio = _stream_audio(text)
        if audio is None:
            return [Note("CUSTOM", {"Event-Subclass": "mod_audio_stream::json"}, text)]
        data, extension, content = audio
        name = f"{self._uuid}_{self._files}.tmp{extension}"
        self._files += 1
        return [StoreAudio(name, content), _custom("play", {**data, "file": f"{folder}/{name}"})]


def _custom(subclass: str, body: dict[str, object]) -> Note:
    text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    return Note("CUSTOM", {"Event-Subclass": f"mod_audio_stream::{subclass}"}, text)


def _stream_audio(text: str) -> tuple[dict[str, object], str, bytes] | None:
    """Data without the audio, file extension and audio of a valid `streamAudio` message, else None."""
    try:
        message = json.loads(text)
    except ValueError:
        return None
    if not isinstance(message, dict) or message.get("type") != "streamAudio":
        return None
    data = message.get("data")
    if not isinstance(data, dict) or not isinstance(data.get("audioData"), str):
        return None
    extension = _extension(data.get("audioDataType"), data.get("sampleRate"))
    if extension is None:
        return None
    try:
        content = base64.b64decode(data["audioData"], validate=True)
    except binascii.Error:
        return None
    return {key: value for key, value in data.items() if key != "audioData"}, extension, content


def _extension(audio_type: object, rate: object) -> str | None:
    if audio_type == "raw":
        return f".r{rate // 1000}" if isinstance(rate, int) and rate in _RAW_RATES else None
    return _EXTENSIONS.get(audio_type) if isinstance(audio_type, str) else None
