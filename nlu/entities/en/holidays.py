"""The holidays English-speaking customers name: fixed days, days counted in a month or from Easter, lunar days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from nlu.entities import calendar, lunar

Upcoming = Callable[..., date | None]
"""From a day to the next such holiday, or with `past=True` the last."""


def _fixed(month: int, day: int) -> Upcoming:
    return lambda reference, past=False: calendar.month_and_day(reference, month, day, past=past)


def _counted(month: int, weekday: int, nth: int, days: int = 0) -> Upcoming:
    def of_year(year: int) -> date | None:
        day = calendar.nth_weekday(year, month, weekday, nth)
        return None if day is None else calendar.shift(day, days=days)

    return partial(calendar.yearly, of_year=of_year)


def _from_easter(days: int) -> Upcoming:
    return partial(calendar.yearly, of_year=lambda year: calendar.shift(calendar.easter(year), days=days))


def _lunar(month: int, day: int) -> Upcoming:
    return partial(lunar.upcoming, month=month, day=day)


_MONDAY, _THURSDAY, _SUNDAY = 0, 3, 6
HOLIDAYS: dict[str, Upcoming] = {
    "new year's eve": _fixed(12, 31),
    "new year's": _fixed(1, 1),
    "valentine's": _fixed(2, 14),
    "saint patrick's": _fixed(3, 17),
    "st patrick's": _fixed(3, 17),
    "may day": _fixed(5, 1),
    "juneteenth": _fixed(6, 19),
    "independence day": _fixed(7, 4),
    "halloween": _fixed(10, 31),
    "bonfire night": _fixed(11, 5),
    "veteran's day": _fixed(11, 11),
    "christmas eve": _fixed(12, 24),
    "christmas": _fixed(12, 25),
    "xmas": _fixed(12, 25),
    "boxing day": _fixed(12, 26),
    "martin luther king day": _counted(1, _MONDAY, 3),
    "mlk day": _counted(1, _MONDAY, 3),
    "president's day": _counted(2, _MONDAY, 3),
    "mother's day": _counted(5, _SUNDAY, 2),
    "memorial day": _counted(5, _MONDAY, -1),
    "father's day": _counted(6, _SUNDAY, 3),
    "august bank holiday": _counted(8, _MONDAY, -1),
    "labor day": _counted(9, _MONDAY, 1),
    "labour day": _counted(9, _MONDAY, 1),
    "columbus day": _counted(10, _MONDAY, 2),
    "thanksgiving": _counted(11, _THURSDAY, 4),
    "black friday": _counted(11, _THURSDAY, 4, days=1),
    "cyber monday": _counted(11, _THURSDAY, 4, days=4),
    "ash wednesday": _from_easter(-46),
    "palm sunday": _from_easter(-7),
    "good friday": _from_easter(-2),
    "easter": _from_easter(0),
    "easter sunday": _from_easter(0),
    "easter monday": _from_easter(1),
    "chinese new year's eve": _lunar(1, 0),
    "chinese new year": _lunar(1, 1),
    "lunar new year": _lunar(1, 1),
    "spring festival": _lunar(1, 1),
    "lantern festival": _lunar(1, 15),
    "dragon boat festival": _lunar(5, 5),
    "mid autumn festival": _lunar(8, 15),
    "mid autumn": _lunar(8, 15),
    "moon festival": _lunar(8, 15),
    "qingming festival": partial(calendar.yearly, of_year=calendar.qingming),
    "qingming": partial(calendar.yearly, of_year=calendar.qingming),
    "tomb sweeping day": partial(calendar.yearly, of_year=calendar.qingming),
}

# "new years day" and "valentine day" are how recognisers write them.
NAMES = "|".join(name.replace("'s", "'?s?") for name in sorted(HOLIDAYS, key=len, reverse=True))


def holiday(said: str, reference: date, *, past: bool) -> date | None:
    plain = _plain(said).removesuffix(" day")
    for name, upcoming in HOLIDAYS.items():
        if plain == _plain(name).removesuffix(" day"):
            return upcoming(reference, past=past)
    return None


def _plain(name: str) -> str:
    """Without the ending of "new year's", which is said and written in three ways."""
    return " ".join(word.replace("'", "").removesuffix("s") for word in name.split())
