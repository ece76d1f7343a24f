"""Prompt files: 8 kHz, 16-bit, mono WAV and nothing else, so that what is counted is what is heard."""

from __future__ import annotations

import wave
from pathlib import Path

from speech.audio import TELEPHONE


class BadPrompt(Exception):
    """A prompt file is missing, unreadable or of another format."""


def prompt_samples(path: Path) -> bytes:
    """The file's audio as L16 at 8 kHz. Raises `BadPrompt`."""
    try:
        with wave.open(str(path), "rb") as file:
            _require_telephone(file, path)
            return file.readframes(file.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise BadPrompt(f"cannot read the prompt {path.name}: {error}") from None


def prompt_length(path: Path) -> int:
    """The number of samples the file's header announces, without reading them. Raises `BadPrompt`."""
    try:
        with wave.open(str(path), "rb") as file:
            _require_telephone(file, path)
            return file.getnframes()
    except (OSError, EOFError, wave.Error) as error:
        raise BadPrompt(f"cannot read the prompt {path.name}: {error}") from None


def _require_telephone(file: wave.Wave_read, path: Path) -> None:
    found = (file.getframerate(), file.getsampwidth() * 8, file.getnchannels())
    if found != (TELEPHONE.rate, 16, 1):
        rate, bits, channels = found
        raise BadPrompt(
            f"the prompt {path.name} is {rate} Hz, {bits} bit, {channels} channel(s); it must be 8000 Hz, 16 bit, mono"
        )
