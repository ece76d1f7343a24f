"""What is recorded of one call: at its customer's end of the line, and by `uuid_record`."""

from __future__ import annotations

from pathlib import Path

import structlog

from speech.audio import Samples
from telephony_bridge.simulated.recording import LineRecording

log = structlog.get_logger(__name__)


class CallRecordings:
    """`folder` gets `<uuid>.wav` with all of the line; None for no such recording."""

    def __init__(self, uuid: str, folder: Path | None) -> None:
        self._uuid = uuid
        self._folder = folder
        self._edge: LineRecording | None = None
        self._named: dict[str, LineRecording] = {}

    def open_line(self) -> None:
        if self._folder is None:
            return
        try:
            self._edge = LineRecording(self._folder / f"{self._uuid.replace('/', '_')}.wav")
        except OSError as error:
            log.error("the call goes on without a recording", call=self._uuid, error=error)

    def start(self, path: str, stereo: bool) -> bool:
        """False where it runs already. Raises `OSError`."""
        if path in self._named:
            return False
        self._named[path] = LineRecording(Path(path), stereo)
        return True

    def stop(self, path: str) -> list[str]:
        """A path or `all`; what was stopped, nothing where there is no such recording."""
        paths = list(self._named) if path == "all" else [path]
        if not set(paths) <= set(self._named):
            return []
        for each in paths:
            self._named.pop(each).close()
        return paths

    def write(self, said: Samples, heard: Samples) -> None:
        for recording in (self._edge, *self._named.values()):
            if recording is not None:
                recording.write(said, heard)

    def close(self) -> None:
        for recording in (self._edge, *self._named.values()):
            if recording is not None:
                recording.close()
        self._edge = None
        self._named.clear()
