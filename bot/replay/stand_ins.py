"""Digits in place of the ones that a tape does not hold: each token gets a value of its own, of the right length. Pure.

`<4 digits #1>` becomes the same four digits wherever it stands, so that the replayed customer answers what the
replayed contact holds exactly where the recorded one did.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any

from bot.call.masking import TELLING, WHOLE
from bot.call.spoken_digits import runs

TOKEN = re.compile(r"<(?:(?P<count>\d+) digits?|text) #(?P<number>\d+)>")

_DIGITS = "79468352"
"""No 0, which asks for a human when it is typed alone, and no 1, which in words is often no number at all."""

_SAID = {
    "en": dict(zip("23456789", ("two", "three", "four", "five", "six", "seven", "eight", "nine"), strict=True)),
    "zh": dict(zip("23456789", "二三四五六七八九", strict=True)),
}

_TRIED = 50_000
"""Candidates for one value. Where none of them is free, every number there is has been said."""

Row = Mapping[str, Any]


def is_masked(text: str) -> bool:
    """Whether the tape holds something else than was said."""
    return text == WHOLE or TOKEN.search(text) is not None


class StandIns:
    """One tape's. No value resembles digits that are said on the tape: the replay's own masking would hide those."""

    def __init__(self, header: Row, rows: Sequence[Row]) -> None:
        self._language = str(header["language"]).partition("-")[0]
        texts = list(_texts([header, *rows]))
        taken = {window for text in texts for window in _windows("".join(run.digits for run in runs(text)))}
        self._values: dict[str, str] = {}
        used: set[str] = set()
        for match in (match for text in texts for match in TOKEN.finditer(text)):
            if match["number"] not in self._values:
                self._values[match["number"]] = _value(match, taken, used)
                used.add(self._values[match["number"]])

    def written(self, text: str) -> str:
        """The text with figures for its tokens: a field of the contact, or keys."""
        return TOKEN.sub(lambda match: self._values[match["number"]], text)

    def said(self, text: str) -> str:
        """The text with spoken digits for its tokens."""
        words, between = _SAID.get(self._language, {}), "" if self._language == "zh" else " "
        return TOKEN.sub(lambda match: between.join(words.get(d, d) for d in self._values[match["number"]]), text)

    def keys(self, rows: Iterable[Row]) -> list[str]:
        """The digit of each `key_pressed` row in order. A masked one is "*", and the `consider_keys` behind it tells of
        which token it is a part."""
        found: list[str] = []
        hidden: list[int] = []
        for row in rows:
            if row["kind"] == "key_pressed":
                if row["digit"] == "*":
                    hidden.append(len(found))
                found.append(row["digit"])
            elif row["kind"] == "consider_keys":
                for index, digit in zip(reversed(hidden), reversed(self.written(row["keys"])), strict=False):
                    found[index] = digit
                hidden = []
        return found


def _value(match: re.Match[str], taken: set[str], used: set[str]) -> str:
    if match["count"] is None:
        return f"text {match['number']}"
    candidates = ("".join(digits) for digits in product(_DIGITS, repeat=int(match["count"])))
    free = (v for v in islice(candidates, _TRIED) if v not in used and not _windows(v) & taken)
    return next(free, _DIGITS[0] * int(match["count"]))


def _windows(digits: str) -> set[str]:
    return {digits[at : at + TELLING] for at in range(len(digits) - TELLING + 1)}


def _texts(value: Any) -> Iterator[str]:
    """Every text in what was read from JSON, in order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
