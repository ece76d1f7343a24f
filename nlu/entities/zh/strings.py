"""Mandarin digit strings and telephone numbers: 幺三八, 拐两洞幺, 三个八, in one go or in pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.entities.candidate import Candidate, masked
from nlu.entities.zh.text import DIGIT_VALUES, WHOLE, number
from nlu.inventory import EntityType
from nlu.understanding import Entity

PHONE_DIGITS = range(7, 14)
SHORTEST = 3
"""Fewer digits are no string of digits but a number, unless they are all there is to an answer."""

NO_NUMBER = 5
"""The weight of what is digits even where a number is asked for: a count has no 幺 and begins with no zero."""

_RADIO = {"洞": "0", "拐": "7", "勾": "9"}
"""Said for clearness, as on the radio; only where digits were asked for, since they are common characters."""

_SPOKEN = "".join(DIGIT_VALUES)
_DIGIT = f"[0-9{_SPOKEN}]"
_BETWEEN = r"(?:那个|然后|再|杠|横杠|空格|[-啊])*"
_TOKEN = rf"(?:(?P<times>[两二三四五六七八])个)?(?P<digit>{_DIGIT[:-1]}{''.join(_RADIO)}])"
_TOKENS = re.compile(rf"一个(?={_DIGIT})|" + _TOKEN)
_ANY = rf"(?:[一两二三四五六七八]个)?{_DIGIT[:-1]}{''.join(_RADIO)}]"
_ASKED = re.compile(rf"(?P<plus>加|\+)?(?P<e>{_ANY}(?:{_BETWEEN}{_ANY})*x?)(?![十百千万块元毛号日月点分个位])")
_DIGITS = re.compile(rf"(?P<plus>加|\+)?(?P<e>{_DIGIT}{{3,20}})(?![十百千万块元毛号日月点分年.])")
_DIALLED = re.compile(
    rf"(?P<plus>加|\+)?(?P<e>{_DIGIT}(?:{_BETWEEN}{_DIGIT}){{6,19}})(?![十百千万块元毛号日月点分年.])"
)
_HOW_MANY = re.compile(rf"(?:[最后前末尾]+{_DIGIT}位(?:数字?|号码?)?|{_DIGIT}位(?:数字?|号码?)?)(?:是|就是)?")
_NUMBERS = re.compile(rf"(?P<e>{WHOLE})")


def digits(text: str, *, expects: str | None, length: int | None) -> Iterator[Candidate]:
    """Digit strings of three and more. Where they are asked for, a spoken number as well."""
    if expects == "digits" or (expects == "number" and length):
        yield from _asked_for(text, EntityType.DIGITS, length)
        return
    if expects == "phone" and (asked := tuple(_asked_for(text, EntityType.PHONE, None))):
        yield from asked
        return
    for match in _DIALLED.finditer(text):
        value = _spelled(match["e"])
        if len(value) in PHONE_DIGITS and value[0] in "01":
            yield _candidate(match, EntityType.PHONE, value, 3)
    for match in _DIGITS.finditer(text):
        value = _spelled(match["e"])
        phone = len(value) in PHONE_DIGITS
        weight = NO_NUMBER if value.startswith("0") or "幺" in match["e"] else 2 if phone else 0
        yield _candidate(match, EntityType.PHONE if phone else EntityType.DIGITS, value, weight)


def _asked_for(text: str, kind: EntityType, length: int | None) -> Iterator[Candidate]:
    """Every run of digits; of those that are no more than a count (后四位), none if there is a longer one."""
    line = _HOW_MANY.sub(masked, text)
    runs = [(_spelled(match["e"]), match) for match in _ASKED.finditer(line)]
    for match in _NUMBERS.finditer(line):
        whole = number(match["e"])
        if whole is not None and whole.is_integer() and re.search("[十百千万]", match["e"]):
            runs.append((str(int(whole)), match))
    least = PHONE_DIGITS.start if kind is EntityType.PHONE else SHORTEST
    longest = max((len(value) for value, _ in runs), default=0)
    for value, match in runs:
        if len(value) < SHORTEST and len(match["e"]) < len(text):
            continue
        if len(value) >= least or (longest < least and kind is EntityType.DIGITS and value):
            yield _candidate(match, kind, value, 4 + (len(value) == length))


def _candidate(match: re.Match[str], kind: EntityType, value: str, weight: int) -> Candidate:
    international = "+" if kind is EntityType.PHONE and match.groupdict().get("plus") else ""
    return Candidate(Entity(kind, international + value, match["e"]), match.start("e"), match.end("e"), weight)


def _spelled(said: str) -> str:
    """三个八 is 888, 两个五一个七 557."""
    result = ""
    for match in _TOKENS.finditer(said):
        if match["digit"]:
            value = _RADIO.get(match["digit"], DIGIT_VALUES.get(match["digit"], match["digit"]))
            result += value * int(DIGIT_VALUES.get(match["times"] or "", "1"))
    return result + ("X" if said.endswith("x") else "")  # the check digit of an identity card
