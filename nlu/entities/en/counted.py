"""English lengths of time as distances, and the dates that are so far from another one: "a week after the tenth"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from nlu.entities import calendar
from nlu.entities.en.coded import Coded

# fmt: off
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)
# fmt: on
WEEKDAYS = {name: n for n, name in enumerate(_WEEKDAYS)}
MONTHS = {name: n for n, name in enumerate(_MONTHS, start=1)}
MONTHS |= {name[:3]: n for name, n in MONTHS.items()} | {"sept": 9}
DAY = "|".join(WEEKDAYS)
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
APPROX = r"(?:(?:about|around|roughly|maybe|approximately|say|like|probably|at least|at most|the next|another) )*"
COUNT = (
    r"(?:#(?P<n>\d{1,4}(?:\.5)?)|(?P<one>an?|another|one more)|(?P<two>(?:a |another )?couple(?: of| more)?)"
    r"|(?P<half>half an?|half))(?: (?:more|extra|full|whole|working|business|calendar|good))?"
)
UNIT = r"(?P<unit>hour|day|week|fortnight|month|year)s?(?P<more> and a half)?"
PART = r"(?: (?:morning|afternoon|evening|night|lunchtime))?"

_AFTER = (
    r"(?P<side>from|after|following|past|(?<=week )on|(?<=weeks )on|(?<=fortnight )on"
    r"|before|prior to|ahead of|(?<=week )|(?<=weeks ))"
)
_FROM = re.compile(rf"(?<!\S)(?P<d>{COUNT} {UNIT} {_AFTER})(?= |(?<= ))")
_NEXT_TO = re.compile(
    rf"(?<!\S)(?P<d>(?:the )?(?P<what>day|week|month|weekend|{DAY}) (?P<side>after|before|following))(?= )"
)
_AFTER_THAT = re.compile(
    rf"(?<!\S)(?P<d>(?:the )?(?:(?P<what>day|week) (?P<side>after|before)(?: that)?|(?P<following>following|next) "
    rf"(?P<next>day|{DAY})|(?P<one>one after(?: that)?|next one|following one)))(?!\S)(?! (?:tomorrow|yesterday|next))"
)

Found = tuple[int, int, date]


@dataclass(frozen=True, slots=True)
class Said:
    """When, and looking which way: `past` if the words in front tell of a payment already made."""

    reference: date
    past: bool


def moved(base: date, match: re.Match[str], sign: int = 1) -> date | None:
    unit, count = match.group("unit"), quantity(match)
    if match.group("half"):
        months, days = {"year": (6, 0), "month": (0, 15)}.get(unit, (0, 0))
        return calendar.shift(base, days=days * sign, months=months * sign) if months or days else None
    whole, part = int(count), count % 1
    match unit:
        case "hour":
            return calendar.shift(base, days=sign * (int(count) // 24))
        case "month" | "year":
            length = 12 if unit == "year" else 1
            days, months = (15, 0) if part and unit == "month" else (0, 6 if part else 0)
            return calendar.shift(base, days=days * sign, months=sign * (whole * length + months))
    days = {"day": 1, "week": 7, "fortnight": 14}[unit]
    return calendar.shift(base, days=sign * (whole * days + (days + 1) // 2 * bool(part)))


def quantity(match: re.Match[str]) -> float:
    """How many; what is "half" of one counts as nought."""
    whole = float(match.group("n") or 0) if match.group("n") else 2 if match.group("two") else 1
    return 0 if match.group("half") else whole + (0.5 if match.group("more") else 0)


def counted_from(coded: Coded, bases: list[Found]) -> list[Found]:
    """ "three weeks from friday", "the day after thanksgiving", "a week on monday"; two of them in a row as well."""
    found: list[Found] = []
    for _ in range(2):
        known = [*bases, *found]
        found = [*_before_a_base(coded, known)]
    return found + _after_a_base(coded, [*bases, *found])


def _before_a_base(coded: Coded, bases: list[Found]) -> list[Found]:
    found: list[Found] = []
    for match in _FROM.finditer(coded.line):
        start, end = coded.words(match, "d")
        sign = -1 if match.group("side") in {"before", "prior to", "ahead of"} else 1
        found += [(start, e, when) for s, e, base in bases if s == end and (when := moved(base, match, sign))]
    for match in _NEXT_TO.finditer(coded.line):
        start, end = coded.words(match, "d")
        sign = -1 if match.group("side") == "before" else 1
        found += [(start, e, when) for s, e, base in bases if s == end and (when := _beside(base, match["what"], sign))]
    return found


def _after_a_base(coded: Coded, bases: list[Found]) -> list[Found]:
    """ "not tomorrow, the day after", "not this friday, the next one": counted from the date said before."""
    found: list[Found] = []
    for match in _AFTER_THAT.finditer(coded.line):
        start, end = coded.words(match, "d")
        earlier = [one for one in bases if one[1] <= start <= one[1] + 5]
        if not earlier or any(s <= start and e > end for s, e, _ in bases):
            continue
        base = max(earlier, key=lambda one: (one[1], one[1] - one[0]))[2]
        what = match.group("next") or match.group("what") or "week"
        when = _beside(base, what, -1 if match.group("side") == "before" else 1)
        if when is not None:
            found.append((start, end, when))
    return found


def _beside(base: date, what: str, sign: int) -> date | None:
    if what in WEEKDAYS or what == "weekend":
        day = WEEKDAYS.get(what, 5)
        return calendar.next_weekday(base, day) if sign > 0 else calendar.last_weekday(base, day)
    if what == "month":
        return calendar.shift(base, months=sign)
    return calendar.shift(base, days=sign * {"day": 1, "week": 7}[what])
