"""English numerals: the number that begins at a word, as "three hundred and five", "one point five thousand", "2 k"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from nlu.entities.candidate import tidy

# fmt: off
_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth",
)
# fmt: on
UNITS = {word: value for value, word in enumerate(_UNITS)} | {"naught": 0, "nought": 0}
TENS = {word: 10 * n for n, word in enumerate(_TENS, start=2)}
ORDINALS = {word: value for value, word in enumerate(_ORDINALS, start=1)} | {"thirtieth": 30}
SCALES = {"thousand": 1000, "million": 1_000_000}
COLLOQUIAL = SCALES | {"grand": 1000, "k": 1000, "hundred": 100, "dozen": 12}
_LITERAL = re.compile(r"\d+(?:\.\d+)?")

Number = int | float


def number(words: Sequence[str], index: int) -> tuple[Number, int]:
    """The number that begins at `index` and how many words it takes; (0, 0) if none does."""
    loose, used = _of_a_scale(words, index)
    if used:
        return loose, used
    broken, used = _with_a_fraction(words, index)
    if used:
        scale = COLLOQUIAL.get(_at(words, index + used), 0)
        return (tidy(round(broken * scale, 6)), used + 1) if scale else (broken, used)
    return _cardinal(words, index)


def ascii_digits(word: str) -> str | None:
    """Digits of any script as ASCII; None for a digit character without a decimal value, such as a circled number."""
    try:
        return "".join(c if c == "." else str(unicodedata.decimal(c)) for c in word)
    except ValueError:
        return None


def _at(words: Sequence[str], index: int) -> str:
    return words[index] if index < len(words) else ""


def _of_a_scale(words: Sequence[str], index: int) -> tuple[Number, int]:
    """ "half a million", "a couple of hundred", "thousand dollars"; but not "a few thousand"."""
    if words[index] in {"hundred", "thousand"} and (index == 0 or words[index - 1] not in _VAGUE):
        return COLLOQUIAL[words[index]], 1
    for lead, share in _LEADS:
        end = index + len(lead)
        scale = COLLOQUIAL.get(_at(words, end), 0)
        if scale and tuple(words[index:end]) == lead:
            return tidy(share * scale), len(lead) + 1
    return 0, 0


_VAGUE = frozenset({"few", "several", "many", "some", "the", "couple", "of"})
_LEADS = (
    (("quarter", "of", "a"), 0.25),
    (("a", "quarter", "of", "a"), 0.25),
    (("half", "a"), 0.5),
    (("half",), 0.5),
    (("a", "couple", "of"), 2),
    (("a", "couple"), 2),
    (("couple", "of"), 2),
    (("couple",), 2),
)


def _with_a_fraction(words: Sequence[str], index: int) -> tuple[float, int]:
    """ "three and a half", "nine point two five", "4.5"."""
    whole, used = _below_thousand(words, index)
    if not used:
        return 0, 0
    after = index + used
    if tuple(words[after : after + 3]) == ("and", "a", "half"):
        return whole + 0.5, used + 3
    if _at(words, after) == "point":
        decimals = ""
        while (digit := UNITS.get(_at(words, after + 1 + len(decimals)), 10)) < 10:
            decimals += str(digit)
        if decimals:
            return tidy(float(f"{whole}.{decimals}")), used + 1 + len(decimals)
    literal = _LITERAL.fullmatch(words[index]) is not None
    if literal or (whole and _at(words, after) in {"grand", "k", "dozen"}):
        return whole, used
    return 0, 0


def _cardinal(words: Sequence[str], index: int) -> tuple[Number, int]:
    total: Number = 0
    used = 0
    while True:
        group, taken = _below_thousand(words, index + used)
        if not taken:
            break
        scale = SCALES.get(_at(words, index + used + taken))
        if scale is None:
            total, used = total + group, used + taken
            break
        total, used = total + group * scale, used + taken + 1
        following = used + (_at(words, index + used) == "and")
        group, taken = _below_thousand(words, index + following)
        nested = _at(words, index + following + taken) in SCALES
        if not taken or group >= scale or (nested and scale == 1000) or _LITERAL.fullmatch(words[index + following]):
            break
        used = following
    return total, used


def _below_thousand(words: Sequence[str], index: int) -> tuple[Number, int]:
    value, used = _below_hundred(words, index)
    if not used and _at(words, index) == "a" and _at(words, index + 1) in COLLOQUIAL:
        value, used = 1, 1
    if not used:
        return 0, 0
    if _at(words, index + used) == "hundred":
        value, used = tidy(value * 100), used + 1
        skip = _at(words, index + used) == "and"
        rest, taken = _below_hundred(words, index + used + skip)
        after = _at(words, index + used + skip + taken)
        another = after == "hundred" or (after in ORDINALS and rest >= 20) or not isinstance(rest, int)
        if taken and not another and not _LITERAL.fullmatch(words[index + used + skip]):
            value, used = value + rest, used + skip + taken
    return value, used


def _below_hundred(words: Sequence[str], index: int) -> tuple[Number, int]:
    word = _at(words, index)
    if _LITERAL.fullmatch(word):
        digits = ascii_digits(word)
        return (0, 0) if digits is None else (tidy(float(digits)), 1)
    if word in UNITS:
        return UNITS[word], 1
    if word in TENS:
        unit = UNITS.get(_at(words, index + 1), 0)
        return (TENS[word] + unit, 2) if 0 < unit < 10 else (TENS[word], 1)
    return 0, 0
