"""How words sound: pronunciation dictionaries in the CMU format, `word(2)  W ER D`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from speech.asr.port import RecognitionError

_VARIANT = re.compile(r"\(\d+\)$")


class Lexicon:
    """Pronunciations by word, from one or several dictionaries; a later one adds to what is there."""

    def __init__(self, entries: dict[str, list[str]]) -> None:
        self._entries = entries

    @classmethod
    def load(cls, paths: Iterable[Path]) -> Lexicon:
        """Read the files. Raises `RecognitionError` naming file and line."""
        entries: dict[str, list[str]] = {}
        for path in paths:
            try:
                text = path.read_text(encoding="utf-8")
            except OSError as error:
                raise RecognitionError(f"{path}: the pronunciation dictionary cannot be read ({error})") from error
            for number, line in enumerate(text.splitlines(), 1):
                word, _, phones = line.partition(" ")
                if not word or word.startswith((";;;", "#")):
                    continue
                if not phones.strip():
                    raise RecognitionError(f"{path}:{number}: {word!r} has no phones")
                entries.setdefault(plain(word).lower(), []).append(phones.strip())
        return cls(entries)

    def __contains__(self, word: str) -> bool:
        return word in self._entries

    def pronunciations(self, word: str) -> Sequence[str]:
        """The ways to say a word, each as phones with a space between; empty if it is not known."""
        return self._entries.get(word, ())


def plain(spoken: str) -> str:
    """The word without the number of its pronunciation: `the` of `the(2)`."""
    return _VARIANT.sub("", spoken)
