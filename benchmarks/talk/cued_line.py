"""The benchmark's end of a call on the simulated switch: the line of a rehearsed customer, carried out by cues.

The same customers so take part in virtual time (`bot.rehearsal`) and in real time, on real sockets.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from bot.rehearsal.leg import RehearsalLeg
from bot.rehearsal.line import Line
from bot.rehearsal.noises import NOISES
from speech import wav
from speech.audio import TELEPHONE, Frame, Samples

Tell = Callable[[Mapping[str, Any]], None]


class Sounds:
    """What customers say, as WAV files that the switch's process can read."""

    def __init__(self, folder: Path, speak: Callable[[str], Samples]) -> None:
        """`speak` gives 8 kHz samples of a text."""
        self._folder = folder
        self._speak = speak
        self._noises = 0

    def prepare(self, texts: Iterable[str]) -> None:
        """Speak them all now: where the voice is needed in a call, its loop has no time to wait for it."""
        for text in texts:
            self.speech(text)

    def speech(self, text: str) -> tuple[Path, float]:
        """The file and its milliseconds."""
        return self._file(self._speak(text))

    def noise(self, kind: str) -> tuple[Path, float]:
        """Another noise of the kind each time."""
        self._noises += 1
        return self._file(NOISES[kind](self._noises))

    def _file(self, samples: Samples) -> tuple[Path, float]:
        path = self._folder / f"{hashlib.sha256(samples.tobytes()).hexdigest()[:16]}.wav"
        if not path.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            wav.write(path, Frame.of(samples, TELEPHONE.rate))
        return path, TELEPHONE.ms_for(samples.size)


class CuedVoice:
    """Implements `bot.rehearsal.line.CustomerVoice` on a line of the switch's process."""

    def __init__(self, number: str, sounds: Sounds, tell: Tell) -> None:
        self._number = number
        self._sounds = sounds
        self._tell = tell

    def say(self, text: str) -> float:
        return self._play(*self._sounds.speech(text))

    def sound(self, kind: str) -> float:
        return self._play(*self._sounds.noise(kind))

    def _play(self, path: Path, ms: float) -> float:
        self._tell({"number": self._number, "play": str(path)})
        return ms


class CuedLine(Line):
    """A line whose audio is at the switch: it echoes, presses keys and hangs up there."""

    def __init__(self, number: str, sounds: Sounds, tell: Tell) -> None:
        super().__init__(RehearsalLeg(number), CuedVoice(number, sounds, tell))  # the leg's part is played by cues
        self._number = number
        self._cue = tell

    def echo(self, level_db: float, delay_ms: float) -> None:
        self._cue({"number": self._number, "echo": {"level_db": level_db, "delay_ms": delay_ms}})

    def end_echo(self) -> None:
        self._cue({"number": self._number, "echo": None})

    async def press(self, keys: str) -> None:
        self._cue({"number": self._number, "press": keys})

    def hang_up(self) -> None:
        self._cue({"number": self._number, "hang_up": True})
