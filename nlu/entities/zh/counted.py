"""Mandarin lengths of time as distances, and the dates that are so far from another one: 国庆前一天, 周五往后推一周."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from nlu.entities import calendar
from nlu.entities.zh.text import NUMBER, number

COUNT = rf"(?P<n>半|{NUMBER})个?(?P<half>半)?多?(?:工作)?(?P<unit>天|日|周|星期|礼拜|(?<=[个半多])月|年|小时|钟头)"
_WEEKDAYS = "一二三四五六日"
_OFFSET = re.compile(
    rf"(?P<side>的?(?:之前|以前|前面|前)|的?(?:之后|以后|过后|后面|后)|往后|往前|开始|起)?"
    rf"(?:的|再|过|推|数|延|算|等)*(?:{COUNT}|第(?P<nth>{NUMBER})天|(?P<next>第二天|次日|隔天|下一天)"
    r"|(?:第一个|最后一个|头一个|那个)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天]))"
)

Found = tuple[int, int, date]


@dataclass(frozen=True, slots=True)
class Said:
    """When, and looking which way: `past` if the utterance tells of a payment already made."""

    reference: date
    past: bool


def integer(text: str) -> int | None:
    value = number(text)
    return int(value) if value is not None and value.is_integer() else None


def moved(base: date, match: re.Match[str], sign: int) -> date | None:
    count, unit, half = match["n"], match["unit"], match["half"]
    if count == "半":
        if unit == "年":
            return calendar.shift(base, months=6 * sign)
        return calendar.shift(base, days=15 * sign) if unit == "月" else None
    value = integer(count)
    if value is None:
        return None
    match unit:
        case "小时" | "钟头":
            return calendar.shift(base, days=sign * (value // 24)) if value >= 24 else None
        case "月" | "年":
            whole = calendar.shift(base, months=value * sign * (12 if unit == "年" else 1))
            if not half or whole is None:
                return whole
            return calendar.shift(whole, days=15 * sign) if unit == "月" else calendar.shift(whole, months=6 * sign)
    return calendar.shift(base, days=sign * value * (1 if unit in {"天", "日"} else 7))


def counted_from(text: str, bases: list[Found]) -> list[Found]:
    found: list[Found] = []
    for start, end, base in bases:
        match = _OFFSET.match(text, end)
        if match is None or text[end - 1] in "前后内":
            continue
        side = match["side"] or ""
        sign = -1 if "前" in side else 1
        if when := _from(base, match, sign, bool(side)):
            found.append((start, match.end(), when))
    return found


def _from(base: date, match: re.Match[str], sign: int, sided: bool) -> date | None:
    if match["day"]:
        if not sided:
            return None
        weekday = 6 if match["day"] == "天" else _WEEKDAYS.index(match["day"])
        return calendar.next_weekday(base, weekday) if sign > 0 else calendar.last_weekday(base, weekday)
    if match["nth"] and (sided or match["nth"] != "二"):
        days = integer(match["nth"])
        return None if days is None or not sided else calendar.shift(base, days=sign * days)
    if match["nth"] or match["next"]:
        return calendar.shift(base, days=1)
    explicit = sided or any(word in match.group()[: match.start("n") - match.start()] for word in "再过推延等")
    return moved(base, match, sign) if explicit else None
