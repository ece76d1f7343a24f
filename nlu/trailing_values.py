"""Whether a value that was understood may still become another one: "the third" (of December), "three hundred" (and
fifty), 十二月二十 (五号).

Partial words are read as if they were all there is. Who has to decide whether to wait for more asks here. Pure.
"""

from __future__ import annotations

import re

from nlu import features
from nlu.entities.en.coded import code
from nlu.entities.zh.text import NUMBER
from nlu.inventory import EntityType
from nlu.understanding import Entity

# Over coded text, where @ is an ordinal and # a number.
_ENGLISH_BARE_DAY = re.compile(r" (?:the )?@\d+ ")
_ENGLISH_MONTH_AND_TENS = re.compile(r".* #(?:20|30) ")
_MANDARIN_BARE_DAY = re.compile(NUMBER)  # 号 or a month may follow; after 号 nothing does, since the month comes first
_MANDARIN_MONTH_AND_NUMBER = re.compile(rf".*月份?{NUMBER}")
_SIGNS = ("$", "£", "€", "¥")


def may_grow(entity: Entity, language: str) -> bool:
    """Whether the next words could change the value, so that it is not yet an answer. Only dates and amounts can.

    A sum without its currency ends for sure only in a unit: after "twenty", "three hundred" or 三千 more may follow,
    and "five" may become "five thousand". A currency sign stands before the number and closes nothing.
    """
    match entity.type:
        case EntityType.DATE:
            return _date_may_grow(entity.text, features.primary(language))
        case EntityType.AMOUNT if entity.currency is None or entity.text.startswith(_SIGNS):
            value = float(entity.value)
            return value < 20 or value % 10 == 0
        case _:
            return False


def _date_may_grow(text: str, tag: str) -> bool:
    if tag == "zh":
        return any(pattern.fullmatch(text) for pattern in (_MANDARIN_BARE_DAY, _MANDARIN_MONTH_AND_NUMBER))
    coded = code(text)
    if _ENGLISH_BARE_DAY.fullmatch(coded.line):
        return True
    return _ENGLISH_MONTH_AND_TENS.fullmatch(coded.line) is not None and not coded.pieces[-1].literal
