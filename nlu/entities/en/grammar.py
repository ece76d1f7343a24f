"""All English readings of an utterance."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.entities.candidate import Candidate
from nlu.entities.en import quantities
from nlu.entities.en.coded import Coded, code, shared
from nlu.entities.en.dates import dates
from nlu.entities.en.durations import durations
from nlu.entities.en.names import names
from nlu.entities.en.strings import digits
from nlu.entities.en.times import times
from nlu.understanding import Context

CORRECTION = re.compile(
    r"(?<!\S)(?:no|nope|not|sorry|i mean|i meant|actually|correction|rather|make (?:it|that)|instead|wait|oops|"
    r"scratch that|hang on|my mistake|i said|better)(?!\S)"
)
_UNABLE = r"(?:can't|cannot|can not|couldn't|won't|don't|didn't)"
NEGATED = re.compile(
    rf"(?<!\S)(?:not|isn't|wasn't|instead of|rather than|except|{_UNABLE} (?:do|make|manage|say|mean|want)(?: it)?)"
    r"(?: on| by| the| this| for| it's| an?)* $"
)

REFUSED = re.compile(
    r" (?:(?:doesn't|does not|won't|will not|isn't going to) (?:work|suit|do)|is no good|is bad|i can't|isn't good|"
    r"is too (?:early|soon|late|much|high)|isn't possible|is impossible|is not possible)(?!\S)"
)


def candidates(coded: Coded, context: Context) -> Iterator[Candidate]:
    expects = context.expects
    yield from dates(coded, context.reference, expected=expects == "date")
    yield from times(coded, expected=expects == "time")
    yield from quantities.amounts(coded, expected=expects == "amount")
    yield from quantities.ratings(coded, expected=expects == "rating")
    yield from digits(coded, expects=expects, length=context.length)
    yield from durations(coded, expected=expects == "duration")
    if expects == "number" and context.length is None:
        yield from quantities.numbers(coded)
    yield from names(coded, expected=expects == "name")


def read(text: str) -> Coded:
    return shared(code(text))


def corrected(coded: Coded, start: int, end: int) -> bool:
    """Whether the words between two values say that the second replaces the first."""
    return CORRECTION.search(_line(coded, start, end)) is not None


def negated(coded: Coded, start: int, end: int) -> bool:
    """Whether the value is one the customer says is not meant ("not friday", "friday doesn't work")."""
    before, after = _line(coded, 0, start), _line(coded, end, len(coded.pieces))
    return NEGATED.search(before) is not None or REFUSED.match(after) is not None


def _line(coded: Coded, start: int, end: int) -> str:
    return f" {' '.join(piece.code for piece in coded.pieces[start:end])} "
