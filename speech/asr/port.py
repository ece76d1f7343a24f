"""The port for speech recognition.

An engine (`Recogniser`) is loaded once and shared; a `RecognitionStream` listens to one utterance.
Calls block and use CPU: a shell runs them in a thread, one stream at a time in one thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from speech.audio import AudioFormat, Frame


@dataclass(frozen=True, slots=True)
class Word:
    """A recognised word and where it was said (samples at the stream's rate)."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Transcript:
    """What a stream has understood so far, or in the end.

    `start` and `end` are positions of the stream in samples. `confidence` is 0..1, or None where the
    engine has none. `accepted` is False when the engine heard speech but would not stand by the words
    (outside the grammar); the words are then the nearest guess and must not be acted upon.
    """

    text: str
    start: int
    end: int
    confidence: float | None = None
    accepted: bool = True
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Hints:
    """What the bot expects to hear: the language, a grammar, and words worth favouring.

    `grammar` is JSGF text with exactly one public rule, or None for free speech; `beside` is a grammar of what may be
    said instead of that. An engine that cannot use a hint ignores it.
    """

    language: str
    grammar: str | None = None
    beside: str | None = None
    hot_words: tuple[str, ...] = ()


class RecognitionStream(Protocol):
    """One utterance. After `finalise` or `close` no more frames are taken (`StreamClosed`)."""

    def accept(self, frame: Frame) -> Transcript | None:
        """Take the next frame; return the partial transcript if it changed."""
        ...

    def preview(self) -> Transcript | None:
        """What `finalise` would return if the utterance ended here; the utterance goes on. As costly as `finalise`.

        None from an engine that can only tell at the end.
        """
        ...

    def finalise(self) -> Transcript:
        """End the utterance and return its transcript; empty text if nothing was recognised."""
        ...

    def close(self) -> None:
        """Give back what the stream holds; a second call does nothing. Cancels an unfinished utterance."""
        ...


class Recogniser(Protocol):
    """An engine with its model loaded. `name` and `version` go on the tape."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def languages(self) -> tuple[str, ...]: ...
    @property
    def format(self) -> AudioFormat:
        """What streams take. Telephone audio is 8 kHz; an engine that needs another rate resamples inside."""
        ...

    def open(self, hints: Hints) -> RecognitionStream:
        """Start an utterance. Raises `UnsupportedLanguage` or `BadGrammar`."""
        ...


class RecognitionError(Exception):
    """Anything an engine reports; the message says what to do."""


class UnsupportedLanguage(RecognitionError):
    """The engine has no model for the language asked for."""


class BadGrammar(RecognitionError):
    """The grammar does not parse, or has words the engine does not know: those are in `words`."""

    def __init__(self, message: str, words: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.words = words


class StreamClosed(RecognitionError):
    """A frame reached a stream that was finalised or closed."""


class ModelMissing(RecognitionError):
    """The engine's model is not on this machine; the message names the command that fetches it."""
