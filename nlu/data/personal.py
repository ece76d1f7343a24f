"""Personal data in an utterance: what may never stand in a file of examples. Written digits and spoken ones."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONG = 7
"""Digits in a row that may be somebody's number. Our own examples say at most six."""

_COUNTING = "0123456789"  # "one two three four five six seven" is nobody's number

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b\w+ at \w+ dot \w{2,}\b", re.IGNORECASE)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b")
_NATIONAL_INSURANCE = re.compile(r"\b[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b", re.IGNORECASE)
_SOCIAL_SECURITY = re.compile(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)")
_CHINESE_ID = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dA-Za-z])")
_DATE = re.compile(r"(?<!\d)(?:\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2\d{4})(?!\d)")
_RUN = re.compile(r"(?<!\d)\d(?:[ .()\-–/]{0,2}\d){6,}(?!\d)")

_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_ENGLISH = {"oh": "0", **{word: str(digit) for digit, word in enumerate(_WORDS)}}
_TIMES = {"double": 2, "triple": 3, "treble": 3}
_MANDARIN = str.maketrans("零〇幺一二两三四五六七八九", "0011223456789")
_MANDARIN_RUN = re.compile(r"[零〇幺一二两三四五六七八九]{7,}")


def kinds(text: str) -> tuple[str, ...]:
    """What personal data the text holds, by kind; never the data themselves, which belong in no report."""
    return tuple(dict.fromkeys(_kinds(text)))


def _kinds(text: str) -> Iterator[str]:
    if _EMAIL.search(text):
        yield "an e-mail address"
    if any(_is_iban(found[0].replace(" ", "")) for found in _IBAN.finditer(text.upper())):
        yield "an account number (IBAN)"
    if _NATIONAL_INSURANCE.search(text) or _SOCIAL_SECURITY.search(text):
        yield "an ID number"
    for digits in (*_written(text), *_spoken(text)):
        if digits not in _COUNTING:
            yield _kind(digits)


def _written(text: str) -> Iterator[str]:
    for found in _CHINESE_ID.finditer(text):
        yield found[0].upper()
    rest = _SOCIAL_SECURITY.sub(" ", _DATE.sub(" ", _CHINESE_ID.sub(" ", text)))
    for found in _RUN.finditer(rest):
        yield re.sub(r"\D", "", found[0])


def _spoken(text: str) -> Iterator[str]:
    for found in _MANDARIN_RUN.finditer(text):
        yield found[0].translate(_MANDARIN)
    run, times = "", 1
    for word in (*re.findall(r"[\w']+", text.lower()), ""):
        if word in _TIMES:
            times = _TIMES[word]
        elif word in _ENGLISH:
            run, times = run + _ENGLISH[word] * times, 1
        else:
            if len(run) >= LONG:
                yield run
            run, times = "", 1


def _kind(digits: str) -> str:
    if len(digits) == 18 and _is_chinese_id(digits):
        return "an ID number"
    if 13 <= len(digits) <= 19 and digits.isdecimal() and _is_luhn(digits):
        return "a card number"
    return "a phone or account number"


def _is_luhn(digits: str) -> bool:
    doubled = [2 * int(d) if place % 2 else int(d) for place, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _is_chinese_id(number: str) -> bool:
    """GB 11643: the last place checks the seventeen before it."""
    total = sum(int(d) * pow(2, 17 - place, 11) for place, d in enumerate(number[:17]))
    return number[17] == "10X98765432"[total % 11]


def _is_iban(number: str) -> bool:
    """ISO 13616: moved and read as a number, letters as 10 to 35, the remainder by 97 is one."""
    return int("".join(str(int(c, 36)) for c in number[4:] + number[:4])) % 97 == 1
