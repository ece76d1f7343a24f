"""English digit strings and telephone numbers, said one by one, doubled, in groups, or in pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.entities.candidate import Candidate, masked
from nlu.entities.en.coded import Coded
from nlu.inventory import EntityType
from nlu.understanding import Entity

PHONE_DIGITS = range(7, 16)
SHORTEST = 3
"""Fewer digits are no string of digits but a number, unless they are all there is to an answer."""

NO_NUMBER = 5
"""The weight of what is digits even where a number is asked for: a count has no "double" and begins with no zero."""

_REPEAT = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}
_BETWEEN = r"(?:(?:and|then|dash|hyphen|space) )*"
_TIMES = rf"(?:(?:{'|'.join(_REPEAT)}) )?"
_DIGIT = rf"{_TIMES}(?:#\d|oh?)"
_GROUP = rf"{_TIMES}(?:#\d{{1,15}}|oh?)"
_DIGITS = re.compile(rf"(?<!\S)(?P<e>{_DIGIT}(?: {_BETWEEN}{_DIGIT})+)(?!\S)|(?<!\S)#\d{{3,15}}(?!\S)")
_GROUPS = re.compile(rf"(?<!\S)(?:(?P<plus>plus|\+) )?{_GROUP}(?: {_BETWEEN}{_GROUP})*(?!\S)")
_HOW_MANY = re.compile(r"(?<= )(?:last|first|final|next) #\d(?= )|(?<= )#\d(?= digits? )")


def digits(coded: Coded, *, expects: str | None, length: int | None) -> Iterator[Candidate]:
    """Digit strings of three and more. Where they are asked for, groups like "forty two seventeen" as well."""
    if expects == "digits" or (expects == "number" and length):
        yield from _asked_for(coded, EntityType.DIGITS, length)
        return
    if expects == "phone" and (asked := tuple(_asked_for(coded, EntityType.PHONE, None))):
        yield from asked
        return
    yield from _dialled(coded)
    for match in _DIGITS.finditer(coded.line):
        value = spelled(match.group())
        start, end = coded.words(match)
        if match.group("e") is None and not coded.pieces[start].literal:
            continue  # "three hundred" is a number, not digits
        if len(value) >= SHORTEST:
            phone = len(value) in PHONE_DIGITS
            kind = EntityType.PHONE if phone else EntityType.DIGITS
            spelt = value.startswith("0") or any(word in _REPEAT for word in match.group().split())
            weight = NO_NUMBER if spelt else 2 if phone else 0
            yield Candidate(Entity(kind, value, coded.text(start, end)), start, end, weight)


def _asked_for(coded: Coded, kind: EntityType, length: int | None) -> Iterator[Candidate]:
    """Every run of digits; of those that are no more than a count ("the last four"), none if there is a longer one."""
    line = _HOW_MANY.sub(masked, coded.line)
    runs = [(_dictated(coded, *coded.words(match)), match) for match in _GROUPS.finditer(line)]
    least = PHONE_DIGITS.start if kind is EntityType.PHONE else SHORTEST
    longest = max((len(value) for value, _ in runs), default=0)
    for value, match in runs:
        if not value or (len(value) < least and (longest >= least or kind is EntityType.PHONE)):
            continue
        start, end = coded.words(match)
        if len(value) < SHORTEST and (len(coded.pieces) > end - start or "#" not in match.group()):
            continue
        international = "+" if match.group("plus") and kind is EntityType.PHONE else ""
        yield Candidate(
            Entity(kind, international + value, coded.text(start, end)), start, end, 4 + (len(value) == length)
        )


def _dialled(coded: Coded) -> Iterator[Candidate]:
    """Telephone numbers in groups that nobody asked for: "020 7946 0958", "oh seven seven double oh nine hundred"."""
    for match in _GROUPS.finditer(coded.line):
        start, end = coded.words(match)
        value = _dictated(coded, start, end)
        written = all(piece.literal for piece in coded.pieces[start:end])
        starts_as_one = match.group("plus") or value.startswith("0")
        if 9 <= len(value) < PHONE_DIGITS.stop and end - start > 1 and (written or starts_as_one):
            international = "+" if match.group("plus") else ""
            yield Candidate(Entity(EntityType.PHONE, international + value, coded.text(start, end)), start, end, 2)


def _dictated(coded: Coded, start: int, end: int) -> str:
    """The digits of a range; "nine hundred, one, two, three" is 900123, though "nine hundred one" alone is 901."""
    codes = []
    for index in range(start, end):
        piece = coded.pieces[index]
        goes_on = index + 1 < end and len(coded.pieces[index + 1].code) == 2
        broken = goes_on and re.fullmatch(r"\w+ hundred \w+", piece.text) is not None and piece.code[-2] == "0"
        codes.append(f"{piece.code[:-1]}0 #{piece.code[-1]}" if broken else piece.code)
    return spelled(" ".join(codes))


def spelled(code: str) -> str:
    """ "#4 double #5 oh" is "4550"."""
    result, times = "", 1
    for word in code.split():
        if word in _REPEAT:
            times = _REPEAT[word]
        elif word in {"oh", "o"} or word.startswith("#"):
            result += ("0" if word[0] == "o" else word[1:]) * times
            times = 1
    return result
