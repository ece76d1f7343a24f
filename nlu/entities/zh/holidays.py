"""The holidays Mandarin-speaking customers name: fixed days, lunar days, days counted in a month or from Easter."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import partial

from nlu.entities import calendar, lunar
from nlu.entities.zh.text import number

FIXED = {
    "元旦": (1, 1), "情人节": (2, 14), "妇女节": (3, 8), "三八节": (3, 8), "三八妇女节": (3, 8),
    "植树节": (3, 12), "愚人节": (4, 1),
    "劳动节": (5, 1), "五一": (5, 1), "五一劳动节": (5, 1), "青年节": (5, 4), "五四青年节": (5, 4), "儿童节": (6, 1),
    "六一": (6, 1), "六一儿童节": (6, 1), "建党节": (7, 1), "建军节": (8, 1), "八一建军节": (8, 1),
    "教师节": (9, 10), "国庆": (10, 1), "国庆节": (10, 1), "十一": (10, 1), "十一国庆": (10, 1), "万圣节": (10, 31),
    "光棍节": (11, 11), "双十一": (11, 11), "双十二": (12, 12), "平安夜": (12, 24),
    "圣诞": (12, 25), "圣诞节": (12, 25),
    "跨年": (12, 31),
}  # fmt: skip
LUNAR = {
    "春节": (1, 1), "过年": (1, 1), "过完年": (1, 1), "过了年": (1, 1),
    "大年初一": (1, 1), "除夕": (1, 0), "除夕夜": (1, 0), "大年三十": (1, 0),
    "年三十": (1, 0), "大年夜": (1, 0), "元宵": (1, 15), "元宵节": (1, 15), "端午": (5, 5), "端午节": (5, 5),
    "七夕": (7, 7), "七夕节": (7, 7), "中元节": (7, 15), "中秋": (8, 15), "中秋节": (8, 15), "重阳": (9, 9),
    "重阳节": (9, 9), "腊八": (12, 8), "腊八节": (12, 8), "小年": (12, 23),
}  # fmt: skip
_SUNDAY, _THURSDAY = 6, 3
COUNTED: dict[str, Callable[[int], date | None]] = {
    "清明": calendar.qingming,
    "清明节": calendar.qingming,
    "冬至": calendar.winter_solstice,
    "母亲节": lambda year: calendar.nth_weekday(year, 5, _SUNDAY, 2),
    "父亲节": lambda year: calendar.nth_weekday(year, 6, _SUNDAY, 3),
    "感恩节": lambda year: calendar.nth_weekday(year, 11, _THURSDAY, 4),
    "复活节": calendar.easter,
}
NAMES = "|".join(sorted((*FIXED, *LUNAR, *COUNTED), key=len, reverse=True))

LUNAR_DAY = (
    r"(?:(?:农历|阴历|旧历)(?P<month>[正冬腊一二三四五六七八九十]{1,2})月的?|(?P<named>[正腊冬])月的?|(?P<plain>[一二三四五六七八九十]{1,2})月(?=初[一二三四五六七八九十])|(?P<year>大?年后?)(?=初))"
    r"(?P<day>初[一二三四五六七八九十]|[二廿三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]|[0-9]{1,2})[号日]?"
)
_MONTHS = {"正": 1, "冬": 11, "腊": 12}


def holiday(name: str, reference: date, *, past: bool = False) -> date | None:
    """The next such day, `reference` included, or the last one; None where the lunar table ends."""
    if name in FIXED:
        return calendar.month_and_day(reference, *FIXED[name], past=past)
    if name in LUNAR:
        return lunar.upcoming(reference, *LUNAR[name], past=past)
    return calendar.yearly(reference, COUNTED[name], past=past)


def lunar_day(match: re.Match[str], reference: date, *, past: bool = False) -> date | None:
    """正月十五, 腊月二十三, 农历八月十五, 大年初三."""
    said = match["named"] or match["month"] or match["plain"] or "正"
    month = _MONTHS.get(said) or number(said)
    day = number(match["day"].removeprefix("初"))
    if not month or not day:
        return None
    return lunar.upcoming(reference, int(month), int(day), past=past)


upcoming_new_year = partial(lunar.upcoming, month=1, day=1)
