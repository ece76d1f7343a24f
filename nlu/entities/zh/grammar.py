"""All Mandarin readings of an utterance."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.entities.candidate import Candidate
from nlu.entities.zh import quantities
from nlu.entities.zh.dates import dates
from nlu.entities.zh.names import names
from nlu.entities.zh.strings import digits
from nlu.entities.zh.text import compact, shared
from nlu.entities.zh.times import durations, times
from nlu.understanding import Context

CORRECTION = re.compile(
    r"不对|不是|错了|说错|讲错|记错|搞错|口误|我是说|我说的是|应该是|应该说|改成|改到|改为|换成|还是|哦不|啊不|更正|纠正|要不|等等|等一下|算了"
    r"|^[啊哦呃哎诶噢吧呀]*不+[啊是呀]*$"
)
NEGATED = re.compile(r"(?:不是在?|不要|没说|不能|除了|别)$")
REFUSED = re.compile(
    r"(?:之前|以前|前|那天)?(?:我|可能|也|恐怕|好像|肯定)*(?:不行|不可以|不方便|没空|没时间|来不及|不合适|还不了|还不上|够呛|做不到|太早|太晚|太多)(?!吗|吧|么)"
)


def candidates(text: str, context: Context) -> Iterator[Candidate]:
    expects = context.expects
    yield from dates(text, context.reference, expected=expects == "date")
    yield from times(text, expected=expects == "time")
    yield from quantities.amounts(text, expected=expects == "amount")
    yield from quantities.ratings(text, expected=expects == "rating")
    yield from digits(text, expects=expects, length=context.length)
    yield from durations(text, expected=expects == "duration")
    if expects == "number" and context.length is None:
        yield from quantities.numbers(text)
    yield from names(text, expected=expects == "name")


def read(text: str) -> str:
    return shared(compact(text))


def corrected(text: str, start: int, end: int) -> bool:
    """Whether the words between two values say that the second replaces the first."""
    return CORRECTION.search(text[start:end]) is not None


def negated(text: str, start: int, end: int) -> bool:
    """Whether the value is one the customer says is not meant (不是周五, 周五不行)."""
    return NEGATED.search(text[:start]) is not None or REFUSED.match(text, end) is not None
