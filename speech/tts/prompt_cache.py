"""Rendered prompts on disk: each sentence is spoken once, by whoever needs it first.

What comes out is what a switch plays: WAV, L16, one channel, 8 kHz, equally loud whatever the voice.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import threading
from concurrent.futures import Future
from pathlib import Path

import numpy as np

from speech import wav
from speech.audio import TELEPHONE, AudioFormat, Frame
from speech.resampling import resample
from speech.tts.loudness import for_the_telephone
from speech.tts.port import Synthesiser, SynthesisError, Voice
from speech.tts.trimming import BREATH_MS, TAIL_MS

RECIPE = 2
"""Part of the key: raise it when the way from the engine's sound to the file changes."""


class PromptCache:
    """The files of one engine in a folder. Any number of threads and processes may share the folder."""

    def __init__(self, folder: Path, synthesiser: Synthesiser) -> None:
        self.folder = folder
        self._synthesiser = synthesiser
        self._lock = threading.Lock()
        self._rendering: dict[str, Future[Path]] = {}

    def render(self, text: str, voice: Voice) -> Path:
        """The file that says `text`, spoken now if it is not there or not whole.

        Blocks while it is spoken, here or by another thread. Raises what the engine raises (`UnknownVoice`,
        `ValueError`), and `SynthesisError` where the folder cannot be written.
        """
        key = self._key(text, voice)
        path = self._path(key)
        if _is_whole(path):
            return path
        with self._lock:
            running = self._rendering.get(key)
            mine: Future[Path] | None = None
            if running is None:
                mine = running = self._rendering[key] = Future()
        if mine is not None:
            self._render_into(mine, key, path, text, voice)
        return running.result()

    def find(self, text: str, voice: Voice) -> Path | None:
        """The file that says `text`, where it is there."""
        path = self._path(self._key(text, voice))
        return path if _is_whole(path) else None

    def duration_ms(self, path: Path) -> float:
        """How long a rendered prompt plays."""
        return wav.inspect(path).duration_ms

    def _render_into(self, done: Future[Path], key: str, path: Path, text: str, voice: Voice) -> None:
        try:
            if not _is_whole(path):  # another thread may have finished between the look and the claim
                self._write(path, self._speak(text, voice))
            done.set_result(path)
        except BaseException as error:
            done.set_exception(error)
        finally:
            with self._lock:
                del self._rendering[key]

    def _speak(self, text: str, voice: Voice) -> Frame:
        pieces = [frame.samples() for frame in self._synthesiser.synthesise(text, voice)]
        if not sum(map(len, pieces)):
            raise SynthesisError(
                f"{self._synthesiser.name} said nothing with the voice {voice.name}; try another voice"
            )
        rate = self._synthesiser.format.rate
        breath = np.zeros(AudioFormat(rate).samples_for_ms(BREATH_MS - TAIL_MS), dtype=np.int16)
        spoken = Frame.of(np.concatenate((*pieces, breath)), rate)
        return for_the_telephone(resample(spoken, TELEPHONE.rate))

    def _write(self, path: Path, frame: Frame) -> None:
        """Under another name first: a reader never sees half a file."""
        temporary: Path | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
            os.close(handle)
            temporary = Path(name)
            wav.write(temporary, frame)
            temporary.chmod(0o644)  # the switch, another user, reads it too
            temporary.replace(path)
        except OSError as error:
            if temporary is not None:
                temporary.unlink(missing_ok=True)
            raise SynthesisError(
                f"cannot keep prompts in {self.folder}: {error.strerror or error}; "
                "free some space there or name another folder"
            ) from error

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.wav"

    def _key(self, text: str, voice: Voice) -> str:
        engine = self._synthesiser
        parts = (RECIPE, text, voice.name, voice.language, voice.rate, engine.name, engine.version, str(TELEPHONE))
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def _is_whole(path: Path) -> bool:
    try:
        info = wav.inspect(path)
    except (OSError, wav.WavError):
        return False
    return info.samples > 0 and info.channels == 1 and info.format == TELEPHONE
