"""Mandarin clock times and lengths of time: 下午三点半, 差一刻五点, 一个半小时."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.entities.candidate import Candidate
from nlu.entities.zh.text import NUMBER, number
from nlu.inventory import EntityType
from nlu.understanding import Entity

AFTERNOON_HOURS = range(1, 8)
"""Hours that mean the afternoon when nothing says which half of the day: banks are not called at night."""

_HOUR = r"(?:二十[一二三四]?|十[一二三四五六七八九]?|[零一两二三四五六七八九]|2[0-4]|1[0-9]|0?[0-9])"
_HALF = r"凌晨|清晨|早上|早晨|大早上|上午|中午|正午|下午|晚上|傍晚|夜里|半夜|深夜|午夜"
_LATE = frozenset({"下午", "晚上", "傍晚", "今晚", "明晚", "昨晚", "深夜"})
_NIGHT = frozenset({"凌晨", "夜里", "晚上", "半夜", "午夜", "深夜", "今晚", "明晚"})
_MINUTES = r"[零〇一二三四五六七八九十0-9]{1,3}"
_CLOCK = re.compile(
    rf"(?P<e>(?P<half>{_HALF})?(?:差(?P<early>一刻|{_MINUTES}分?钟?)(?:到|就)?)?(?P<h>{_HOUR})(?:点钟?"
    rf"(?:(?P<part>半|一刻|三刻)|[过]?(?P<m>{_MINUTES})(?!点)分?|差(?P<short>一刻|{_MINUTES}分?))?|[:](?P<colon>[0-5][0-9])))"
)
# "A little" far more often than one o'clock: 一点 needs a day or a 在 in front.
_A_LITTLE = re.compile("一点")
_AT = re.compile(r"(?:[天日号在到]|(?:周|星期|礼拜)[一二三四五六])$")
_NOON = re.compile(r"(?P<e>中午|正午)(?![一二三四五六七八九十0-9])")
_DAYPART = re.compile(rf"(?:{_HALF})(?!差?{_HOUR}[点:])|[今明昨]晚|[今明]早")
_UNIT = r"(?P<unit>分钟|小时|钟头|天|周|星期|礼拜|(?<=[个半])月|年|季度|刻钟)"
_DURATION = re.compile(
    rf"(?<![第0-9零〇一二三四五六七八九十百千])(?P<e>(?P<n>半|{NUMBER})个?(?P<half>半)?(?:工作)?{_UNIT}(?P<more>半)?"
    rf"(?:零?(?P<minutes>{NUMBER})分钟?|(?<=年)(?:零|又|加)?(?P<months>{NUMBER})个月)?)(?![一二三四五六日]|天(?!内|之)|份|底|初|末|中旬)"
)
_IDIOM = re.compile(r"(?:^|[^十百零])一分钟$|半天$|[哪有每某]一天$")
"""等一分钟, 搞半天: no length that anybody counts."""

_MINUTES_OF = {"分钟": 1, "刻钟": 15, "小时": 60, "钟头": 60}
_DAYS_OF = {"天": 1, "周": 7, "星期": 7, "礼拜": 7}
_HALVES = {"小时": "PT30M", "钟头": "PT30M", "天": "PT12H", "月": "P15D", "年": "P6M"}
_MOST_YEARS = 100


def times(text: str, *, expected: bool) -> Iterator[Candidate]:
    parts = set(_DAYPART.findall(text))
    overall = parts.pop() if len(parts) == 1 else ""
    last, carried = "", ""
    for match in _CLOCK.finditer(text):
        if _A_LITTLE.fullmatch(match["e"]) and not (overall or _AT.search(text, 0, match.start())) and not expected:
            continue
        hour, minute = number(match["h"]), _minute(match)
        if hour is None or minute is None or not hour.is_integer():
            continue
        minutes = int(hour) * 60 + minute
        value = _clock(minutes, match["half"] or carried or overall)
        if not match["half"] and (value or "") <= last:  # 早上九点到五点
            value = _clock(minutes, "")
        carried = match["half"] or carried
        if value:
            last = value
            yield _candidate(match, EntityType.TIME, value, 3 if expected else 1)
    for match in _NOON.finditer(text):
        yield _candidate(match, EntityType.TIME, "12:00", 0)


def _minute(match: re.Match[str]) -> int | None:
    """Minutes past the hour, below nought for 差一刻."""
    if before := match["early"] or match["short"]:
        value = 15.0 if before == "一刻" else number(before.rstrip("分钟"))
        return None if value is None else -int(value)
    if said := match["m"] or match["colon"]:
        value = number(said)
        return None if value is None or value >= 60 else int(value)
    return {"半": 30, "一刻": 15, "三刻": 45}.get(match["part"] or "", 0)


def _clock(minutes: int, half: str) -> str | None:
    hour, minute = divmod(minutes, 60)
    late = half in _LATE or (half == "中午" and hour < 3)
    if hour < 12 and (late or (not half and hour in AFTERNOON_HOURS)):
        hour += 12
    elif hour == 12 and half in _NIGHT:
        hour = 0
    return f"{hour:02d}:{minute:02d}" if 0 <= hour < 24 else None


def durations(text: str, *, expected: bool) -> Iterator[Candidate]:
    for match in _DURATION.finditer(text):
        if not expected and _IDIOM.search(text, 0, match.end()):
            continue
        if value := _length(match):
            yield _candidate(match, EntityType.DURATION, value, 3 if expected else 0)


def _length(match: re.Match[str]) -> str | None:
    """ISO 8601; None for what is no length (半分钟, 二零二六年)."""
    unit = match["unit"]
    if match["n"] == "半":
        return _HALVES.get(unit)
    count = number(match["n"])
    if count is None:
        return None
    count += 0.5 if match["half"] or match["more"] else 0
    if unit in _MINUTES_OF:
        extra = number(match["minutes"]) if match["minutes"] else 0
        minutes = round(count * _MINUTES_OF[unit] + (extra or 0))
        return f"PT{minutes // 60}H" if _MINUTES_OF[unit] == 60 and minutes % 60 == 0 else f"PT{minutes}M"
    if unit in _DAYS_OF:
        return f"P{int(count * _DAYS_OF[unit] + 0.5)}D"
    if unit == "月":
        return f"P{int(count)}M" if count.is_integer() else f"P{round(count * 30)}D"
    if unit == "季度":
        return f"P{round(count * 3)}M"
    if count >= _MOST_YEARS:
        return None
    if match["months"]:
        return f"P{round(count * 12 + (number(match['months']) or 0))}M"
    return f"P{int(count)}Y" if count.is_integer() else f"P{round(count * 12)}M"


def _candidate(match: re.Match[str], kind: EntityType, value: str, weight: int) -> Candidate:
    return Candidate(Entity(kind, value, match["e"]), match.start("e"), match.end("e"), weight)
