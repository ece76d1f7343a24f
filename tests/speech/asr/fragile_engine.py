"""An engine that does to its process what its frames say; importable, so that another process can load it."""

from __future__ import annotations

import os
import signal
from collections import Counter

from speech.asr.port import Hints, RecognitionError, StreamClosed, Transcript
from speech.audio import TELEPHONE, AudioFormat, Frame

DIE, HANG, FAIL_ODDLY = (Frame(TELEPHONE, bytes([code, 0]) * 160) for code in (1, 2, 3))
"""Frames at which the process ends, is silent for ever, or the engine raises what cannot travel between processes."""

QUIET = Frame(TELEPHONE, bytes(320))


class OddError(Exception):
    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one} and {other}")


class FragileRecogniser:
    name = "fragile"
    version = "1"
    languages = ("en",)

    def __init__(self) -> None:
        self.open_streams = 0
        self.opened: Counter[str | None] = Counter()

    @property
    def format(self) -> AudioFormat:
        return TELEPHONE

    def open(self, hints: Hints) -> FragileStream:
        self.open_streams += 1
        self.opened[hints.grammar] += 1
        return FragileStream(self, hints)


class FragileStream:
    """What it recognises is "PID, streams open in the process, how often these hints were opened there"."""

    def __init__(self, engine: FragileRecogniser, hints: Hints) -> None:
        self._engine = engine
        self._hints = hints
        self._open = True

    def accept(self, frame: Frame) -> Transcript | None:
        match frame.data[0]:
            case 1:
                os._exit(3)
            case 2:
                signal.pause()
            case 3:
                raise OddError("one", "the other")
        return None

    def preview(self) -> Transcript | None:
        opened = self._engine.opened[self._hints.grammar]
        return Transcript(f"{os.getpid()} {self._engine.open_streams} {opened}", 0, 0)

    def finalise(self) -> Transcript:
        if not self._open:
            raise StreamClosed("over")
        said = self.preview()
        assert said is not None
        self.close()
        return said

    def close(self) -> None:
        if self._open:
            self._open = False
            self._engine.open_streams -= 1


def broken_engine() -> FragileRecogniser:
    raise RecognitionError("the model is not on this machine")
