"""English clock times: "at five thirty", "half past two", "ten in the morning", "noon"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.entities.candidate import Candidate
from nlu.entities.en.coded import Coded
from nlu.entities.en.quantities import NOT_A_COUNT
from nlu.inventory import EntityType
from nlu.understanding import Entity

AFTERNOON_HOURS = range(1, 8)
"""Hours that mean the afternoon when nothing says which half of the day: banks are not called at night."""

_HALF = (
    r"(?: (?P<half>am|a m|pm|p m|in the morning|in the afternoon|in the evening|at night|tonight|"
    r"morning|afternoon|evening))"
)
_HOUR, _MINUTE = r"#(?P<h>\d\d?)", r"(?: (?:#(?P<m>[0-5]\d)|oh #(?P<m1>[1-9])))"
_NO_UNIT = (
    r"(?! (?:dollars?|pounds?|euros?|yuan|bucks|quid|cents?|percent|days?|weeks?|months?|years?|minutes?|hours?|the|"
    r"times?|stars?|points?|out|#|of|people|more|payments?|calls?)(?![^\s#]))"
)
_AT = r"(?:at|around|after|before|by|until|till|about|from|between|past|since)"
_PATTERNS = tuple(
    re.compile(rf"(?<!\S)(?:{pattern})(?!\S)")
    for pattern in (
        rf"(?P<e>~(?P<h>\d\d?):(?P<m>\d\d){_HALF}?)",
        rf"(?P<e>{_HOUR}{_MINUTE}?(?: o'clock)?{_HALF})",
        rf"(?P<e>#(?P<h>\d\d?)\.(?P<m>[0-5]\d){_HALF})",
        r"(?P<e>#(?P<h>\d\d?) o'clock)",
        rf"(?:{_AT}) (?P<e>{_HOUR}{_MINUTE}?){_NO_UNIT}(?! to #)",
        rf"(?P<e>(?P<half_past>half past) {_HOUR}{_HALF}?)",
        rf"(?P<e>(?:(?P<quarter>a quarter|quarter)|#(?P<minutes>[0-5]?[05]|[0-5]?\d(?= minutes))(?: minutes)?)"
        rf" (?P<side>past|to|after|till|til|of)"
        rf" {_HOUR}{_HALF}?){_NO_UNIT}",
    )
)
_ASKED = tuple(
    re.compile(rf"(?<!\S)(?:{pattern})(?!\S)")
    for pattern in (
        rf"{NOT_A_COUNT}(?P<e>{_HOUR}{_MINUTE}?(?: ish)?){_NO_UNIT}(?! (?:@2|sec|moment|by))",
        rf"(?P<e>(?P<half_past>half) {_HOUR}){_NO_UNIT}",
        r"(?P<e>#(?P<h>\d\d?)\.(?P<m>[0-5]\d))",
        r"(?P<e>#(?P<h>[01]?\d|2[0-3])(?P<m>[0-5]\d)(?: hours)?)",
    )
)
_RANGE = re.compile(
    rf"(?<= )(?:from|between) (?P<e>{_HOUR}{_MINUTE}?) (?=(?:and|to|till|until) #\d\d?(?: #\d\d)?"
    r"(?: o'clock| am| pm| a m| p m| in the))"
)
_NAMED = re.compile(r"(?<!\S)(?P<e>noon|midday|midnight|lunchtime)(?!\S)")
_NAMED_HOURS = {"midnight": "00:00"}
_PARTS = {"morning": "am", "afternoon": "pm", "evening": "pm", "tonight": "pm", "night": "pm"}
_PART = re.compile(rf"(?<= )(?:{'|'.join(_PARTS)}|am|a m)(?= )")


def times(coded: Coded, *, expected: bool) -> Iterator[Candidate]:
    part = _part_of_day(coded.line)
    for pattern in (*_PATTERNS, _RANGE, *(_ASKED if expected else ())):
        for match in pattern.finditer(coded.line):
            value = _clock(match.groupdict(), part)
            if value is not None:
                yield _candidate(coded, match, value, 3 if expected else 1)
    for match in _NAMED.finditer(coded.line):
        if match.group("e") != "lunchtime" or expected:
            yield _candidate(coded, match, _NAMED_HOURS.get(match.group("e"), "12:00"), 3 if expected else 1)


def _part_of_day(line: str) -> str:
    """The half of the day if the words name one and only one: "tomorrow morning, around seven"."""
    named = {_PARTS.get(word, word.replace(" ", "")) for word in _PART.findall(line)}
    return named.pop() if len(named) == 1 else ""


def _candidate(coded: Coded, match: re.Match[str], value: str, weight: int) -> Candidate:
    start, end = coded.words(match, "e")
    return Candidate(Entity(EntityType.TIME, value, coded.text(start, end)), start, end, weight)


def _clock(said: dict[str, str | None], part: str) -> str | None:
    hour, minute = int(said["h"] or 0), int(said.get("m") or said.get("m1") or 0)
    if said.get("half_past"):
        minute = 30
    elif said.get("side"):
        away = 15 if said.get("quarter") else int(said.get("minutes") or 0)
        later = said["side"] in {"past", "after"}
        minute, hour = (away, hour) if later else (60 - away, hour - 1)
    half = (said.get("half") or part).replace(" ", "")
    late = half.endswith(("pm", "afternoon", "evening", "night"))
    if hour < 12 and (late or (not half and hour in AFTERNOON_HOURS)):
        hour += 12
    elif hour == 12 and half in {"am", "atnight"}:
        hour = 0
    return f"{hour:02d}:{minute:02d}" if 0 <= hour < 24 and 0 <= minute < 60 else None
