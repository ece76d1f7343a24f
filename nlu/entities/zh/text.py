"""Mandarin text as the grammars read it, and its numbers."""

from __future__ import annotations

import re
import unicodedata

import cn2an  # type: ignore[import-untyped]

DIGITS = "零〇幺一二三四五六七八九十百千万两廿"
NUMBER = (
    r"(?:[0-9]{1,9}(?:\.[0-9]{1,2})?[万千百]?"
    r"|[零〇一二三四五六七八九十百千万两廿]{1,12}(?:点[零一二三四五六七八九]{1,2})?)"
)
WHOLE = rf"(?<![0-9.{DIGITS}])(?:{NUMBER})(?![0-9{DIGITS}])"
"""A number with no further digit on either side: not the 二 of 二十分钟."""

DIGIT_VALUES = {c: str(n) for n, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "幺": "1", "两": "2"}
_ONE_TO_NINE = "一二三四五六七八九"

_HESITATION = re.compile(r"[嗯呃唔]+")
_STUTTER = re.compile(r"([我这那就是在])\1+(?=[^是])|(那个|这个|就是|我是){2,}")
_RESTART = re.compile(
    rf"((?:[{_ONE_TO_NINE}两]?[十百千万])+)\1(?=[{_ONE_TO_NINE}号日块元])|([{DIGITS}]{{2,3}})\2(?=[号日])"
)
_JANUARY = re.compile(rf"(?<![0-9{DIGITS}])元月(?=份|[0-9{DIGITS}])")
_ABOUT = re.compile(r"(?<=[十百千万])来(?=[个块天分小年元钱次周万岁])|(?<=点)来(?=钟)")
_THOUSANDS = re.compile(rf"(?<=[0-9{DIGITS}])k(?![a-z])")


def compact(text: str) -> str:
    """As the grammars want it: without spaces, punctuation, hesitations and stutters; one way to write what has two.

    Kept are `.`, `:`, `-` and `/` between digits, and the signs ¥ and +.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().replace("¥", "¥")
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", plain)
    plain = re.sub(r"(?<![0-9])[.:\-/]|[.:\-/](?![0-9])", "", plain)
    plain = "".join(c for c in plain if c.isalnum() or c in ".:-/¥+")
    plain = _STUTTER.sub(lambda found: found[1] or found[2], _HESITATION.sub("", plain))
    plain = _RESTART.sub(lambda found: found[1] or found[2], plain)
    plain = _JANUARY.sub("一月", plain)
    plain = _ABOUT.sub("", _THOUSANDS.sub("千", plain))
    return plain.replace("俩", "两个").replace("仨", "三个").replace("个个", "个")


_NEXT = dict(zip("一二三四五六七八", "二三四五六七八九", strict=True)) | {"两": "三"}
_UNIT = (
    r"(?:[十百千万]多?(?:块钱?|元)?|块钱?|元|天|周|个?(?:月|星期|礼拜|小时|钟头|工作日)|年|分钟|分|颗星|星|号|日|点半?钟?|个)"
    r"(?:以后|之后|过后|后|以内|之内|内)?"
)
_NEIGHBOURS = re.compile(
    rf"(?<![0-9{DIGITS}第])(?P<tens>[二三]?十)?(?P<a>[一二两三四五六七八])(?P<b>[二两三四五六七八九])(?P<unit>{_UNIT})"
)
_EITHER = re.compile(
    rf"(?<![0-9{DIGITS}.:])(?P<a>{NUMBER})(?P<joint>到|至|或者?|或是|[-~])(?P<b>{NUMBER})(?P<unit>{_UNIT})?"
)


def shared(text: str) -> str:
    """What is said once for two numbers is given to both: 三四个星期 is 三个星期或四个星期, 三到五百 is 三百到五百."""
    return _EITHER.sub(_each, _NEIGHBOURS.sub(_neighbours, text))


def _neighbours(match: re.Match[str]) -> str:
    tens, a, b, unit = match["tens"] or "", match["a"], match["b"], match["unit"]
    if _NEXT.get(a) != b and a + b not in {"三五", "一两"}:
        return match.group()
    return f"{tens}{a}{unit}或{tens}{b}{unit}"


def _each(match: re.Match[str]) -> str:
    a, b, unit = match["a"], match["b"], match["unit"] or ""
    if match["joint"] in "-~" and not unit:
        return match.group()
    scale = b[-1] if b[-1] in "百千万" and len(a) == 1 and a not in "十百千万" else ""
    return f"{a}{scale}{unit}{match['joint']}{b}{unit}"


def number(text: str) -> float | None:
    """ "三千五" is 3500, "二十五" 25, "1.5万" 15000; None for what is no number ("百八")."""
    plain = text.replace("〇", "零").replace("廿", "二十")
    try:
        return float(cn2an.cn2an(plain, "smart"))
    except (ValueError, KeyError, IndexError):
        return None


def spelled(text: str) -> str | None:
    """ "幺三八" is "138"; None if a character is no digit."""
    digits = [DIGIT_VALUES.get(c, c) for c in text]
    return "".join(digits) if all(d.isascii() and d.isdigit() for d in digits) else None
