"""English lengths of time: "two weeks", "an hour and a half", "half a year"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.entities.candidate import Candidate
from nlu.entities.en.coded import Coded
from nlu.entities.en.counted import COUNT, quantity
from nlu.inventory import EntityType
from nlu.understanding import Entity

_DURATION = re.compile(
    rf"(?<!\S)(?P<e>(?P<quarters>(?:(?:a|#3) )?quarters? of )?{COUNT} "
    r"(?P<unit>minute|hour|day|week|fortnight|month|year)s?(?P<more> and a half)?"
    r"(?: (?:and )?#(?P<minutes>\d\d?) minutes|(?<=year|ears) (?:and )?(?:#(?P<months>\d\d?)|an?) months?)?)(?!\S)"
)
_HALVES = {"hour": "PT30M", "day": "PT12H", "month": "P15D", "year": "P6M"}
_PER = re.compile(r" (?:#\S+|dollars|pounds|euros|bucks|quid|times|once|twice|much) $")
"""Before "a month": how often or how much, not how long."""

_A_MOMENT = "PT1M"
"""Unless a length was asked for, "a minute" is a moment."""

_DAYS = {"day": 1, "week": 7, "fortnight": 14}


def durations(coded: Coded, *, expected: bool) -> Iterator[Candidate]:
    for match in _DURATION.finditer(coded.line):
        value = _length(match)
        rate = match["one"] in {"a", "an"} and _PER.search(coded.line, 0, match.start("e")) is not None
        if value and not rate and (expected or value != _A_MOMENT):
            start, end = coded.words(match, "e")
            yield Candidate(
                Entity(EntityType.DURATION, value, coded.text(start, end)), start, end, 3 if expected else 0
            )


def _length(match: re.Match[str]) -> str | None:
    """ISO 8601, in the largest unit that holds it whole; None for what is no length ("half a minute")."""
    unit, count = match.group("unit"), quantity(match)
    if quarters := match.group("quarters"):
        return f"PT{15 * (3 if '#3' in quarters else 1)}M" if unit == "hour" and count == 1 else None
    if match.group("half"):
        return _HALVES.get(unit)
    whole = count.is_integer() if isinstance(count, float) else True
    match unit:
        case "minute" | "hour":
            minutes = round(count * (60 if unit == "hour" else 1)) + int(match.group("minutes") or 0)
            return f"PT{minutes // 60}H" if unit == "hour" and minutes % 60 == 0 else f"PT{minutes}M"
        case "year" if " month" in match["e"]:
            return f"P{round(count * 12) + int(match['months'] or 1)}M"
        case "year":
            return f"P{int(count)}Y" if whole else f"P{round(count * 12)}M"
        case "month":
            return f"P{int(count)}M" if whole else f"P{round(count * 30)}D"
    return f"P{int(count * _DAYS[unit] + 0.5)}D"
