"""Date arithmetic for spoken dates. Every function returns None where there is no such day."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

MAX_DAYS = 3660
"""Ten years: nobody on the telephone means a day further away."""

MAX_YEAR = 9999


def shift(day: date, days: int = 0, months: int = 0) -> date | None:
    """Months first (the 31st becomes the last day of a shorter month), then days."""
    if abs(days) > MAX_DAYS or abs(months) > MAX_DAYS // 30:
        return None
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return date(year, month + 1, min(day.day, month_length(year, month + 1))) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None


def month_length(year: int, month: int) -> int:
    return monthrange(year, month)[1]


def next_weekday(day: date, weekday: int) -> date | None:
    """The first such weekday (Monday is 0) after `day`, never `day` itself."""
    return shift(day, days=(weekday - day.weekday() - 1) % 7 + 1)


def last_weekday(day: date, weekday: int) -> date | None:
    """The last such weekday before `day`."""
    return shift(day, days=-((day.weekday() - weekday - 1) % 7 + 1))


def weekday_of_week(day: date, weekday: int, weeks: int) -> date | None:
    """That weekday of the calendar week `weeks` after the week of `day`; weeks begin on Monday."""
    return shift(day, days=weekday - day.weekday() + 7 * weeks)


def day_of_month(day: date, number: int, *, past: bool = False) -> date | None:
    """The next (or the last) day of that number, not counting `day` itself."""
    for months in range(13):
        found = day_in_month(day, number, -months if past else months)
        if found is not None and (found < day if past else found > day):
            return found
    return None


def day_in_month(day: date, number: int, months: int) -> date | None:
    """That day of the month `months` after the month of `day`."""
    first = shift(day.replace(day=1), months=months)
    if first is None or not 1 <= number <= month_length(first.year, first.month):
        return None
    return first.replace(day=number)


def month_and_day(day: date, month: int, number: int, year: int | None = None, *, past: bool = False) -> date | None:
    """That date of `year`; without a year the next one (or the last), `day` included."""
    years = [year] if year is not None else [day.year + (-step if past else step) for step in range(9)]
    for one in years:
        try:
            found = date(one, month, number)
        except ValueError:
            continue
        if year is not None or (found <= day if past else found >= day):
            return found
    return None


def end_of_month(day: date, months: int = 0) -> date | None:
    first = shift(day.replace(day=1), months=months)
    return None if first is None else first.replace(day=month_length(first.year, first.month))


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date | None:
    """The first (1) to fifth, or the last (-1), such weekday of a month; None where the month has no fifth."""
    if nth < 0:
        last = date(year, month, month_length(year, month))
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    number = 1 + (weekday - first.weekday()) % 7 + 7 * (nth - 1)
    return first.replace(day=number) if number <= month_length(year, month) else None


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the rule of Meeus, Jones and Butcher)."""
    century, rest = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    shifted = (year % 19 + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * shifted + 114, 31)
    return date(year, month, day + 1)


def qingming(year: int) -> date:
    """Tomb-sweeping day, the solar term of early April; holds from 2000 to 2099."""
    short = year % 100
    return date(year, 4, int(short * 0.2422 + 4.81) - short // 4)


def yearly(day: date, of_year: Callable[[int], date | None], *, past: bool = False) -> date | None:
    """The next (or the last) day that comes once a year, `day` included."""
    for year in range(day.year, day.year + (-2 if past else 2), -1 if past else 1):
        found = of_year(year) if 1 <= year <= MAX_YEAR else None
        if found is not None and (found <= day if past else found >= day):
            return found
    return None


def winter_solstice(year: int) -> date:
    """The solar term of late December; holds from 2000 to 2099."""
    short = year % 100
    return date(year, 12, int(short * 0.2422 + 21.94) - short // 4)
