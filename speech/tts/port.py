"""The port for speech synthesis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from speech.audio import AudioFormat, Frame


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks and how fast. `name` is the engine's name for the voice, `rate` 1.0 its normal speed."""

    language: str
    name: str
    rate: float = 1.0


class Synthesiser(Protocol):
    """An engine. `version` is part of the prompt cache's key: a new engine version renders anew."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def format(self) -> AudioFormat:
        """What `synthesise` yields."""
        ...

    def voices(self) -> tuple[Voice, ...]:
        """The voices on this machine, at normal speed; the first of a language is its default."""
        ...

    def synthesise(self, text: str, voice: Voice) -> Iterator[Frame]:
        """Speak `text`, yielding frames as they are ready, positions from 0.

        Blocks and uses CPU. Raises `UnknownVoice` for a voice the engine lacks and `ValueError` for
        text with nothing to say.
        """
        ...


class SynthesisError(Exception):
    """Anything an engine reports; the message says what to do."""


class UnknownVoice(SynthesisError):
    """The engine has no such voice or language."""
