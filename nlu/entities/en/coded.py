"""English number words as numbers: the text the grammars read.

"two hundred and fifty dollars by the twenty fifth" becomes "#250 dollars by the @25", where `#` is a number, `@` an
ordinal, `~` a clock time, `=` an ISO date and `/` a date in digits. Words that only follow each other stay apart:
"four two one" is "#4 #2 #1", "two fifty" is "#2 #50". Hesitations and words said twice are left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nlu.entities.en.numerals import COLLOQUIAL, ORDINALS, SCALES, TENS, UNITS, ascii_digits, number

__all__ = ["ORDINALS", "SCALES", "TENS", "UNITS", "Coded", "Piece", "code", "shared"]

HESITATIONS = frozenset({"um", "umm", "uh", "uhh", "uhm", "er", "erm", "hm", "hmm", "mm", "ah", "eh"})
_STUTTERED = frozenset(
    {"the", "a", "on", "by", "in", "of", "to", "and", "at", "for", "from", "it's", "i", "i'll", "my", "this", "is"}
)
"""Small words that mean the same when said twice."""

_TOKEN = re.compile(
    r"\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}(?:/\d{2,4})?(?![\d/])|\d{1,2}:\d{2}"
    r"|\d+(?:\.\d+)?(?:st|nd|rd|th)?(?![^\W\d_])|\d+(?:\.\d+)?|[$£€¥+]|[^\W\d_]+(?:'[^\W\d_]+)*",
    re.UNICODE | re.IGNORECASE,
)
_SUFFIXES = frozenset({"st", "nd", "rd", "th"})
_COUNTABLE = re.compile(
    r"dollars?|pounds?|euros?|yuan|bucks|quid|minutes?|hours?|days?|weeks?|fortnights?|months?|years?|stars?|points?"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One word of the coded text and the words it stands for; `literal` if it was written in digits.

    `raw` keeps the capitals; `paused` says that a hesitation was in front.
    """

    code: str
    text: str
    literal: bool = False
    raw: str = ""
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Coded:
    """The coded text with a space around every word, and its pieces."""

    line: str
    pieces: tuple[Piece, ...]

    def words(self, match: re.Match[str], group: int | str = 0) -> tuple[int, int]:
        """The range of pieces a match covers."""
        start = self.line.count(" ", 0, match.start(group) + (self.line[match.start(group)] == " ")) - 1
        inner = match.group(group).strip()
        return max(start, 0), max(start, 0) + len(inner.split())

    def text(self, start: int, end: int) -> str:
        return " ".join(piece.text for piece in self.pieces[start:end] if piece.text)

    def raw(self, start: int, end: int) -> str:
        return " ".join(piece.raw for piece in self.pieces[start:end] if piece.raw)


def code(text: str) -> Coded:
    plain = unicodedata.normalize("NFKC", text).replace("’", "'")
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", plain).replace("-", " ") if not _has_iso(plain) else plain
    raw, paused = _spoken(_TOKEN.findall(plain))
    words = [word.casefold() for word in raw]
    pieces: list[Piece] = []
    index = 0
    while index < len(words):
        piece, used = _piece(words, index)
        said = " ".join(raw[index : index + used])
        piece = replace(piece, raw=said, paused=index in paused)
        if pieces and _restarts(pieces[-1], piece):
            pieces.pop()
        pieces.append(piece)
        index += used
    return _coded(pieces)


def shared(coded: Coded) -> Coded:
    """What is said once for two numbers is given to both: "three or four weeks" is "three weeks or four weeks"."""
    pieces = list(coded.pieces)
    for index in range(len(pieces) - 2, 0, -1):  # "a week or two"
        unit, joint, number = pieces[index - 1 : index + 2]
        following = pieces[index + 2].code if index + 2 < len(pieces) else ""
        if joint.code == "or" and number.code == "#2" and _COUNTABLE.fullmatch(unit.code) and following != unit.code:
            pieces.insert(index + 2, Piece(f"{unit.code}s", ""))
    for index in range(len(pieces) - 3, -1, -1):
        first, joint, second = pieces[index : index + 3]
        between = joint.code in {"and", "to"} and index > 0 and pieces[index - 1].code in {"between", "from"}
        numbers = first.code.startswith("#") and second.code.startswith("#")
        if not numbers or not (between or joint.code in {"or", "to"}):
            continue
        scale = COLLOQUIAL.get(second.text.split()[-1], 0)
        value = float(first.code[1:]) * scale
        if scale and 0 < value < float(second.code[1:]):
            pieces[index] = replace(first, code=f"#{value:.0f}")
        following = pieces[index + 3].code if index + 3 < len(pieces) else ""
        if _COUNTABLE.fullmatch(following):
            pieces.insert(index + 1, Piece(following, ""))
    return _coded(pieces)


def _coded(pieces: Sequence[Piece]) -> Coded:
    return Coded(f" {' '.join(piece.code for piece in pieces)} ", tuple(pieces))


def _has_iso(text: str) -> bool:
    return re.search(r"\d{4}-\d{2}-\d{2}", text) is not None


def _spoken(words: Sequence[str]) -> tuple[list[str], set[int]]:
    """Without hesitations and stutters, and which words had a hesitation in front."""
    kept: list[str] = []
    paused: set[int] = set()
    for word in words:
        if word.casefold() in HESITATIONS:
            paused.add(len(kept))
        elif not (kept and word.casefold() == kept[-1].casefold() and word.casefold() in _STUTTERED):
            kept.append(word)
    return kept, paused


def _restarts(before: Piece, piece: Piece) -> bool:
    """Whether a number begins with the words just broken off: "twenty, twenty fifth", "one, um, one hundred".

    Not "twenty twenty six", a year, and not "two twenty", a sum.
    """
    if not (before.code.startswith("#") and piece.text.startswith(f"{before.text} ")):
        return False
    return piece.code.startswith("@") or piece.paused or "hundred" in before.text or piece.text.endswith(" and a half")


def _piece(words: Sequence[str], index: int) -> tuple[Piece, int]:
    word = words[index]
    following = words[index + 1] if index + 1 < len(words) else ""
    if word[0].isdigit() and word.isdecimal() and following in _SUFFIXES:
        return Piece(f"@{ascii_digits(word)}", f"{word} {following}", True), 2
    value, used = number(words, index)
    if used == 0 or (used == 1 and word[0].isdigit()):
        return (_literal(word) if word[0].isdigit() else Piece(_ordinal(word), word)), 1
    after = words[index + used] if index + used < len(words) else ""
    if value in range(20, 100, 10) and ORDINALS.get(after, 99) < 10:
        return Piece(f"@{value + ORDINALS[after]}", " ".join(words[index : index + used + 1])), used + 1
    return Piece(f"#{value}", " ".join(words[index : index + used]), word[0].isdigit()), used


def _ordinal(word: str) -> str:
    return f"@{ORDINALS[word]}" if word in ORDINALS else word


def _literal(word: str) -> Piece:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", word):
        return Piece(f"={word}", word, True)
    if ":" in word:
        return Piece(f"~{word}", word, True)
    if "/" in word:
        return Piece(f"/{word}", word, True)
    bare = word.rstrip("stndrh")
    digits = ascii_digits(bare)
    if digits is None:
        return Piece(word, word)
    return Piece(f"{'@' if bare != word else '#'}{digits}", word, True)
