"""mod_audio_fork (drachtio) on one channel: its events, and what it does with the server's texts. No I/O."""

from __future__ import annotations

import base64
import binascii
import json

from telephony_bridge.simulated.signals import (
    Crash,
    DropAudio,
    Effect,
    Note,
    SendText,
    StoreAudio,
)
from telephony_bridge.simulated.stream import AudioStream, Bug

_TYPES = {"raw": ".r16", "wave": ".wav", "wav": ".wav"}
_EVENTS_WITH_DATA = frozenset({"transcription", "transfer", "disconnect", "error"})


class AudioFork(AudioStream):
    """See `AudioStream`; one fork at a time here, under any name."""

    @property
    def bug_name(self) -> str:
        return self._request.bug_name if self._request else ""

    def opened(self) -> list[Effect]:
        if self.bug is not Bug.CONNECTING or self._request is None:
            return []
        self.bug = Bug.OPEN
        metadata: list[Effect] = [SendText(self._request.metadata)] if self._request.metadata else []
        return [*metadata, _custom("connect")]

    def failed(self, code: int, error: str) -> list[Effect]:
        """The bug stays until `stop`, whether it never connected or the connection broke."""
        if self.bug is Bug.CONNECTING:
            self.bug = Bug.LOST
            return [_custom("connect_failed", '{"reason":"Unable to connect"}')]
        return self.closed_by_server(code, error)

    def closed_by_server(self, code: int, reason: str) -> list[Effect]:
        if self.bug is not Bug.OPEN:
            return []
        self.bug = Bug.LOST
        return [_custom("disconnect")]

    def received(self, text: str, folder: str) -> list[Effect]:
        message = _message(text)
        if self.bug is not Bug.OPEN or message is None:
            return []
        kind, data = message.get("type"), message.get("data")
        body = "" if data is None else json.dumps(data, separators=(",", ":"))
        match kind:
            case "playAudio":
                return self._play(data if isinstance(data, dict) else {}, folder)
            case "killAudio":
                return [DropAudio(), _custom("kill_audio")]
            case "json":
                return [_custom("json", text)]
            case str() if kind in _EVENTS_WITH_DATA:
                return [_custom(kind, body)]
        return []

    def _play(self, data: dict[str, object], folder: str) -> list[Effect]:
        """The file is written and told of; playing it is left to the event socket."""
        content_type, content = data.get("audioContentType"), data.get("audioContent")
        if not isinstance(content_type, str):
            return [Crash()]
        if content_type not in _TYPES or not isinstance(content, str):
            return []
        extension = ".r8" if content_type == "raw" and data.get("sampleRate") == 8000 else _TYPES[content_type]
        name = f"{self._uuid}_{self._files}.tmp{extension}"
        self._files += 1
        try:
            audio = base64.b64decode(content, validate=True)
        except binascii.Error:
            return []
        kept = {key: value for key, value in data.items() if key != "audioContent"}
        told = json.dumps({**kept, "file": f"{folder}/{name}"}, separators=(",", ":"), ensure_ascii=False)
        return [StoreAudio(name, audio), _custom("play_audio", told)]


def _message(text: str) -> dict[str, object] | None:
    try:
        message = json.loads(text)
    except ValueError:
        return None
    return message if isinstance(message, dict) else None


def _custom(subclass: str, body: str = "") -> Note:
    return Note("CUSTOM", {"Event-Subclass": f"mod_audio_fork::{subclass}"}, body)
