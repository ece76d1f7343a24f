"""Mandarin amounts, ratings and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.entities.candidate import Candidate, Value, tidy
from nlu.entities.zh.text import NUMBER, WHOLE, number, spelled
from nlu.inventory import EntityType
from nlu.understanding import Entity

MAX_RATING = 10

_COUNTED = r"(?![个天日号月年周星点次遍位人岁分钟小时期笔张家%]|工作日)"
_NO_IDIOM = (
    r"(?!一(?:[想等接部群句半共起下样定直些般边旦刻时]|点(?![0-9一二三四五六七八九])|会儿?|个劲))(?!千万[别不要])"
)
_NOT_COUNTED_FROM = r"(?<!满分)(?<![第周期拜万唯统之])"
_CURRENCY = {
    "块": "CNY", "元": "CNY", "圆": "CNY", "人": "CNY", "刀": "USD", "美": "USD", "欧": "EUR", "港": "HKD", "英": "GBP",
}  # fmt: skip


def amounts(text: str, *, expected: bool) -> Iterator[Candidate]:
    """Sums with 块, 元, 毛 or a currency; where a sum was asked for, bare numbers too."""
    for match in _MONEY.finditer(text):
        whole = number(match.group("n"))
        if whole is None:
            continue
        value = whole + _fraction(match)
        yield _candidate(match, EntityType.AMOUNT, tidy(round(value, 2)), 3, _CURRENCY[match.group("cur")[0]])
    for match in _DIMES.finditer(text):
        if (dimes := number(match.group("n"))) is not None:
            cents = int(spelled(match.group("cents") or "") or 0)
            yield _candidate(match, EntityType.AMOUNT, round(dimes / 10 + cents / 100, 2), 2, "CNY")
    for match in _SIGN.finditer(text):
        yield _candidate(match, EntityType.AMOUNT, tidy(float(match.group("n"))), 3, "CNY")
    for match in (_BARE if expected else _LARGE).finditer(text):
        if (bare := number(match.group("n"))) is not None:
            yield _candidate(match, EntityType.AMOUNT, tidy(bare), 2 if expected else 0)


def _fraction(match: re.Match[str]) -> float:
    """Tenths after "两块五", "三块五毛"; tenths and hundredths after "三块五毛二"; the hundredths of "三块零五分"."""
    tenths, hundredths = spelled(match.group("dimes") or ""), spelled(match.group("cents") or "")
    if match.group("dimes") and match.group("zero") and not match.group("dime_word"):
        tenths, hundredths = "0", tenths
    return int(tenths or 0) / 10 + int(hundredths or 0) / 100


def ratings(text: str, *, expected: bool) -> Iterator[Candidate]:
    """ "五分", "给四分", "四星"; a bare number only where a rating was asked for."""
    for pattern in (_POINTS, *((_BARE_RATING,) if expected else ())):
        for match in pattern.finditer(text):
            value = number(match.group("n"))
            if value is not None and value <= MAX_RATING:
                half = 0.5 if match.groupdict().get("half") else 0
                yield _candidate(match, EntityType.RATING, tidy(value + half), 3 if expected else 1)


def numbers(text: str) -> Iterator[Candidate]:
    """Any number, for a question that asks for one."""
    for match in _BARE_NUMBER.finditer(text):
        value = number(match.group("n"))
        if value is not None:
            yield _candidate(match, EntityType.NUMBER, tidy(value * (12 if match.group("dozen") else 1)), 2)


def _candidate(
    match: re.Match[str], kind: EntityType, value: Value, weight: int, currency: str | None = None
) -> Candidate:
    return Candidate(Entity(kind, value, match.group("e"), currency), match.start("e"), match.end("e"), weight)


_MONEY = re.compile(
    rf"(?P<e>(?P<n>{NUMBER})多?(?P<cur>块钱?|元|圆|人民币|美元|美金|刀|欧元|港币|港元|英镑)"
    r"(?:(?P<zero>零)?(?P<dimes>[一二两三四五六七八九0-9])(?:(?P<dime_word>[毛角])(?:(?P<cents>[一二三四五六七八九0-9])分?)?"
    r"|(?<=零.)分|(?![个天十百千万号月分]))|整)?)"
)
_DIMES = re.compile(rf"(?<!块)(?<!块零)(?P<e>(?P<n>{NUMBER})[毛角](?:(?P<cents>[一二三四五六七八九])分?|钱)?)")
_SIGN = re.compile(r"(?P<e>¥(?P<n>[0-9]{1,9}(?:\.[0-9]{1,2})?))")
_BARE = re.compile(rf"{_NOT_COUNTED_FROM}{_NO_IDIOM}(?P<e>(?P<n>{WHOLE})){_COUNTED}")
_LARGE = re.compile(
    r"(?P<e>(?P<n>[零一二三四五六七八九十百千万两]{0,8}[一二三四五六七八九两十][百千万][零一二三四五六七八九十百千两]{0,8}))"
    + _COUNTED
)
# 十分 before anything but the end or a particle is "very".
_POINTS = re.compile(
    rf"(?<!满分)(?<!满分是)(?<![满按第])(?P<e>(?P<n>{WHOLE})"
    r"(?:(?<!十)分(?!钟|期|之(?!间)|满分|制|钱)(?P<half>半)?|(?<=十)分(?=$|[吧啊呀呗了的我给到至或还就]|不(?=[是对一二三四五六七八九]))|颗?星(?!期)))"
)
_BARE_RATING = re.compile(rf"{_NOT_COUNTED_FROM}{_NO_IDIOM}(?P<e>(?P<n>{WHOLE})){_COUNTED}(?![块元毛])")
_BARE_NUMBER = re.compile(
    rf"(?<!再)(?<!再说)(?<!再讲){_NOT_COUNTED_FROM}{_NO_IDIOM}(?P<e>(?P<n>{WHOLE})(?P<dozen>打(?![算电给]))?)"
)
