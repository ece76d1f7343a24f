"""Mandarin dates: 明天, 下周三, 月底之前, 这个月二十五号, 半个月以后, 元旦."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from nlu.entities import calendar
from nlu.entities.candidate import Candidate, within
from nlu.entities.zh.counted import COUNT, Said, counted_from, integer, moved
from nlu.entities.zh.holidays import LUNAR_DAY, NAMES, holiday, lunar_day, upcoming_new_year
from nlu.entities.zh.text import DIGITS, NUMBER, WHOLE, spelled
from nlu.inventory import EntityType
from nlu.understanding import Entity

DAYS = {
    "大前天": -3, "前天": -2, "前日": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "昨儿": -1,
    "今天": 0, "今日": 0, "今晚": 0, "今儿个": 0, "今儿": 0, "今早": 0, "今夜": 0,
    "明天": 1, "明日": 1, "明晚": 1, "明早": 1, "明儿个": 1, "明儿": 1, "后天": 2, "后日": 2, "后儿": 2, "大后天": 3,
}  # fmt: skip
WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 5}
_PART = r"(?:(?:早上|上午|中午|下午|晚上|夜里|凌晨|早晨|傍晚)(?![一二三四五六七八九十两0-9]{1,3}[点:]))?"
_PAST = re.compile(
    r"(?:就|已经|都|早)?(?:还|付|交|转|结清|打|扣|存|销|处理)(?:款|清|完|好)?(?:的|过(?!去(?!了))|了)|已经|(?:失业|离职|住院|倒闭|注销)了|出了|的时候(?:还|付)"
)
_SURELY_PAST = re.compile(
    r"已经|(?:还|付|交|转|打|存|扣|结清)(?:款|清|完|好|掉|过去|进去)?(?:过了?|了$|的$|完了|清了|的钱)"
)
_FUTURE = re.compile(r"能|会|可以|打算|准备|再|一定|肯定|不了|不上|怎么|之前还|前还|行吗|就还$")

Rule = Callable[[re.Match[str], Said], date | None]


def dates(text: str, reference: date, *, expected: bool) -> Iterator[Candidate]:
    """All dates; `expected` admits a bare "二十五" and "马上", which mean a date only as an answer to "when?"."""
    found: list[tuple[int, int, date]] = []
    impossible: list[tuple[int, int]] = []  # 二月三十号 is not the thirtieth of this month
    told = _SURELY_PAST if expected else _PAST
    future = _FUTURE.search(text) is not None
    for pattern, rule, only_expected in _RULES:
        if only_expected and not expected:
            continue
        for match in pattern.finditer(text):
            past = not future and told.search(text, match.end()) is not None
            when = rule(match, Said(reference, past))
            if when is not None:
                found.append((*match.span("d"), when))
            else:
                impossible.append(match.span("d"))
    found += counted_from(text, found)
    for start, end, when in found:
        if not within(start, end, impossible):
            entity = Entity(EntityType.DATE, when.isoformat(), text[start:end])
            yield Candidate(entity, start, end, weight=2 if expected else 1)


def _weekday(match: re.Match[str], said: Said) -> date | None:
    day, which = WEEKDAYS[match.group("day")], match.group("which") or ""
    if which.startswith("下"):
        return calendar.weekday_of_week(said.reference, day, which.count("下"))
    if which.startswith("上"):
        return calendar.weekday_of_week(said.reference, day, -which.count("上"))
    if said.past:
        return calendar.last_weekday(said.reference, day)
    this = calendar.weekday_of_week(said.reference, day, 0)
    if this is not None and which and this >= said.reference:
        return this
    return calendar.next_weekday(said.reference, day)


def _weekday_in_weeks(match: re.Match[str], said: Said) -> date | None:
    """两周后的周三."""
    weeks = integer(match.group("n"))
    return None if weeks is None else calendar.weekday_of_week(said.reference, WEEKDAYS[match["day"]], weeks)


def _year(said: Said, words: str | None) -> int | None:
    """The year that 明年, 二零二七年 or 27年 names."""
    if not words:
        return None
    relative = {"今年": 0, "明年": 1, "后年": 2, "去年": -1}.get(words.removesuffix("的"))
    if relative is not None:
        return said.reference.year + relative
    digits = spelled(words.removesuffix("年"))
    if digits is None or len(digits) not in {2, 4}:
        return None
    return int(digits) + (2000 if len(digits) == 2 else 0)


def _month_day(match: re.Match[str], said: Said) -> date | None:
    month, day = integer(match.group("month")), integer(match.group("n"))
    if month is None or day is None:
        return None
    fixed = _year(said, match.groupdict().get("year"))
    return calendar.month_and_day(said.reference, month, day, fixed, past=said.past)


def _day(match: re.Match[str], said: Said) -> date | None:
    day, which = integer(match.group("n")), match.groupdict().get("which") or ""
    if day is None:
        return None
    if which:
        return calendar.day_in_month(said.reference, day, _months(which))
    return calendar.day_of_month(said.reference, day, past=said.past)


def _month_part(match: re.Match[str], said: Said) -> date | None:
    which, part = match.group("which") or "", match.group("part")
    if part in {"底", "末", "内", "之内", "以内"}:
        return calendar.end_of_month(said.reference, _months(which))
    day = 1 if part in {"初", "头"} else 15
    if which.startswith(("下", "上")):
        return calendar.day_in_month(said.reference, day, _months(which))
    return calendar.day_of_month(said.reference, day, past=said.past)


def _named_month_part(match: re.Match[str], said: Said) -> date | None:
    """八月底, 九月初, 十月中旬."""
    month, part = integer(match.group("month")), match.group("part")
    if month is None or not 1 <= month <= 12:
        return None

    def of_year(year: int) -> date:
        return date(year, month, {"初": 1, "中": 15}.get(part[0], calendar.month_length(year, month)))

    fixed = _year(said, match.group("year"))
    return of_year(fixed) if fixed else calendar.yearly(said.reference, of_year, past=said.past)


def _nth_of_month(match: re.Match[str], said: Said) -> date | None:
    """本月最后一天, 下个月第一个周一, 八月最后一个星期五."""
    nth = -1 if match["nth"] == "最后一" else "一二三四".index(match["nth"][1]) + 1
    named = integer(match["month"]) if match["month"] else None

    def of_month(year: int, month: int) -> date | None:
        if match["day"]:
            return calendar.nth_weekday(year, month, WEEKDAYS[match["day"]], nth)
        return date(year, month, calendar.month_length(year, month) if nth < 0 else nth)

    if named is not None:
        return calendar.yearly(said.reference, lambda year: of_month(year, named)) if 1 <= named <= 12 else None
    first = calendar.shift(said.reference.replace(day=1), months=_months(match["which"] or ""))
    return None if first is None else of_month(first.year, first.month)


def _year_end(match: re.Match[str], said: Said) -> date | None:
    year = said.reference.year + (1 if match.group("which") == "明" else 0)
    return calendar.month_and_day(said.reference, 12, 31, year)


def _counted(sign: int) -> Rule:
    return lambda match, said: moved(said.reference, match, sign)


def _same_day(match: re.Match[str], said: Said) -> date | None:
    """下个月今天, 下周的今天."""
    count = match["which"].count("下")
    return (
        calendar.shift(said.reference, months=count)
        if match["unit"] == "月"
        else calendar.shift(said.reference, 7 * count)
    )


def _months(which: str) -> int:
    return which.count("下") - which.count("上")


def _iso(match: re.Match[str], said: Said) -> date | None:
    try:
        return date.fromisoformat(match["d"])
    except ValueError:
        return None


def _slashed(match: re.Match[str], said: Said) -> date | None:
    """8/3 and 2026/8/3: the month comes first."""
    *year, month, day = (int(part) for part in match["d"].split("/"))
    return calendar.month_and_day(said.reference, month, day, year[0] if year else None)


def _rule(pattern: str, rule: Rule, only_expected: bool = False) -> tuple[re.Pattern[str], Rule, bool]:
    return re.compile(pattern), rule, only_expected


_WEEK = r"(?:周|星期|礼拜)"
_WEEKDAY = rf"{_WEEK}(?P<day>[一二三四五六日天末])(?![个周天月年])"
_WHICH_WEEK = rf"(?P<which>(?:这|本|(?<!一)下+|上+)个?)(?:{_WEEK}的?(?={_WEEK}))?"
_WHICH_MONTH = r"(?P<which>这个?|本|当|(?<!一)下+一?个?|上+一?个?)"
_YEAR = r"(?P<year>(?:今年|明年|后年|去年|[二2][零〇0][零〇一二三四五六七八九0-9]{2}年|[二2][五六七八九5-9]年)的?)?"
_FOLLOWS = r"(?:到|至|或者?|或是|和|跟|还是)"
_ITS_WEEKDAY = rf"(?:{_WEEK}[一二三四五六日天])?"
_NOT_A_DAY = r"(?!线|码|楼|店|卡|子|院|房|窗|柜|机|员)"
_SPANS = r"(?:以后|之后|过后|后|之内|以内|内)"
_LEADS = r"(?:就|那就|那|不对|不|是|我说|说|应该|大概|可能|要)*"
_TAILS = r"(?:吧|啊|呀|呢|左右|之前|以前|前|那天|行吗|可以吗|好了|行不行|这天)*"
_RULES: tuple[tuple[re.Pattern[str], Rule, bool], ...] = (
    _rule(
        rf"(?P<d>(?P<day>{'|'.join(sorted(DAYS, key=len, reverse=True))}){_PART})",
        lambda m, s: calendar.shift(s.reference, DAYS[m["day"]]),
    ),
    _rule(rf"(?P<d>(?:{_WHICH_WEEK})?{_WEEKDAY}{_PART})", _weekday),
    _rule(rf"(?P<d>(?P<n>{NUMBER})个?{_WEEK}{_SPANS}的?{_WEEK}(?P<day>[一二三四五六日天]))", _weekday_in_weeks),
    _rule(r"(?P<d>(?P<which>下+)个?(?P<unit>周|星期|礼拜|月)的?(?:今天|这天|这一天|同一天))", _same_day),
    _rule(
        rf"(?<!历)(?P<d>{_YEAR}(?P<month>{NUMBER})月份?的?(?P<n>{NUMBER})[号日]?{_PART}{_ITS_WEEKDAY})(?![块元千百万])",
        _month_day,
    ),
    _rule(rf"(?P<month>{NUMBER})月份?的?{NUMBER}[号日]?{_FOLLOWS}(?P<d>(?P<n>{NUMBER})[号日])", _month_day),
    _rule(rf"{_WHICH_MONTH}月的?{NUMBER}[号日]?{_FOLLOWS}(?P<d>(?P<n>{NUMBER})[号日])", _day),
    _rule(rf"(?<!月)(?P<d>(?:{_WHICH_MONTH}月的?)?(?P<n>{NUMBER})[号日]{_PART}{_ITS_WEEKDAY}){_NOT_A_DAY}", _day),
    _rule(
        rf"(?<![一二三四五六七八九十0-9正腊冬])(?P<d>{_WHICH_MONTH}?月的?月?(?P<part>底|末|初|头|中旬?))(?!国|下旬)",
        _month_part,
    ),
    _rule(rf"(?P<d>(?:{_WHICH_MONTH}个?)月(?P<part>之内|以内|内))", _month_part),
    _rule(rf"(?P<d>{_YEAR}(?P<month>{NUMBER})月份?的?(?P<part>底|末|初|中旬?))(?!下旬)", _named_month_part),
    _rule(
        rf"(?P<d>(?:{_WHICH_MONTH}月|(?P<month>{NUMBER})月份?)的?(?P<nth>最后一|第[一二三四])(?:天|个?{_WEEK}(?P<day>[一二三四五六日天])))",
        _nth_of_month,
    ),
    _rule(r"(?P<d>(?P<which>明|今)?年(?:底|末|尾))", _year_end),
    _rule(
        r"(?<![今明后去前0-9一二三四五六七八九十两几半多些])(?P<d>年[前后])(?!面|者|初)",
        lambda m, s: upcoming_new_year(s.reference),
    ),
    _rule(rf"(?P<d>{COUNT}{_SPANS})(?!的?(?:周|星期|礼拜)[一二三四五六日天])", _counted(1)),
    _rule(rf"(?:过|隔)(?:个|上)?(?P<d>{COUNT})", _counted(1)),
    _rule(rf"(?P<d>{COUNT}(?:以前|之前|前))", _counted(-1)),
    _rule(
        rf"(?<![逾超每第近前上过没满])(?<!已经)(?<!拖了)(?<!失业)(?P<d>{COUNT})(?<![^作]日)(?![前没了多以之后内的来不工]|时间没)",
        _counted(1),
        True,
    ),
    _rule(
        rf"(?<![0-9{DIGITS}])(?P<d>(?:(?:农历|阴历)?{WHOLE}月初?{NUMBER}[号日]?的?)?(?P<name>{NAMES})(?:那天|当天|期间)?)(?![0-9{DIGITS}月号点块元分毛个天日])(?!快乐|好)",
        lambda m, s: holiday(m["name"], s.reference, past=s.past),
    ),
    _rule(rf"(?P<d>{LUNAR_DAY})", lambda m, s: lunar_day(m, s.reference, past=s.past)),
    _rule(r"(?P<d>马上|现在|立刻|立马|当天|这就)", lambda m, s: s.reference, True),
    _rule(rf"^{_LEADS}(?P<d>(?P<n>{NUMBER})){_TAILS}$", _day, True),
    _rule(rf"(?P<d>{_WHICH_MONTH}月的?(?P<n>{WHOLE}))(?![个块元千百万月几多])", _day),
    _rule(rf"(?P<d>{_WEEK}[一二三四五六日天](?P<n>{WHOLE})[号日])", _day),
    _rule(r"(?P<d>\d{4}-\d{2}-\d{2})", _iso),
    _rule(r"(?P<d>(?:\d{4}/)?\d{1,2}/\d{1,2})", _slashed),
)
