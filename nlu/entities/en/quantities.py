"""English amounts, ratings and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.entities.candidate import Candidate, Value, masked, tidy
from nlu.entities.en.coded import Coded
from nlu.entities.en.strings import spelled
from nlu.inventory import EntityType
from nlu.understanding import Entity

__all__ = ["amounts", "numbers", "ratings", "spelled"]

CURRENCIES = {
    "dollar": "USD", "dollars": "USD", "bucks": "USD", "buck": "USD", "pound": "GBP", "pounds": "GBP", "quid": "GBP",
    "euro": "EUR", "euros": "EUR", "yuan": "CNY", "kuai": "CNY", "rmb": "CNY", "renminbi": "CNY", "usd": "USD",
    "gbp": "GBP", "eur": "EUR", "$": "USD", "£": "GBP", "€": "EUR", "¥": "CNY",
}  # fmt: skip
MAX_RATING = 10
LOWEST_UNNAMED = 20
"""Below this, "pay five" without a currency is more often something else."""

_WORD = "|".join(word for word in CURRENCIES if word.isalpha())
_NUMBER = r"#(?P<n>\d{1,9}(?:\.\d{1,2})?)"
# What is counted in these is no rating, no sum and no number the bot asked for.
_COUNTED = (
    r"(?! (?:more )?(?:days?|weeks?|fortnights?|months?|years?|hours?|minutes?|seconds?|@2|times?|calls?|people|kids|"
    r"children|questions?|accounts?|cards?|o'clock|am|pm|p m|a m|percent|installments?|instalments?|payments?|"
    r"of (?:you|us|them|your|my|these|the)|(?:more )?(?:thing|moment|second|sec))(?!\S))(?! more(?! \S))"
)
NOT_A_COUNT = "".join(f"(?<! {word} (?=#1 ))" for word in ("no", "this", "that", "which", "another", "any", "wrong"))
"""In front of a number: no "that one", no "wrong one"."""
_SCALE = re.compile(
    r"(?<= )(?:(?:scale|range) (?:of|from) #\d+ (?:to|and|through) #\d+|(?:from|between) #[01] (?:to|and) #(?:5|10|100)"
    r"|(?<!#\d )(?<!#\d\d )(?<!#\d\.\d )out of (?:a )?(?:possible )?#\d+)(?= )"
)
_SPOKEN_COUNTS = {"none": 0, "once": 1, "twice": 2, "a couple": 2, "a pair": 2, "a single": 1, "just the one": 1}


def amounts(coded: Coded, *, expected: bool) -> Iterator[Candidate]:
    """Sums with a currency word; where a sum was asked for, bare numbers too."""
    for match in (match for pattern in _MONEY for match in pattern.finditer(coded.line)):
        value = _sum(match) + int(match.group("cents") or 0) / 100
        currency = CURRENCIES[match.group("cur")]
        yield _candidate(coded, match, EntityType.AMOUNT, tidy(round(value, 2)), 3, currency)
    for match in _CENTS.finditer(coded.line):
        yield _candidate(coded, match, EntityType.AMOUNT, int(match.group("n")) / 100, 2)
    for match in (_BARE_SUM if expected else _PAID_SUM).finditer(coded.line):
        value = _sum(match)
        if expected or value >= LOWEST_UNNAMED:
            yield _candidate(coded, match, EntityType.AMOUNT, tidy(value), 2 if expected else 0)


def _sum(match: re.Match[str]) -> float:
    """ "two fifty" is 250, "two oh five" 205."""
    more = match.group("more")
    return float(match.group("n")) * 100 + int(more) if more else float(match.group("n"))


def ratings(coded: Coded, *, expected: bool) -> Iterator[Candidate]:
    """ "four out of five", "a four", "five stars"; a bare number only where a rating was asked for."""
    line = _SCALE.sub(masked, coded.line)
    for pattern in (*_RATINGS, *((_BARE_RATING,) if expected else ())):
        for match in pattern.finditer(line):
            value = float(match.group("n"))
            if value <= MAX_RATING:
                yield _candidate(coded, match, EntityType.RATING, tidy(value), 3 if expected else 1)


def numbers(coded: Coded) -> Iterator[Candidate]:
    """Any number, for a question that asks for one."""
    for match in _BARE_NUMBER.finditer(coded.line):
        yield _candidate(coded, match, EntityType.NUMBER, tidy(float(match.group("n"))), 2)
    for match in _COUNT_WORD.finditer(coded.line):
        yield _candidate(coded, match, EntityType.NUMBER, _SPOKEN_COUNTS[match.group("e")], 2)


def _candidate(
    coded: Coded, match: re.Match[str], kind: EntityType, value: Value, weight: int, currency: str | None = None
) -> Candidate:
    start, end = coded.words(match, "e")
    return Candidate(Entity(kind, value, coded.text(start, end), currency), start, end, weight)


_MORE = r"(?: (?:oh )?#(?P<more>[1-9]\d|(?<=oh #)[1-9]))?"
_CENTS_TAIL = r"(?:(?: and)? #(?P<cents>\d\d?)(?: cents)?(?! (?:days?|weeks?|months?)))?"
_MONEY = (
    re.compile(rf"(?<!\S)(?P<e>(?P<cur>[$£€¥]) {_NUMBER}(?P<more>)(?P<cents>)(?: (?:{_WORD}))?)(?!\S)"),
    re.compile(rf"(?<!\S)(?P<e>{_NUMBER}{_MORE} (?:us )?(?P<cur>{_WORD}){_CENTS_TAIL})(?!\S)"),
)
_CENTS = re.compile(r"(?<!\S)(?<!and )(?P<e>#(?P<n>\d\d?) cents?)(?!\S)")
_BARE_SUM = re.compile(rf"{NOT_A_COUNT}(?<!\S)(?P<e>{_NUMBER}{_MORE})(?!\S){_COUNTED}")
_PAID_SUM = re.compile(
    r"(?<= )(?:pay|paid|send|sent|transfer|transferred|owe|offer|afford|manage|paying)(?: (?:you|off|only|just|about|"
    rf"around|like|maybe|at least|up to|him|them))* (?P<e>{_NUMBER}{_MORE})(?!\S){_COUNTED}(?! #)"
)
_RATINGS = (
    re.compile(
        r"(?<!\S)(?P<e>#(?P<n>\d\d?(?:\.\d)?) (?:out of|over|of) (?:a )?(?:possible )?#\d+(?: stars| points)?)(?!\S)"
    ),
    re.compile(r"(?<!\S)(?P<e>#(?P<n>\d\d?(?:\.\d)?) (?:stars?|points?))(?!\S)"),
    re.compile(
        r"(?<!\S)(?:give|rate|rated|rating|score|scored)"
        r"(?: (?:it|you|them|him|her|that|this|is|of|as|the \S+))*(?: an?)? "
        rf"(?P<e>#(?P<n>\d\d?(?:\.\d)?))(?!\S){_COUNTED}(?! (?:{_WORD}|@))"
    ),
)
_BARE_RATING = re.compile(
    rf"{NOT_A_COUNT}(?<! the )(?<!\S)(?P<e>#(?P<n>\d\d?(?:\.\d)?))(?!\S){_COUNTED}(?! (?:{_WORD}))"
)
_BARE_NUMBER = re.compile(rf"{NOT_A_COUNT}(?<!\S)(?P<e>{_NUMBER})(?!\S)(?!(?<=#1) (?:@2|moment|sec|minute|more)(?!\S))")
_COUNT_WORD = re.compile(rf"(?<!\S)(?P<e>{'|'.join(_SPOKEN_COUNTS)})(?!\S)")
