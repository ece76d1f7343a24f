"""Where digits are said in a text, in English and Mandarin, one by one or as numbers. Pure.

Cast wide, for masking: what might be digits counts. What an answer means is `nlu.entities`' to say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from nlu.entities.en.coded import SCALES, TENS, UNITS, code
from nlu.entities.en.quantities import spelled as spelled_in_english
from nlu.entities.zh.text import DIGIT_VALUES, number
from nlu.entities.zh.text import spelled as spelled_in_mandarin

_MANDARIN = "".join(DIGIT_VALUES) + "十百千万廿"
_TOKEN = re.compile(rf"\d+|[{_MANDARIN}]+|(?:(?![{_MANDARIN}])[^\W\d_])+(?:'[^\W\d_]+)*")
_ENGLISH = frozenset({*UNITS, *TENS, *SCALES, "hundred"})
_ONLY_AMONG_DIGITS = frozenset({"a", "oh", "o", "double", "triple", "treble"})
_BETWEEN_DIGITS = frozenset({"and", "then", "um", "uh", "er", "嗯", "呃", "啊"})
_IDIOM = re.compile(
    r"\b(?:no|any|some|every|this|that|the|which|another|not) one\b|\bone (?:moment|second|minute|sec|more|day|thing)\b"
    r"|一(?=[下个点些样起定直会位边般])|(?<=[等万第唯统])一|千万(?=[别不要])",
    re.IGNORECASE,
)
"""A "one" that counts nothing."""


@dataclass(frozen=True, slots=True)
class Run:
    """Digits said in one go: where they stand in `source`, the text in its normal form (NFKC), and their value.

    `idiom`: no digits at all, as in "one moment".
    """

    source: str
    start: int
    end: int
    digits: str
    idiom: bool


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int

    @property
    def mandarin(self) -> bool:
        return self.text[0] in _MANDARIN

    @property
    def counts(self) -> bool:
        return self.text[0].isdecimal() or self.mandarin or self.text in _ENGLISH

    @property
    def belongs(self) -> bool:
        """It may be part of a run."""
        return self.counts or self.text in _ONLY_AMONG_DIGITS or self.text in _BETWEEN_DIGITS


def runs(text: str) -> list[Run]:
    """In the order of the text. Never raises for odd text."""
    source = unicodedata.normalize("NFKC", text)
    tokens = [_Token(match[0].casefold(), match.start(), match.end()) for match in _TOKEN.finditer(source)]
    idioms = [match.span() for match in _IDIOM.finditer(source)]
    found = []
    for belongs, group in groupby(tokens, key=lambda token: token.belongs):
        run = _trimmed(list(group)) if belongs else []
        if digits := "".join(_digits(run)):
            start, end = run[0].start, run[-1].end
            idiom = any(a <= start and end <= b for a, b in idioms)
            found.append(Run(source, start, end, digits, idiom and len(run) == 1))
    return found


def _trimmed(tokens: list[_Token]) -> list[_Token]:
    """Without the words at either end that only connect; nothing, if no digit is left."""
    while tokens and tokens[-1].text in _BETWEEN_DIGITS:
        tokens = tokens[:-1]
    while tokens and tokens[0].text in _BETWEEN_DIGITS:
        tokens = tokens[1:]
    return tokens if any(token.counts for token in tokens) else []


def _digits(run: list[_Token]) -> Iterator[str]:
    for mandarin, group in groupby(run, key=lambda token: token.mandarin):
        if mandarin:
            yield from (_mandarin(token.text) for token in group)
        else:
            yield spelled_in_english(code(" ".join(_ascii(token.text) for token in group)).line)


def _mandarin(text: str) -> str:
    one_by_one = spelled_in_mandarin(text)
    if one_by_one is not None:
        return one_by_one
    value = number(text)
    return f"{value:.0f}" if value is not None else "".join(DIGIT_VALUES.get(character, "") for character in text)


def _ascii(text: str) -> str:
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
