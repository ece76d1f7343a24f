"""Text to n-grams: the only preparation a served model needs, and the same one it was trained with.

English, its contractions spelled out, is cut into words (one and two at a time) and into the characters of each
word (two to five); Mandarin, which writes no spaces, into characters (one and two at a time, and three to four) and
their syllables without tones (one and two at a time), because recognisers take one character for another that sounds
the same. `^` and `$` mark the beginning and the end of the utterance, so that a bare "yes" differs from a "yes"
inside a sentence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import lazy_pinyin

START, END = "^", "$"
_SOUND = "~"  # before a syllable, so that "a" is not the letter
_APOSTROPHES = str.maketrans({"‘": "'", "’": "'", "ʼ": "'", "`": "'", "＇": "'"})
_CONTRACTIONS = tuple(
    (re.compile(pattern), full)
    for pattern, full in (
        (r"\bcan'?t\b|\bcannot\b", "can not"),
        (r"\bwon't\b", "will not"),
        (r"\bshan't\b", "shall not"),
        (r"\bgonna\b", "going to"),
        (r"\bwanna\b", "want to"),
        (r"\bgotta\b", "got to"),
        (r"n't\b", " not"),
        (r"'m\b", " am"),
        (r"'re\b", " are"),
        (r"'ll\b", " will"),
        (r"'ve\b", " have"),
        (r"'d\b", " would"),
        (r"'s\b", " is"),
    )
)


class UnsupportedLanguage(ValueError):
    """There is no tokenisation, and so no model, for the language asked for."""


@dataclass(frozen=True, slots=True)
class Grams:
    """The n-grams of one utterance in two blocks, and `units`: how many words (Mandarin: characters) it has."""

    words: tuple[str, ...]
    characters: tuple[str, ...]
    units: int


def primary(language: str) -> str:
    """The language without its region: `en-GB` is `en`, `zh_CN` and `cmn` are `zh`."""
    tag = language.replace("_", "-").split("-")[0].lower()
    return "zh" if tag == "cmn" else tag


def normalise(text: str) -> str:
    """Lower case, NFKC, plain apostrophes; everything that is neither letter, digit nor apostrophe becomes a space."""
    folded = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES)).casefold()
    kept = "".join(c if c.isalnum() or c == "'" else " " for c in folded)
    return " ".join(kept.split())


def english(text: str) -> Grams:
    words = _expanded(_spelling(text)).split()
    marked = [START, *words, END]
    return Grams(
        words=(*words, *_pairs(marked)) if words else (),
        characters=tuple("".join(gram) for word in words for n in range(2, 6) for gram in _windows(f" {word} ", n)),
        units=len(words),
    )


def mandarin(text: str) -> Grams:
    plain = "".join(_spelling(text).split())
    marked = START + plain + END
    sounds = [_SOUND + _syllable(character) for character in plain]
    return Grams(
        words=(*plain, *("".join(gram) for gram in _windows(marked, 2)), *sounds, *_pairs([START, *sounds, END]))
        if plain
        else (),
        characters=tuple("".join(gram) for n in (3, 4) for gram in _windows(marked, n)) if plain else (),
        units=len(plain),
    )


TOKENISERS: dict[str, Callable[[str], Grams]] = {"en": english, "zh": mandarin}


def grams(text: str, language: str) -> Grams:
    """The n-grams of `text`. Raises `UnsupportedLanguage` for a language other than those in `TOKENISERS`."""
    try:
        return TOKENISERS[primary(language)](text)
    except KeyError:
        known = ", ".join(sorted(TOKENISERS))
        raise UnsupportedLanguage(f"no tokenisation for language {language!r}; there is one for {known}") from None


def is_unit(gram: str, language: str) -> bool:
    """Whether a gram of the `words` block is a single word (Mandarin: character), not a pair or a border."""
    return " " not in gram if primary(language) == "en" else len(gram) == 1


def _spelling(text: str) -> str:
    """Normalised, and every digit character the same: which number it is belongs to the entities, not the intent."""
    return "".join("0" if c.isdigit() else c for c in normalise(text))


def _expanded(text: str) -> str:
    """Contractions in full, since people and recognisers use both: "don't" and "do not" are the same words."""
    for pattern, full in _CONTRACTIONS:
        text = pattern.sub(full, text)
    return text


def _pairs(items: Sequence[str]) -> Iterator[str]:
    return (" ".join(pair) for pair in _windows(items, 2))


@lru_cache(maxsize=50_000)  # more than the characters in use; text from outside cannot fill the memory
def _syllable(character: str) -> str:
    """Its commonest reading without the tone; what has none is itself. One character at a time, so that a misheard
    neighbour does not change it."""
    return str(lazy_pinyin(character)[0])


def _windows(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (items[i : i + size] for i in range(len(items) - size + 1))
