"""What machines, screening assistants, networks and people say when a call is answered: data, by language."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from telephony_bridge.line_status import LineStatus

FOLDER = Path(__file__).parent
WITHOUT_SPACES = frozenset({"zh"})
"""Languages whose words are searched without spaces; in the others a pattern begins and ends at a word's bound."""


class PhrasesError(Exception):
    """A file of phrases cannot be used; the message names the file, the place and the remedy."""


def _pattern(value: str) -> str:
    try:
        compiled = re.compile(value)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    if compiled.search(""):
        raise ValueError("matches when nothing was said; write what must be there")
    return value


Pattern = Annotated[str, AfterValidator(_pattern)]
Patterns = Annotated[tuple[Pattern, ...], Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Strengths(_Part):
    certain: Patterns
    hint: Patterns


class _File(_Part):
    person_whole: Patterns
    person: Patterns
    machine: _Strengths
    screener: _Strengths
    announcement: dict[LineStatus, Patterns]


@dataclass(frozen=True, slots=True)
class Found:
    """What the words of an answer hold. Each hint counts once, however often it was said."""

    person: bool = False
    machine: bool = False
    screener: bool = False
    announcement: LineStatus | None = None
    machine_hints: int = 0
    screener_hints: int = 0


class Phrases:
    """The phrases of one language."""

    def __init__(self, file: _File, language: str) -> None:
        self._spaceless = language in WITHOUT_SPACES
        self._person_whole = self._compiled(file.person_whole)
        self._person = self._compiled(file.person)
        self._machine = self._compiled(file.machine.certain)
        self._machine_hints = self._compiled(file.machine.hint)
        self._screener = self._compiled(file.screener.certain)
        self._screener_hints = self._compiled(file.screener.hint)
        self._announcement = {status: self._compiled(patterns) for status, patterns in file.announcement.items()}

    def find(self, text: str) -> Found:
        """Look through everything that was said so far."""
        words = _plain(text, self._spaceless)
        return Found(
            person=any(p.fullmatch(words) for p in self._person_whole) or _any(self._person, words),
            machine=_any(self._machine, words),
            screener=_any(self._screener, words),
            announcement=next((status for status, ps in self._announcement.items() if _any(ps, words)), None),
            machine_hints=sum(p.search(words) is not None for p in self._machine_hints),
            screener_hints=sum(p.search(words) is not None for p in self._screener_hints),
        )

    def _compiled(self, patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
        bound = "" if self._spaceless else r"\b"
        return tuple(re.compile(f"{bound}(?:{pattern}){bound}") for pattern in patterns)


@cache
def phrases_of(language: str) -> Phrases:
    """The phrases that ship for a language (`en`, `zh`). Raises `PhrasesError`; reads once."""
    path = FOLDER / f"phrases.{language}.yml"
    if not path.is_file():
        raise PhrasesError(f"{path}: there is no such file; write it beside those of the other languages")
    return read_phrases(path, language)


def read_phrases(path: Path, language: str) -> Phrases:
    """Raises `PhrasesError` for a file that cannot be read or is not as it must be."""
    try:
        return Phrases(_File.model_validate(YAML(typ="safe").load(path.read_text(encoding="utf-8"))), language)
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise PhrasesError(f"{path}: cannot be read: {error}") from None
    except ValidationError as error:
        places = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'the file'}: {e['msg']}" for e in error.errors())
        raise PhrasesError(f"{path}: {places}") from None


def _any(patterns: tuple[re.Pattern[str], ...], words: str) -> bool:
    return any(pattern.search(words) for pattern in patterns)


def _plain(text: str, spaceless: bool) -> str:
    """Lower case, punctuation gone but for the apostrophe, single spaces or none."""
    even = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    kept = "".join(" " if unicodedata.category(c)[0] in "PS" and c != "'" else c for c in even)
    return ("" if spaceless else " ").join(kept.split())
