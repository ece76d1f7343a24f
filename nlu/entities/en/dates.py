"""English dates: "tomorrow", "next wednesday", "the twenty fifth", "three weeks from friday", "the month's end"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from nlu.entities import calendar
from nlu.entities.candidate import Candidate, within
from nlu.entities.en.coded import Coded
from nlu.entities.en.counted import APPROX, COUNT, DAY, MONTH, MONTHS, PART, UNIT, WEEKDAYS, Said, counted_from, moved
from nlu.entities.en.holidays import NAMES, holiday
from nlu.inventory import EntityType
from nlu.understanding import Entity

# A finished payment in front of the date; "i get paid friday" and "it will be paid by friday" are still to come.
_PAST = re.compile(
    r"(?<!get )(?<!be )(?<!getting )(?<!it )\b(?:paid|sent|transferred|settled|cleared|deducted|debited|was made|"
    r"made the payment|made a payment|went through|went out|came out|took care|did it|already|"
    r"(?:it|that|payment) was(?= (?:on|due|the|supposed|last)\b| $)|been)\b"
    r"(?!.*\b(?:will|i'll|can|going to|get paid)\b)"
)
_WAS = re.compile(r" (?:i think |i believe )?(?:it was|was when|is when i paid)(?!\S)")

Rule = Callable[[re.Match[str], Said], date | None]


def dates(coded: Coded, reference: date, *, expected: bool) -> Iterator[Candidate]:
    """All dates; `expected` admits bare ordinals and "now", which mean a date only as an answer to "when?"."""
    found: list[tuple[int, int, date]] = []
    impossible: list[tuple[int, int]] = []  # "february thirtieth" is not the thirtieth of this month
    for pattern, rule, only_expected in _RULES:
        if only_expected and not expected:
            continue
        for match in pattern.finditer(coded.line):
            told = _PAST.search(coded.line[: match.start("d")]) or _WAS.match(coded.line, match.end("d"))
            when = rule(match, Said(reference, told is not None))
            if when is not None:
                found.append((*coded.words(match, "d"), when))
            else:
                impossible.append(coded.words(match, "d"))
    found += counted_from(coded, found)
    for start, end, when in found:
        if within(start, end, impossible):
            continue
        entity = Entity(EntityType.DATE, when.isoformat(), coded.text(start, end))
        yield Candidate(entity, start, end, weight=2 if expected else 1)


def _weekday(match: re.Match[str], said: Said) -> date | None:
    day, which = WEEKDAYS[match.group("day")], match.group("which") or ""
    if which in {"next", "the following", "week"} or match.group("week"):
        return calendar.weekday_of_week(said.reference, day, 2 if "after" in (match.group("week") or "") else 1)
    if which == "last" or (said.past and not which):
        return calendar.last_weekday(said.reference, day)
    return calendar.next_weekday(said.reference, day)


def _weeks_after(weeks: int) -> Rule:
    def rule(match: re.Match[str], said: Said) -> date | None:
        day = calendar.next_weekday(said.reference, WEEKDAYS[match.group("day")])
        return None if day is None else calendar.shift(day, 7 * weeks)

    return rule


def _month_day(match: re.Match[str], said: Said) -> date | None:
    year = match.groupdict().get("year")
    number = int(match.group("n"))
    full = None if not year else int(year) if len(year) == 4 else None
    if year and full is None:  # "twenty twenty six"
        first, second = (int(part) for part in re.findall(r"\d+", year))
        full = first * 100 + second
    return calendar.month_and_day(said.reference, MONTHS[match.group("month")], number, full, past=said.past)


def _bare_ordinal(match: re.Match[str], said: Said) -> date | None:
    number, which = int(match.group("n")), match.groupdict().get("which")
    if which in {"this", "next", "last"}:
        return calendar.day_in_month(said.reference, number, {"last": -1, "this": 0, "next": 1}[which])
    return calendar.day_of_month(said.reference, number, past=said.past)


_NTH = {"last": -1, "@1": 1, "@2": 2, "@3": 3, "@4": 4}


def _nth_weekday(match: re.Match[str], said: Said) -> date | None:
    """ "the last friday of the month", "the first monday in august", "the last day of next month"."""
    nth, month, which = _NTH[match.group("nth")], match.group("month"), match.group("which")

    def of_month(year: int, number: int) -> date | None:
        if match.group("day") != "day":
            return calendar.nth_weekday(year, number, WEEKDAYS[match.group("day")], nth)
        return date(year, number, calendar.month_length(year, number) if nth < 0 else nth)

    if month:
        return calendar.yearly(said.reference, lambda year: of_month(year, MONTHS[month]), past=said.past)
    for months in [1] if which == "next" else [0, 1]:
        first = calendar.shift(said.reference.replace(day=1), months=months)
        found = None if first is None else of_month(first.year, first.month)
        if found is not None and found >= said.reference:
            return found
    return None


def _month_part(match: re.Match[str], said: Said) -> date | None:
    """ "the end of august", "mid september"."""
    month, where = MONTHS[match.group("month")], match.group("where").split()[0]
    if where != "end":
        return calendar.month_and_day(
            said.reference, month, 1 if where in {"beginning", "start"} else 15, past=said.past
        )

    def of_year(year: int) -> date | None:
        return date(year, month, calendar.month_length(year, month))

    return calendar.yearly(said.reference, of_year, past=said.past)


def _period(match: re.Match[str], said: Said) -> date | None:
    where, which, unit = match.group("where"), match.group("which"), match.group("unit")
    ahead = 1 if which == "next" else 0
    if unit == "week":
        weekday = {"end": 4, "beginning": 0, "start": 0, "middle": 2}[where]
        when = calendar.weekday_of_week(said.reference, weekday, ahead)
        behind = when is not None and when < said.reference
        return calendar.weekday_of_week(said.reference, weekday, 1) if behind else when
    if unit == "year":
        month, day = {"end": (12, 31), "beginning": (1, 1), "start": (1, 1), "middle": (7, 1)}[where]
        year = said.reference.year + 1 if ahead else None
        return calendar.month_and_day(said.reference, month, day, year)
    if where == "end":
        return calendar.end_of_month(said.reference, ahead)
    number = 15 if where in {"middle", "mid"} else 1
    if which == "next":
        return calendar.day_in_month(said.reference, number, 1)
    return calendar.day_of_month(said.reference, number)


def _weekend(match: re.Match[str], said: Said) -> date | None:
    if match.group("which") == "next":
        return calendar.weekday_of_week(said.reference, 5, 1)
    if match.group("which") == "last":
        return calendar.last_weekday(said.reference, 5)
    return calendar.next_weekday(said.reference, 5) if said.reference.weekday() != 5 else said.reference


def _same_day(match: re.Match[str], said: Said) -> date | None:
    months = {"week": 0, "month": 1, "year": 12}[match.group("unit")]
    return calendar.shift(said.reference, days=0 if months else 7, months=months)


def _iso(match: re.Match[str], said: Said) -> date | None:
    try:
        return date.fromisoformat(match.group("iso"))
    except ValueError:
        return None


def _slashed(match: re.Match[str], said: Said) -> date | None:
    """ "25/12", "12/25/2026"; None where day and month could change places."""
    first, second, *rest = (int(part) for part in match.group("slashed").split("/"))
    if first != second and max(first, second) <= 12:
        return None
    year = (rest[0] if rest[0] > 99 else 2000 + rest[0]) if rest else None
    month, day = min(first, second), max(first, second)
    return calendar.month_and_day(said.reference, month, day, year) if 1 <= month <= 12 else None


def _rule(pattern: str, rule: Rule, only_expected: bool = False) -> tuple[re.Pattern[str], Rule, bool]:
    return re.compile(rf"(?<!\S)(?:{pattern})(?!\S)"), rule, only_expected


def _days(days: int) -> Rule:
    return lambda match, said: calendar.shift(said.reference, days)


_YEAR = r"(?:(?: of)? #(?P<year>\d{4}|20 #\d\d))?"
_NOT_A_DAY = (
    r"(?! (?:time|thing|one|half|place|part|payment|question|instalment|installment|second|minute|moment|of all|week|"
    rf"day|person|call|bill|reminder|letter|quarter|working|business|month|try|attempt|{'|'.join(WEEKDAYS)}))"
)
_OR = r"(?:or|and|to|till|until|through)(?: the)?"
_WHICH = r"(?P<which>this(?: coming)?|coming|the coming|next|last|the following)"
_RULES: tuple[tuple[re.Pattern[str], Rule, bool], ...] = (
    _rule(r"(?P<d>(?:later |sometime )?today|tonight|this (?:morning|afternoon|evening))", _days(0)),
    _rule(
        r"(?<!from )(?P<d>(?:right )?now|(?:right|straight) away|immediately|at once)(?! (?:from|on))", _days(0), True
    ),
    _rule(rf"(?P<d>(?:tomorrow|tmrw){PART})(?! week)", _days(1)),
    _rule(r"(?P<d>tomorrow week)", _days(8)),
    _rule(r"(?P<d>(?:the )?(?:same|this) (?:time|day) next (?P<unit>week|month|year))", _same_day),
    _rule(
        rf"(?P<d>(?:#(?P<n>\d)|a couple of) (?P<day>{DAY})s (?:from (?:now|today)|later))",
        lambda m, s: _weeks_after(int(m["n"] or 2) - 1)(m, s),
    ),
    _rule(rf"(?P<d>(?:the )?day after tomorrow{PART})", _days(2)),
    _rule(rf"(?P<d>yesterday{PART}|last night)", _days(-1)),
    _rule(r"(?P<d>(?:the )?day before yesterday)", _days(-2)),
    _rule(
        rf"(?P<d>(?:{_WHICH} )?(?P<day>{DAY})(?P<week> next week| (?:the )?week after next)?{PART})"
        r"(?! (?:after next|week|next week))",
        _weekday,
    ),
    _rule(
        rf"(?P<d>(?P<which>next) week(?: on)?(?: the)? (?P<day>{DAY})(?P<week>){PART})",
        _weekday,
    ),
    _rule(rf"(?P<d>(?P<which>)(?P<week>(?:the )?week after next)(?: on)?(?: the)? (?P<day>{DAY}){PART})", _weekday),
    _rule(rf"(?P<d>(?:the )?(?P<day>{DAY}) (?:week|after next))", _weeks_after(1)),
    _rule(
        rf"(?P<d>(?:in|within) {APPROX}{COUNT} {UNIT}'?(?: time| from (?:now|today))?)",
        lambda m, s: moved(s.reference, m),
    ),
    _rule(
        rf"(?P<d>{COUNT} {UNIT}'? (?:from (?:now|today)|later|after today|time))", lambda m, s: moved(s.reference, m)
    ),
    _rule(rf"(?P<d>{COUNT} {UNIT} (?:ago|back))", lambda m, s: moved(s.reference, m, -1)),
    _rule(
        r"(?<!for )(?<!been )(?<!last )(?<!past )(?<!every )(?<!the )(?<!once )(?<!of )(?<!notice )"
        rf"(?P<d>{COUNT} {UNIT})(?! (?:ago|back|before|after|late|old|notice|behind|on|in|from|overdue|of|pay|wages))",
        lambda m, s: None if s.past else moved(s.reference, m),
        True,
    ),
    _rule(
        rf"(?P<d>(?:the )?(?P<nth>last|@[1234]) (?P<day>day|{DAY}) (?:of|in) "
        rf"(?:(?:(?P<which>the|this|next) )?month|(?P<month>{MONTH})))",
        _nth_weekday,
    ),
    _rule(
        rf"(?P<d>(?:the )?(?P<where>end|beginning|start|middle|half ?way) (?:of|in|through) (?P<month>{MONTH}))",
        _month_part,
    ),
    _rule(rf"(?P<d>(?P<where>mid|middle) (?P<month>{MONTH}))", _month_part),
    _rule(
        rf"(?P<d>(?:(?:{DAY}) )?(?:the )?(?P<month>{MONTH}) (?:the )?[@#](?P<n>\d\d?){_YEAR})(?! {_OR} #)", _month_day
    ),
    _rule(rf"(?P<month>{MONTH}) (?:the )?[@#]\d\d? {_OR} (?P<d>[@#](?P<n>\d\d?){_YEAR})", _month_day),
    _rule(rf"(?P<d>(?P<month>{MONTH}) (?:the )?[@#](?P<n>\d\d?)) (?=(?:or|to) #)", _month_day),
    _rule(rf"(?P<d>(?:(?:{DAY}) )?(?:the )?[@#](?P<n>\d\d?)(?: day)? of (?P<month>{MONTH}){_YEAR})", _month_day),
    _rule(rf"(?P<d>(?:the )?@(?P<n>\d\d?)) {_OR} [@#]\d\d? (?:of )?(?P<month>{MONTH})", _month_day),
    _rule(rf"(?P<d>(?:(?:{DAY}) )?(?:the )?[@#](?P<n>\d\d?) (?P<month>{MONTH}){_YEAR})", _month_day),
    _rule(
        r"(?P<d>(?:the )?@(?P<n>\d\d?) (?:of )?(?:the )?(?P<which>this|next|last|coming|following) month)",
        _bare_ordinal,
    ),
    _rule(r"(?P<d>(?:the )?@(?P<n>\d\d?) of (?:the )?month)", _bare_ordinal),
    _rule(r"(?P<d>(?P<which>this|next) month(?: on)? (?:the )?@(?P<n>\d\d?))", _bare_ordinal),
    _rule(rf"(?P<d>(?:{DAY}) (?:the )?@(?P<n>\d\d?)){_NOT_A_DAY}", _bare_ordinal),
    _rule(
        r"(?:on|by|until|till|before|from|due|not|meant|said|after) (?P<d>(?:the )?@(?P<n>\d\d?))"
        rf"{_NOT_A_DAY}(?! (?:of )?(?:next|this|last) month)",
        _bare_ordinal,
    ),
    _rule(r"(?P<d>the @(?P<n>\d\d?)) (?=$)", _bare_ordinal),
    _rule(rf"(?<!a )(?<!#1 )(?<!just )(?<!month )(?P<d>(?:the )?@(?P<n>\d\d?)){_NOT_A_DAY}", _bare_ordinal, True),
    _rule(r"(?:on|by|until|till|before|and|or|to) (?P<d>the #(?P<n>[12]?\d|3[01]))", _bare_ordinal, True),
    _rule(r"(?P<d>the #(?P<n>[12]?\d|3[01])) (?=$)", _bare_ordinal, True),
    _rule(
        r"(?P<d>(?:the )?(?P<where>end|beginning|start|middle) of (?:(?P<which>the|this|next) )?"
        r"(?P<unit>week|month|year))",
        _period,
    ),
    _rule(r"(?P<d>(?:(?P<which>this|next) )?(?P<unit>month|week|year)(?:'?s)? (?P<where>end))", _period),
    _rule(r"(?P<d>(?P<where>mid)(?:dle)? ?(?:(?P<which>next) )?(?P<unit>month))", _period),
    _rule(r"(?P<d>(?P<which>the|this|next|last)(?: coming)? weekend)(?! after)", _weekend),
    _rule(
        rf"(?<!happy )(?<!merry )(?P<d>(?:(?P<which>last|this|next) )?(?P<name>(?:{NAMES})(?: day)?))",
        lambda m, s: holiday(m["name"], s.reference, past=s.past or m["which"] == "last"),
    ),
    _rule(r"(?P<d>=(?P<iso>\d{4}-\d{2}-\d{2}))", _iso),
    _rule(r"(?P<d>/(?P<slashed>\d+/\d+(?:/\d+)?))", _slashed),
)
